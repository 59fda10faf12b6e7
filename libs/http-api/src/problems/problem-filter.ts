import { Catch, Logger, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiHttpAdapter } from '../http-adapter.js';
import { preferredLanguage } from '../language.js';
import { requestIdOf, type RequestLike } from '../request-id.js';
import { PROBLEM_MEDIA_TYPE, problemDocument } from './problem-document.js';
import { ProblemError } from './problem-error.js';
import { toProblem } from './to-problem.js';

/** The last stop of every error of every route: answers with a problem document and logs what is our fault. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const adapter = this.adapterHost.httpAdapter;
    const request = host.getArgByIndex<RequestLike>(0);
    const response = host.getArgByIndex<unknown>(1);
    const requestId = requestIdOf(request);
    const problem = this.routing(error, request) ?? toProblem(error);
    if (problem.status >= 500 || problem.details.cause instanceof RangeError)
      this.report(problem, error, request, requestId);
    // A stream that had begun cannot be turned into a problem any more.
    if (adapter.isHeadersSent(response)) {
      adapter.end(response);
      return;
    }
    const language = preferredLanguage(request.headers?.['accept-language']);
    const headers: Record<string, string> = {
      ...problem.details.headers,
      'content-type': `${PROBLEM_MEDIA_TYPE}; charset=utf-8`,
      'content-language': language,
      'cache-control': 'no-store',
      vary: 'Accept-Language',
    };
    if (problem.status === 401) headers['www-authenticate'] ??= 'Bearer realm="trainbridge"';
    for (const [name, value] of Object.entries(headers)) adapter.setHeader(response, name, value);
    adapter.reply(response, problemDocument(problem, language, requestId), problem.status);
  }

  /** Nest's own "Cannot GET /x" is told apart from a feature's NotFoundException by its words. */
  private routing(error: unknown, request: RequestLike): ProblemError | null {
    if (!(error instanceof NotFoundException) || !error.message.startsWith('Cannot ')) return null;
    const path = (request.url ?? '').split('?')[0] ?? '';
    const adapter = this.adapterHost.httpAdapter;
    const allowed = adapter instanceof ApiHttpAdapter ? adapter.allowedMethods(path) : [];
    if (allowed.length === 0) return new ProblemError('route_not_found');
    return new ProblemError('method_not_allowed', { headers: { allow: allowed.join(', ') } });
  }

  protected report(problem: ProblemError, error: unknown, request: RequestLike, requestId: string): void {
    const path = (request.url ?? '').split('?')[0];
    const stack = error instanceof Error ? error.stack : String(error);
    this.logger.error(`${request.method} ${path} failed with ${problem.code}, request ${requestId}`, stack);
  }
}
