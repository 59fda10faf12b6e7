import { ProblemError, notFound } from '@trainbridge/http-api';
import type { Scope } from './scopes.js';

/** Who is calling. */
export interface Actor {
  kind: 'admin' | 'client';
  /** Null for the admin token. */
  clientId: string | null;
  name: string;
  scopes: readonly Scope[];
  /**
   * The only connections this actor may see or touch; null means all. In SQL:
   * `($1::text[] is null or connection_id = any($1))`.
   */
  connectionIds: readonly string[] | null;
}

/** Who is calling, from where and in which request: what an audit entry needs. */
export interface Caller {
  actor: Actor;
  ip: string | null;
  requestId: string;
}

export function hasScope(actor: Actor, scope: Scope): boolean {
  return actor.scopes.includes(scope);
}

export function isConnectionAllowed(actor: Actor, connectionId: string): boolean {
  return actor.connectionIds === null || actor.connectionIds.includes(connectionId);
}

/** @throws {ProblemError} 404: to a restricted client a connection that is not its own does not exist. */
export function assertConnectionAllowed(actor: Actor, connectionId: string): void {
  if (!isConnectionAllowed(actor, connectionId)) throw notFound('connection', connectionId);
}

/** For what concerns every connection at once. @throws {ProblemError} 403 when the client is limited to some. */
export function assertAllConnections(actor: Actor): void {
  if (actor.connectionIds === null) return;
  throw new ProblemError('forbidden', {
    detail: {
      en: 'This client is limited to some connections; name one of them.',
      'zh-CN': '此客户端仅限于部分连接，请指定其中之一。',
    },
  });
}
