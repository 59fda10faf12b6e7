import { Catch, type ArgumentsHost } from '@nestjs/common';
import { problemCatalogue, ProblemFilter, toProblem } from '@trainbridge/http-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LoginProblem } from '../login/login-problem.js';
import { pageLanguage, wantsPage, type Page } from './page.js';
import { sendPage } from './send-page.js';

/** On the routes people's browsers come to: a page for them, the usual problem document for programs. */
@Catch()
export class ErrorPageFilter extends ProblemFilter {
  override catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (!wantsPage(request.headers.accept) || reply.sent) return super.catch(error, host);
    const problem = toProblem(error);
    if (problem.status >= 500) this.report(problem, error, request, request.id);
    const language = pageLanguage(request.headers);
    const { title, advice } = problemCatalogue[problem.code];
    const isLogin = problem instanceof LoginProblem;
    const page: Page = {
      title: isLogin ? CANNOT_SIGN_IN : title,
      paragraphs: [problem.details.detail ?? advice],
      links: isLogin && problem.retryUrl ? [{ href: problem.retryUrl, text: TRY_AGAIN }] : [],
      requestId: request.id,
    };
    void sendPage(reply.status(problem.status).headers(problem.details.headers ?? {}), page, language);
  }
}

const CANNOT_SIGN_IN = { en: 'You are not signed in', 'zh-CN': '未能登录' };
const TRY_AGAIN = { en: 'Try again', 'zh-CN': '重试' };
