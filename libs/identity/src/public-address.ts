import { Injectable } from '@nestjs/common';
import { ConnectionsOptions } from '@trainbridge/connections';
import { ProblemError } from '@trainbridge/http-api';
import type { IncomingMessage } from 'node:http';

/**
 * Where browsers and platforms reach this host. PUBLIC_URL decides alone: what a request says about itself (Host,
 * X-Forwarded-*) is written by whoever sends it.
 */
@Injectable()
export class PublicAddress {
  private readonly base: URL | null;

  constructor(options: ConnectionsOptions) {
    this.base = options.publicUrl === null ? null : new URL(options.publicUrl);
  }

  get isKnown(): boolean {
    return this.base !== null;
  }

  /** @throws {ProblemError} 503 without PUBLIC_URL: a platform would not know where to send people back to. */
  require(): URL {
    if (this.base) return this.base;
    throw new ProblemError('unavailable', {
      detail: {
        en: 'Sign-in needs PUBLIC_URL: set it to the https address under which browsers reach this host, and start it again.',
        'zh-CN': '登录功能需要 PUBLIC_URL：请将其设为浏览器访问本系统的 https 地址，然后重启。',
      },
    });
  }

  /** The absolute address of a path of this host, such as `/sso/…`. */
  url(path: string): string {
    return this.require().origin + this.path(path);
  }

  /** The path as a browser sees it: a proxy may serve this host below a path of its own. */
  path(path: string): string {
    return this.require().pathname.replace(/\/$/, '') + path;
  }

  /** May cookies be kept off plain http? */
  get isSecure(): boolean {
    return this.base?.protocol === 'https:';
  }

  /** Makes a request say of itself what PUBLIC_URL says, for libraries that build addresses and cookies from its head. */
  impose(request: IncomingMessage): void {
    const { host, protocol } = this.require();
    request.headers.host = host;
    request.headers['x-forwarded-proto'] = protocol.slice(0, -1);
    delete request.headers['x-forwarded-host'];
  }
}
