import { Injectable, Logger } from '@nestjs/common';
import { Connections, type ConnectionContext } from '@trainbridge/connections';
import { isConnectorError, type IdentityCapability, type JsonObject } from '@trainbridge/connector-kit';
import type { DirectoryUser } from '@trainbridge/directory';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PublicAddress } from '../public-address.js';
import { webAddress } from '../web-address.js';
import { readCookie, setCookie } from './cookies.js';
import { LoginPeople } from './login-people.js';
import { LoginLimits } from './login-limits.js';
import { cancelled, expiredState, LoginProblem, noLogin, unknownState } from './login-problem.js';
import { LoginStates, STATE_LIFETIME_SECONDS, type LoginMode, type LoginPurpose } from './login-states.js';
import { platformProblem } from './platform-problem.js';
import { PlatformStrategy, type PlatformLoginStep } from './platform-strategy.js';

/** A person's browser at one of our routes. */
export interface Browser {
  request: FastifyRequest;
  reply: FastifyReply;
}

export interface FinishedLogin {
  user: DirectoryUser;
  purpose: LoginPurpose;
}

const TIMEOUT_MS = 20_000;

/** Sends a person to a platform and learns, when they come back, who they are. */
@Injectable()
export class PlatformLogin {
  private readonly logger = new Logger('Login');
  private readonly strategy = new PlatformStrategy<DirectoryUser>((subject, { platform }) =>
    this.people.verify(platform.connection.id, subject),
  );

  constructor(
    private readonly connections: Connections,
    private readonly states: LoginStates,
    private readonly people: LoginPeople,
    private readonly limits: LoginLimits,
    private readonly address: PublicAddress,
  ) {}

  /**
   * Binds a new login to this browser.
   * @returns the platform's address to send it to.
   * @throws {ProblemError} 404 for an unknown connection, 503 without PUBLIC_URL; {LoginProblem} otherwise.
   */
  async begin(connectionId: string, purpose: LoginPurpose, { request, reply }: Browser): Promise<string> {
    this.address.require();
    this.limits.start(request.ip);
    const { platform, identity } = await this.open(connectionId);
    const mode = modeOf(platform, request.headers['user-agent']);
    const { state, browserSecret } = await this.states.create(connectionId, { mode, purpose });
    setCookie(reply.raw, {
      ...this.cookie(connectionId, state),
      value: browserSecret,
      maxAgeSeconds: STATE_LIFETIME_SECONDS,
    });
    const redirectUri = this.redirectUri(connectionId);
    const outcome = await this.attempt({ platform, identity, redirectUri, mode, state, query: null });
    const url = outcome.kind === 'redirect' ? webAddress(outcome.url) : null;
    if (url !== null) return url;
    this.logger.error(`connector ${platform.connector.manifest.id} gave no address to sign in at`);
    throw platformProblem('internal');
  }

  /**
   * Takes a person who came back from the platform; the state is used up whatever comes of it.
   * @throws {ProblemError} 404 for an unknown connection; {LoginProblem} for everybody who may not come in.
   */
  async finish(connectionId: string, { request, reply }: Browser): Promise<FinishedLogin> {
    this.limits.finish(request.ip);
    try {
      return await this.accept(connectionId, { request, reply });
    } catch (error) {
      if (error instanceof LoginProblem) {
        this.limits.failed(request.ip, error.reason);
        this.logger.warn(`login through ${connectionId} refused: ${error.reason}, request ${request.id}`);
      }
      throw error;
    }
  }

