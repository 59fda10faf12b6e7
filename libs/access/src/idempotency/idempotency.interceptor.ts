import { createHash } from 'node:crypto';
import {
  Injectable,
  Logger,
  StreamableFile,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { ProblemError } from '@trainbridge/http-api';
import type { FastifyReply } from 'fastify';
import { catchError, from, mergeMap, of, throwError, type Observable } from 'rxjs';
import { callerIfAny, type AccessRequest } from '../request-caller.js';
import { IDEMPOTENCY_HEADER, REPLAYED_HEADER } from './idempotent.js';
import { IdempotencyStore } from './idempotency-store.js';

const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
const KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

/**
 * `Idempotency-Key` on every authenticated write. A repeated request is answered from what was stored; one that failed
 * has left nothing and is done again. When a host dies between the work and the storing of its answer, the same
 * request is refused for two minutes and then done anew.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly logger = new Logger('Access');

  constructor(private readonly store: IdempotencyStore) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<AccessRequest>();
    const caller = callerIfAny(request);
    const key = request.headers[IDEMPOTENCY_HEADER];
    if (key === undefined || !caller || !WRITES.has(request.method)) return next.handle();
    if (typeof key !== 'string' || !KEY.test(key))
      throw new ProblemError('invalid_request', { detail: BAD_KEY });

    const owner = caller.actor.clientId ?? 'admin';
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const claim = await this.store.claim(owner, key, requestHash(request));
    switch (claim.kind) {
      case 'conflict':
        throw new ProblemError('idempotency_conflict');
      case 'in-progress':
        throw new ProblemError('idempotency_in_progress', { headers: { 'retry-after': '1' } });
      case 'repeated':
        if (!claim.answer) throw new ProblemError('idempotency_conflict', { detail: UNREADABLE });
        void reply.status(claim.answer.status).header(REPLAYED_HEADER, 'true');
        return of(claim.answer.body);
      case 'first':
        return next.handle().pipe(
          mergeMap(async (body: unknown) => {
            if (body instanceof StreamableFile) await this.store.release(owner, key);
            else await this.complete(owner, key, { status: reply.statusCode, body });
            return body;
          }),
          catchError((error: unknown) =>
            from(this.store.release(owner, key).catch(() => undefined)).pipe(
              mergeMap(() => throwError(() => error)),
            ),
          ),
        );
    }
  }

  /** The work is done: that its answer could not be kept must not make it look failed. */
  private async complete(
    owner: string,
    key: string,
    answer: { status: number; body: unknown },
  ): Promise<void> {
    try {
      await this.store.complete(owner, key, answer);
    } catch (error) {
      this.logger.warn(`an idempotent answer was not kept: ${String(error)}`);
    }
  }
}

function requestHash(request: AccessRequest): Buffer {
  const body = request.body === undefined ? '' : JSON.stringify(request.body);
  return createHash('sha256').update(`${request.method}\n${request.url}\n${body}`).digest();
}

const BAD_KEY = {
  en: '`Idempotency-Key` must be 1 to 255 printable ASCII characters, such as a UUID.',
  'zh-CN': '`Idempotency-Key` 必须是 1 到 255 个可打印的 ASCII 字符，例如 UUID。',
};
const UNREADABLE = {
  en: 'The request with this key was done, but its answer can no longer be shown. Read the result instead.',
  'zh-CN': '使用该键的请求已执行，但其响应已无法再次显示，请直接查询结果。',
};
