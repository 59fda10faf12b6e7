import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR, DiscoveryModule } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { AuditEntriesController } from './audit/audit-entries.controller.js';
import { AuditLog } from './audit/audit-log.js';
import { Authenticator } from './authenticator.js';
import { Callers } from './callers.js';
import { ClientTokens } from './clients/client-tokens.js';
import { Clients } from './clients/clients.js';
import { ClientsController } from './clients/clients.controller.js';
import { AccessHousekeeping } from './housekeeping.js';
import { IdempotencyInterceptor } from './idempotency/idempotency.interceptor.js';
import { IdempotencyStore } from './idempotency/idempotency-store.js';
import { OAuthClients } from './oauth/oauth-clients.js';
import { TokenController } from './oauth/token.controller.js';
import { TokenIssuer } from './oauth/token-issuer.js';
import { AccessOptions } from './options.js';
import { RouteCheck } from './route-check.js';
import { TokenLookup } from './token-lookup.js';
import { TokenUsage } from './token-usage.js';

/** Authentication and scopes on every route, clients and tokens, audit, idempotency keys. Needs persistence, jobs, http-api. */
@Module({})
export class AccessModule {
  static forRoot(options: AccessOptions): DynamicModule {
    return {
      module: AccessModule,
      global: true,
      imports: [DiscoveryModule],
      controllers: [TokenController, ClientsController, AuditEntriesController],
      providers: [
        { provide: AccessOptions, useValue: options },
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
        AccessHousekeeping,
        AuditLog,
        Authenticator,
        Callers,
        Clients,
        ClientTokens,
        IdempotencyStore,
        OAuthClients,
        RouteCheck,
        TokenIssuer,
        TokenLookup,
        TokenUsage,
      ],
      exports: [AuditLog, Authenticator, Clients, OAuthClients],
    };
  }
}
