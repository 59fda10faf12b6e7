import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ProblemError, PUBLIC_ROUTE } from '@trainbridge/http-api';
import { Callers } from './callers.js';
import { REQUIRED_SCOPES } from './decorators.js';
import { callerIfAny, type AccessRequest } from './request-caller.js';
import type { Scope } from './scopes.js';

/** Stands before every route. What declares nothing is closed. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly callers: Callers,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    const scopes = this.reflector.getAllAndOverride<Scope[] | undefined>(REQUIRED_SCOPES, targets);
    if (!scopes) {
      if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC_ROUTE, targets)) return true;
      throw new Error(`${context.getClass().name}.${context.getHandler().name} declares no scopes`);
    }
    const request = context.switchToHttp().getRequest<AccessRequest>();
    const { actor } = callerIfAny(request) ?? (await this.callers.identify(request));
    const missing = scopes.filter((scope) => !actor.scopes.includes(scope));
    if (missing.length > 0) throw insufficientScope(missing);
    return true;
  }
}

function insufficientScope(missing: Scope[]): ProblemError {
  const list = missing.map((scope) => `\`${scope}\``).join(', ');
  return new ProblemError('insufficient_scope', {
    detail: {
      en: `The token lacks ${list}. Ask an administrator to grant it to the client, then request a new token.`,
      'zh-CN': `令牌缺少权限范围 ${list}。请联系管理员为客户端授权，然后重新获取令牌。`,
    },
    headers: {
      'www-authenticate': `Bearer realm="trainbridge", error="insufficient_scope", scope="${missing.join(' ')}"`,
    },
    extensions: { missingScopes: missing },
  });
}
