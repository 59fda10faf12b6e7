import { ProblemError } from '@trainbridge/http-api';
import type { Actor } from '../actor.js';
import type { Scope } from '../scopes.js';

/** What a client may do, as far as it matters for who may hand it out. */
export interface Powers {
  scopes: readonly Scope[];
  connectionIds: readonly string[] | null;
}

/**
 * Nobody hands out more than they have, nor takes over (by a new secret or token) a client that has more.
 * @throws {ProblemError} 403
 */
export function assertMayGrant(actor: Actor, powers: Powers): void {
  const beyond = powers.scopes.filter((scope) => !actor.scopes.includes(scope));
  if (beyond.length > 0) {
    throw new ProblemError('insufficient_scope', {
      detail: {
        en: `You lack ${beyond.join(', ')} yourself, so you cannot manage a client that has it.`,
        'zh-CN': `您自身没有 ${beyond.join(', ')}，因此不能管理拥有该权限的客户端。`,
      },
    });
  }
  if (actor.connectionIds === null) return;
  const allowed = actor.connectionIds;
  if (powers.connectionIds !== null && powers.connectionIds.every((id) => allowed.includes(id))) return;
  throw new ProblemError('forbidden', {
    detail: {
      en: 'You are limited to some connections, so the client’s `connectionIds` must be among yours.',
      'zh-CN': '您仅限于部分连接，因此该客户端的 `connectionIds` 必须在您的范围之内。',
    },
  });
}

/** @throws {ProblemError} 400 at `/expiresAt` for a time that has passed. */
export function assertFuture(expiresAt: string | null | undefined): void {
  if (!expiresAt || new Date(expiresAt).getTime() > Date.now()) return;
  throw new ProblemError('invalid_request', {
    errors: [{ path: '/expiresAt', message: { en: 'must be in the future', 'zh-CN': '必须是将来的时间' } }],
  });
}
