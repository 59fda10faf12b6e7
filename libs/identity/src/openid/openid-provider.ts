import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Interaction, KoaContextWithOIDC, Provider, Session } from 'oidc-provider';
import { LoginChoices } from '../login/login-choices.js';
import { expiredState, unknownState } from '../login/login-problem.js';
import { PublicAddress } from '../public-address.js';
import { Accounts } from './accounts.js';
import { loadOidcProvider } from './load-oidc-provider.js';
import { isOwnAddress, LoginClients } from './login-clients.js';
import { openIdConfiguration, sessionCookie, SESSION_SECONDS } from './openid-configuration.js';
import { answerUnknownPaths } from './openid-pages.js';
import { OpenIdRecords } from './openid-records.js';
import { SigningKeys } from './signing-keys.js';

/** The OpenID provider at `/oidc`, and what the login pages need of it. There is none without PUBLIC_URL. */
@Injectable()
export class OpenIdProvider implements OnModuleInit {
  private readonly logger = new Logger('Login');
  private provider: Provider | null = null;
  private listener: ReturnType<Provider['callback']> | null = null;

  constructor(
    private readonly address: PublicAddress,
    private readonly keys: SigningKeys,
    private readonly records: OpenIdRecords,
    private readonly clients: LoginClients,
    private readonly accounts: Accounts,
    private readonly choices: LoginChoices,
  ) {}

  async onModuleInit(): Promise<void> {
    if (!this.address.isKnown) return;
    const [module, keys] = await Promise.all([loadOidcProvider(), this.keys.load()]);
    const { records, clients, accounts, choices, address } = this;
    const configuration = openIdConfiguration({
      module,
      keys,
      records,
      clients,
      accounts,
      choices,
      address,
    });
    const provider = new module.Provider(this.address.url('/oidc'), configuration);
    // It believes X-Forwarded-Proto, which PublicAddress has written.
    provider.proxy = true;
    const prototype = provider.Client.prototype;
    prototype.compareClientSecret = function (actual) {
      // Called within a request, always.
      const context = module.Provider.ctx as KoaContextWithOIDC;
      return clients.compareSecret(module.errors, context, this.clientId, actual);
    };
    prototype.postLogoutRedirectUriAllowed = function (address) {
      return isOwnAddress(this.redirectUris ?? [], address);
    };
    provider.use(answerUnknownPaths);
    this.report(provider);
    this.provider = provider;
    this.listener = provider.callback();
  }

  /** @throws {ProblemError} 503 without PUBLIC_URL. */
  require(): Provider {
    this.address.require();
    return this.provider!;
  }

  /** Answers a request below `/oidc`, whose `url` begins after it. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.address.impose(request);
    await this.listener!(request, response);
  }

  /**
   * The login an OpenID request waits for, as this browser began it.
   * @throws {LoginProblem} for another browser's, or one that ran out.
   */
  async interaction(uid: string, request: FastifyRequest, reply: FastifyReply): Promise<Interaction> {
    const provider = this.require();
    this.address.impose(request.raw);
    const interaction = await provider.interactionDetails(request.raw, reply.raw).catch((error: Error) => {
      if (error.name === 'SessionNotFound') throw expiredState();
      throw error;
    });
    if (interaction.uid !== uid) throw unknownState();
    return interaction;
  }

  /**
   * Answers a waiting OpenID request: this person is signed in.
   * @returns where the browser goes on.
   * @throws {LoginProblem} when the request ran out meanwhile.
   */
  async complete(uid: string, userId: string, request: FastifyRequest, reply: FastifyReply): Promise<string> {
    const interaction = await this.require().Interaction.find(uid);
    if (!interaction) throw expiredState();
    const session = await this.session(request, reply);
    const isAnother = session.accountId !== undefined && session.accountId !== userId;
    // Another person at the same browser: the one before is signed out, with everything their session opened.
    if (isAnother) await session.destroy();
    // The provider goes on only within the session the request began in. That one is over, or ran out meanwhile.
    if (isAnother || session.uid !== interaction.session?.uid) interaction.session = undefined;
    interaction.result = { login: { accountId: userId }, consent: {}, select_account: {} };
    await interaction.persist();
    return interaction.returnTo;
  }

  /** Answers a waiting OpenID request that wants consent: the company gave it when it made the client. */
  async consent(interaction: Interaction): Promise<string> {
    interaction.result = { ...interaction.lastSubmission, consent: {} };
    await interaction.persist();
    return interaction.returnTo;
  }

  /** Signs a person in at this browser without an OpenID request: the next one finds them. */
  async signIn(userId: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const provider = this.require();
    let session = await this.session(request, reply);
    if (session.accountId !== undefined && session.accountId !== userId) {
      await session.destroy();
      session = new provider.Session();
    }
    session.loginAccount({ accountId: userId });
    // Who knew the identifier before the login must not know it afterwards.
    session.resetIdentifier();
    await session.save(SESSION_SECONDS);
    const { cookies } = provider.createContext(request.raw, reply.raw);
    cookies.set(provider.cookieName('session'), session.jti, {
      ...sessionCookie(this.address),
      maxAge: SESSION_SECONDS * 1000,
    });
  }

  /** Whose session this browser has; null for nobody's. */
  async signedIn(request: FastifyRequest, reply: FastifyReply): Promise<string | null> {
    return (await this.session(request, reply)).accountId ?? null;
  }

  private session(request: FastifyRequest, reply: FastifyReply): Promise<Session> {
    const provider = this.require();
    this.address.impose(request.raw);
    return provider.Session.get(provider.createContext(request.raw, reply.raw));
  }

  /** What is our fault goes into the log whole; refusals as one line that names no code, token or state. */
  private report(provider: Provider): void {
    const fault = (error: Error): void => this.logger.error('the OpenID provider failed', error.stack);
    provider.on('server_error', (_context, error) => fault(error));
    // Koa prints on its own when nobody listens.
    (provider as EventEmitter).on('error', fault);
    const refusal = (context: KoaContextWithOIDC, error: Error & { error_detail?: string }): void =>
      this.logger.warn(
        `${context.oidc.route} refused client ${context.oidc.client?.clientId ?? 'unknown'}: ${error.message}` +
          (error.error_detail === undefined ? '' : ` (${error.error_detail})`),
      );
    provider.on('authorization.error', refusal);
    provider.on('grant.error', refusal);
    provider.on('userinfo.error', refusal);
  }
}
