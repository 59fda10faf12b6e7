export { Public } from '@trainbridge/http-api';
export { AccessModule } from './access.module.js';
export {
  assertAllConnections,
  assertConnectionAllowed,
  hasScope,
  isConnectionAllowed,
  type Actor,
  type Caller,
} from './actor.js';
export { AuditLog, type AuditEntry } from './audit/audit-log.js';
export { withoutSecrets } from './audit/redact.js';
export { Authenticator } from './authenticator.js';
export { Clients, type ClientRemovedListener } from './clients/clients.js';
export { CurrentActor, CurrentCaller, RequireScopes, addSecuritySchemes } from './decorators.js';
export { Idempotent } from './idempotency/idempotent.js';
export { LoginLimiter } from './oauth/login-limiter.js';
export { OAuthClients, type OAuthClient } from './oauth/oauth-clients.js';
export { OAuthError } from './oauth/oauth-error.js';
export { AccessOptions } from './options.js';
export { ALL_SCOPES, SCOPES, isScope, type Scope } from './scopes.js';
