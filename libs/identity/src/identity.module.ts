import { Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { IdentityHousekeeping } from './housekeeping.js';
import { CourseDeepLinks } from './login/course-deep-links.js';
import { GoController } from './login/go.controller.js';
import { LoginChoices } from './login/login-choices.js';
import { LoginLimits } from './login/login-limits.js';
import { LoginPeople } from './login/login-people.js';
import { LoginStates } from './login/login-states.js';
import { PlatformLogin } from './login/platform-login.js';
import { SsoController } from './login/sso.controller.js';
import { Accounts } from './openid/accounts.js';
import { LoginClients } from './openid/login-clients.js';
import { OpenIdMiddleware } from './openid/openid.middleware.js';
import { OpenIdProvider } from './openid/openid-provider.js';
import { OpenIdRecords } from './openid/openid-records.js';
import { SigningKeys } from './openid/signing-keys.js';
import { PublicAddress } from './public-address.js';

/**
 * Signing people in with their platform, and telling the LMS who they are. Needs ConnectionsModule, DirectoryModule,
 * AccessModule and JobsModule; CourseLinks where there are deep links.
 */
@Module({
  controllers: [SsoController, GoController],
  providers: [
    PublicAddress,
    LoginStates,
    LoginPeople,
    LoginLimits,
    LoginChoices,
    PlatformLogin,
    CourseDeepLinks,
    SigningKeys,
    OpenIdRecords,
    LoginClients,
    Accounts,
    OpenIdProvider,
    OpenIdMiddleware,
    IdentityHousekeeping,
  ],
})
export class IdentityModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(OpenIdMiddleware).forRoutes('oidc/*path');
  }
}
