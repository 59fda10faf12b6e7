import { Injectable, Logger, type NestMiddleware } from '@nestjs/common';
import type { RawCallback } from '@trainbridge/connector-kit';
import {
  notFound,
  PROBLEM_MEDIA_TYPE,
  preferredLanguage,
  ProblemError,
  problemDocument,
  REQUEST_ID_HEADER,
  requestIdOf,
  toProblem,
} from '@trainbridge/http-api';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { CallbackInbox } from './callback-inbox.js';
import { BodyCutOffError, BodyTooLargeError, CALLBACK_BODY_LIMIT, readRawBody } from './raw-body.js';

const PATH = /^\/callbacks\/([\w-]{1,64})\/?$/;

type WithOriginalUrl = IncomingMessage & { originalUrl?: string };

/**
 * `GET|POST /callbacks/{connectionId}`. Middleware and no route: signatures are made over the very bytes that came, so
 * no body parser, pipe, guard or interceptor may see them first.
 */
@Injectable()
export class CallbackMiddleware implements NestMiddleware<IncomingMessage, ServerResponse> {
  private readonly logger = new Logger('Callbacks');

  constructor(private readonly inbox: CallbackInbox) {}

  async use(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.answer(request, response);
    } catch (error) {
      if (error instanceof BodyCutOffError || response.destroyed) return;
      this.refuse(request, response, error);
    }
  }

  private async answer(request: WithOriginalUrl, response: ServerResponse): Promise<void> {
    const url = request.originalUrl ?? request.url ?? '';
    const [path = '', ...rest] = url.split('?');
    const connectionId = PATH.exec(path)?.[1];
    if (connectionId === undefined) throw notFound('callback', path.slice('/callbacks/'.length));
    if (request.method !== 'GET' && request.method !== 'POST') {
      throw new ProblemError('method_not_allowed', { headers: { allow: 'GET, POST' } });
    }
    const body = await readRawBody(request);
    const raw: RawCallback = {
      method: request.method,
      queryString: rest.join('?'),
      headers: singleHeaders(request),
      bodyBase64: body.toString('base64'),
    };
    const reply = await this.inbox.take(connectionId, path, raw);
    response.writeHead(reply.status, { 'cache-control': 'no-store', ...reply.headers });
    response.end(reply.body);
  }

  private refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    const problem = error instanceof BodyTooLargeError ? tooLarge() : toProblem(error);
    if (problem.status >= 500 && problem.code === 'internal') {
      this.logger.error('a callback failed', error instanceof Error ? error.stack : String(error));
    }
    const requestId = requestIdOf(request);
    const language = preferredLanguage(request.headers['accept-language']);
    response.writeHead(problem.status, {
      ...problem.details.headers,
      'content-type': `${PROBLEM_MEDIA_TYPE}; charset=utf-8`,
      'cache-control': 'no-store',
      [REQUEST_ID_HEADER]: requestId,
      // What was not read of a body would be taken for the next request.
      ...(request.complete ? {} : { connection: 'close' }),
    });
    response.end(JSON.stringify(problemDocument(problem, language, requestId)));
  }
}

function tooLarge(): ProblemError {
  const kibibytes = CALLBACK_BODY_LIMIT / 1024;
  return new ProblemError('body_too_large', {
    detail: { en: `A callback may have ${kibibytes} KiB.`, 'zh-CN': `回调请求体不得超过 ${kibibytes} KiB。` },
  });
}

function singleHeaders(request: IncomingMessage): Record<string, string> {
  const entries = Object.entries(request.headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value as string)]),
  );
}
