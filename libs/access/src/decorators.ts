import { SetMetadata, applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiSecurity, type DocumentBuilder } from '@nestjs/swagger';
import { ApiProblems } from '@trainbridge/http-api';
import type { Actor, Caller } from './actor.js';
import { callerOf, type AccessRequest } from './request-caller.js';
import { SCOPES, type Scope } from './scopes.js';

export const REQUIRED_SCOPES = 'trainbridge:required-scopes';
const BEARER_SCHEME = 'bearer';
const OAUTH2_SCHEME = 'oauth2';

/**
 * What a route (or every route of a controller) needs: an authenticated caller with all of these scopes. Every route has
 * this or `@Public()`; the host does not start otherwise. Documents the security and its problems as well.
 */
export function RequireScopes(...scopes: Scope[]): MethodDecorator & ClassDecorator {
  return applyDecorators(
    SetMetadata(REQUIRED_SCOPES, scopes),
    ApiSecurity(OAUTH2_SCHEME, scopes),
    ApiSecurity(BEARER_SCHEME),
    ApiProblems('unauthorized', 'insufficient_scope', 'ip_not_allowed'),
  );
}

/** The authenticated caller's identity, as a handler parameter. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  return callerOf(context.switchToHttp().getRequest<AccessRequest>()).actor;
});

/** Identity, address and request id, as a handler parameter: `audit.record(manager, { ...caller, action, subject })`. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  return callerOf(context.switchToHttp().getRequest<AccessRequest>());
});

/** The security schemes that `@RequireScopes` names, for the OpenAPI document. */
export function addSecuritySchemes(builder: DocumentBuilder): DocumentBuilder {
  const scopes = Object.fromEntries(Object.entries(SCOPES).map(([scope, text]) => [scope, text.en]));
  return builder
    .addBasicAuth(
      { type: 'http', scheme: 'basic', description: 'Client id and secret, at POST /oauth2/token only.' },
      'clientBasic',
    )
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        description: 'The admin token, an access token or an API token (`tb_…`).',
      },
      BEARER_SCHEME,
    )
    .addOAuth2(
      {
        type: 'oauth2',
        description: 'Client credentials; the token goes into `Authorization: Bearer`.',
        flows: { clientCredentials: { tokenUrl: '/oauth2/token', scopes } },
      },
      OAUTH2_SCHEME,
    );
}
