import { Catch, type ArgumentsHost } from '@nestjs/common';
import { preferredLanguage, problemCatalogue, ProblemFilter, toProblem } from '@trainbridge/http-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LoginProblem } from '../login/login-problem.js';
import { PAGE_HEADERS, renderPage, wantsPage } from './page.js';

/** On the routes people's browsers come to: a page for them, the usual problem document for programs. */
@Catch()
export class ErrorPageFilter extends ProblemFilter {
  override catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (!wantsPage(request.headers.accept) || reply.sent) return super.catch(error, host);
    const problem = toProblem(error);
    if (problem.status >= 500) this.report(problem, error, request, request.id);
    const language = preferredLanguage(request.headers['accept-language']);
    const { title, advice } = problemCatalogue[problem.code];
    const isLogin = problem instanceof LoginProblem;
    const page = renderPage(
      {
        title: isLogin ? CANNOT_SIGN_IN : title,
        paragraphs: [problem.details.detail ?? advice],
        links: isLogin && problem.retryUrl ? [{ href: problem.retryUrl, text: TRY_AGAIN }] : [],
        requestId: request.id,
      },
      language,
    );
    void reply
      .status(problem.status)
      .headers({ ...problem.details.headers, ...PAGE_HEADERS, 'content-language': language })
      .send(page);
  }
}

const CANNOT_SIGN_IN = { en: 'You are not signed in', 'zh-CN': '未能登录' };
const TRY_AGAIN = { en: 'Try again', 'zh-CN': '重试' };