  private async accept(connectionId: string, { request, reply }: Browser): Promise<FinishedLogin> {
    const query = singleValues(request.query);
    const state = query.state ?? '';
    const cookie = this.cookie(connectionId, state);
    const taken = await this.states.take(connectionId, state, readCookie(request.raw, cookie.name));
    if (taken === null) throw unknownState();
    setCookie(reply.raw, { ...cookie, value: '', maxAgeSeconds: 0 });
    const { mode, purpose, expired } = taken;
    const retryUrl = this.retryUrl(connectionId, purpose);
    if (expired) throw expiredState().withRetry(retryUrl);
    if (query.error !== undefined) throw cancelled().withRetry(retryUrl);
    const { platform, identity } = await this.open(connectionId, oneTimeValues(query));
    const redirectUri = this.redirectUri(connectionId);
    try {
      const outcome = await this.attempt({ platform, identity, redirectUri, mode, state, query });
      if (outcome.kind !== 'success') throw platformProblem('internal');
      const { user } = outcome;
      this.logger.log(`${user.id} signed in through ${connectionId} (${mode}), request ${request.id}`);
      return { user, purpose };
    } catch (error) {
      throw error instanceof LoginProblem ? error.withRetry(retryUrl) : error;
    }
  }

  /** Connector errors become a LoginProblem; what they say goes into the log, without secrets and one-time codes. */
  private async attempt(step: PlatformLoginStep): ReturnType<PlatformStrategy<DirectoryUser>['run']> {
    try {
      return await this.strategy.run(step);
    } catch (error) {
      if (error instanceof LoginProblem) throw error;
      const { platform } = step;
      const said = isConnectorError(error)
        ? [error.code, error.data.vendorCode, error.message].filter(Boolean).join(' ')
        : String(error instanceof Error ? error.stack : error);
      this.logger.warn(`login through ${platform.connection.id} failed: ${platform.redact(said)}`);
      throw platformProblem(isConnectorError(error) ? error.code : 'internal', error);
    }
  }

  private async open(
    connectionId: string,
    secrets: readonly string[] = [],
  ): Promise<{ platform: ConnectionContext; identity: IdentityCapability<JsonObject> }> {
    const platform = await this.connections
      .contextFor(connectionId, AbortSignal.timeout(TIMEOUT_MS), secrets)
      .catch((error: unknown) => {
        if (!isConnectorError(error)) throw error;
        this.logger.warn(`login through ${connectionId} is not possible: ${error.code} ${error.message}`);
        throw platformProblem(error.code, error);
      });
    const { identity } = platform.connector;
    if (!identity) throw noLogin();
    return { platform, identity };
  }

  private redirectUri(connectionId: string): string {
    return this.address.url(`/sso/${connectionId}/callback`);
  }

  /** One cookie per login: two tabs that sign in at the same time do not take each other's. */
  private cookie(connectionId: string, state: string): { name: string; path: string; secure: boolean } {
    return {
      name: `tb_login_${/^[0-9a-f]{12}/.exec(state)?.[0] ?? 'none'}`,
      path: this.address.path(`/sso/${connectionId}/callback`),
      secure: this.address.isSecure,
    };
  }

  private retryUrl(connectionId: string, purpose: LoginPurpose): string {
    if (purpose.kind === 'interaction') return this.address.path(`/sso/interactions/${purpose.uid}`);
    if (purpose.kind === 'course')
      return this.address.path(`/go/${connectionId}/${encodeURIComponent(purpose.courseId)}`);
    return this.address.path(`/sso/${connectionId}/login`);
  }
}

/** The platform's own client signs people in without asking. */
function modeOf({ connector }: ConnectionContext, userAgent: string | undefined): LoginMode {
  return isInApp(connector.manifest.identity?.inAppUserAgents, userAgent) ? 'inApp' : 'browser';
}

export function isInApp(marks: readonly string[] | undefined, userAgent: string | undefined): boolean {
  const agent = (userAgent ?? '').toLowerCase();
  return (marks ?? []).some((mark) => agent.includes(mark.toLowerCase()));
}

/** A parameter that comes twice is none: which of the two counts must not depend on who reads it. */
function singleValues(query: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries((query ?? {}) as Record<string, unknown>).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}

/** What opens something for whoever sends it: `code`, `authCode`, `state` and their like. */
function oneTimeValues(query: Record<string, string>): string[] {
  return Object.entries(query).flatMap(([name, value]) =>
    /code|ticket|token|state/i.test(name) ? [value] : [],
  );
}
