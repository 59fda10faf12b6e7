import { Injectable, type NestMiddleware } from '@nestjs/common';
import { clientIpOf, ProblemError } from '@trainbridge/http-api';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { LoginLimits } from '../login/login-limits.js';
import { PublicAddress } from '../public-address.js';
import { OpenIdProvider } from './openid-provider.js';

const MOUNT = '/oidc';

type WithOriginalUrl = IncomingMessage & { originalUrl?: string };

/** `/oidc/…`: the provider is an application of its own, with its own body parsing and errors. */
@Injectable()
export class OpenIdMiddleware implements NestMiddleware<WithOriginalUrl, ServerResponse> {
  constructor(
    private readonly openid: OpenIdProvider,
    private readonly limits: LoginLimits,
    private readonly address: PublicAddress,
  ) {}

  /** @throws {ProblemError} 404 for what is not below `/oidc/`, 503 without PUBLIC_URL, 429 for a flood. */
  async use(request: WithOriginalUrl, response: ServerResponse): Promise<void> {
    this.openid.require();
    const url = request.originalUrl ?? request.url ?? '';
    if (!url.startsWith(`${MOUNT}/`)) throw new ProblemError('route_not_found');
    // Each such request is remembered until somebody signs in.
    if (/^\/oidc\/auth\b/.test(url)) this.limits.start(clientIpOf(request));
    request.originalUrl = this.address.path(url);
    request.url = url.slice(MOUNT.length);
    await this.openid.handle(request, response);
  }
}
