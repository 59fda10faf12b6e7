import { isUtf8 } from 'node:buffer';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { rememberClientIp } from './client-ip.js';
import { preferredLanguage } from './language.js';
import { PROBLEM_MEDIA_TYPE, problemDocument } from './problems/problem-document.js';
import { ProblemError } from './problems/problem-error.js';
import { toProblem } from './problems/to-problem.js';
import { assignRequestId, REQUEST_ID_HEADER } from './request-id.js';
import './route-settings.js';
import { RouteTable } from './route-table.js';

export const DEFAULT_BODY_LIMIT = 1024 * 1024;

export interface HttpAdapterOptions {
  /** Whose `X-Forwarded-For` is believed, as addresses, ranges or a number of hops. Default nobody. */
  trustProxy?: boolean | string | string[] | number;
  /** Bytes; one route may have its own with `@BodyLimit`. Default 1 MiB. */
  bodyLimit?: number;
}

/**
 * Fastify as this API wants it: a request id on every answer, JSON in UTF-8 only (forms where a route says so), body
 * limits per route. Give it to `NestFactory.create` or `createNestApplication` in tests, together with HttpApiModule.
 */
export class ApiHttpAdapter extends FastifyAdapter {
  private readonly routes = new RouteTable();
  /**
   * Runs before the body of a write under /api/ is read and parsed; what it throws answers the request. Set by whoever
   * knows callers, so that a stranger's megabytes of JSON cost nothing.
   */
  beforeBody: ((request: FastifyRequest) => Promise<void>) | null = null;

  constructor({ trustProxy = false, bodyLimit = DEFAULT_BODY_LIMIT }: HttpAdapterOptions = {}) {
    super({
      trustProxy: typeof trustProxy === 'number' ? (_address, hop) => hop < trustProxy : trustProxy,
      bodyLimit,
      requestIdHeader: false,
      genReqId: assignRequestId,
      // A caller that trickles its request would hold a connection for ever.
      requestTimeout: 120_000,
      routerOptions: { maxParamLength: 512 },
      // The router refuses some addresses before any hook or filter has a say.
      frameworkErrors: refuseAddress,
      clientErrorHandler: refuseUnreadable,
    });
    const instance: FastifyInstance = this.getInstance();
    instance.addHook('onRequest', (request, reply, done) => {
      // On the raw response, so that middleware which answers by itself carries it too.
      reply.raw.setHeader(REQUEST_ID_HEADER, request.id);
      rememberClientIp(request.raw, request.ip);
      done();
    });
    instance.addHook('preParsing', async (request) => {
      if (this.beforeBody && isApiWrite(request)) await this.beforeBody(request);
    });
    instance.addHook('onRoute', (route) => {
      this.routes.add(route.method, route.url);
      const limit = route.config?.bodyLimit;
      if (limit !== undefined) route.bodyLimit = limit;
    });
    instance.removeContentTypeParser('text/plain');
    this.registerJson(instance);
    this.registerForm();
  }

  /** The methods some route answers at this path; empty when there is no route at all. */
  allowedMethods(path: string): string[] {
    return this.routes.methodsAt(path);
  }

  private registerJson(instance: FastifyInstance): void {
    const parse = instance.getDefaultJsonParser('error', 'error');
    this.useBodyParser('application/json', false, {}, (request, body, done) => {
      // Many clients send the header on every POST; having no body is for the route to judge.
      if (body.length === 0) return done(null, undefined);
      if (!isUtf8(body)) return done(new ProblemError('invalid_json', { detail: NOT_UTF8 }));
      const text = body.toString('utf8');
      void parse(request, text, (error, value) =>
        error ? done(new ProblemError('invalid_json', { detail: jsonDetail(text) })) : done(null, value),
      );
    });
  }

  private registerForm(): void {
    this.useBodyParser('application/x-www-form-urlencoded', false, {}, (request, body, done) => {
      if (!request.routeOptions.config.acceptsForm) return done(new ProblemError('unsupported_media_type'));
      const values: Record<string, string | string[]> = Object.create(null) as Record<
        string,
        string | string[]
      >;
      const form = new URLSearchParams(body.toString('utf8'));
      for (const name of new Set(form.keys())) {
        const all = form.getAll(name);
        values[name] = all.length === 1 ? all[0]! : all;
      }
      done(null, { ...values });
    });
  }
}

/** By the route that took the request, not by how its address was spelled. */
function isApiWrite({ method, routeOptions }: FastifyRequest): boolean {
  return method !== 'GET' && method !== 'HEAD' && routeOptions.url?.startsWith('/api/') === true;
}

const NOT_UTF8 = {
  en: 'The body is not encoded as UTF-8.',
  'zh-CN': '请求体不是 UTF-8 编码（可能是 GBK），请改用 UTF-8。',
};

const POISONED = { en: 'Keys such as `__proto__` are not taken.', 'zh-CN': '不接受 `__proto__` 之类的键。' };

/**
 * Why a text was refused. Fastify does not say, so it is parsed once more; the engine's own words quote a piece of the
 * body, which may be a secret: only the place is told.
 */
function jsonDetail(text: string): { en: string; 'zh-CN': string } {
  try {
    JSON.parse(text);
    return POISONED;
  } catch (error) {
    const position = error instanceof Error ? /at position (\d+)/.exec(error.message)?.[1] : undefined;
    return position === undefined
      ? { en: 'The JSON ends too early or is broken.', 'zh-CN': 'JSON 不完整或有语法错误。' }
      : {
          en: `The JSON is broken at character ${position}.`,
          'zh-CN': `JSON 在第 ${position} 个字符处有语法错误。`,
        };
  }
}

function refuseAddress(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const problem = toProblem(error);
  const language = preferredLanguage(request.headers['accept-language']);
  const body = problemDocument(problem, language, request.id);
  reply.raw.setHeader(REQUEST_ID_HEADER, request.id);
  void reply
    .code(problem.status)
    .header('content-type', `${PROBLEM_MEDIA_TYPE}; charset=utf-8`)
    .header('content-language', language)
    .send(JSON.stringify(body));
}

/** Bytes that are not HTTP, or a head that is too large: answered on the bare socket. */
function refuseUnreadable(this: FastifyInstance, error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy(error);
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const problem = new ProblemError('invalid_request', {
    status,
    detail: { en: 'This is not an HTTP request that can be read.', 'zh-CN': '无法识别该 HTTP 请求。' },
  });
  const requestId = assignRequestId({ headers: {} } as IncomingMessage);
  const body = JSON.stringify(problemDocument(problem, 'en', requestId));
  const head = [
    `HTTP/1.1 ${status} Bad Request`,
    `content-type: ${PROBLEM_MEDIA_TYPE}; charset=utf-8`,
    `content-length: ${Buffer.byteLength(body)}`,
    `${REQUEST_ID_HEADER}: ${requestId}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
