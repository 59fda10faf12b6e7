import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiHttpAdapter } from '@trainbridge/http-api';
import type { Caller } from './actor.js';
import { Authenticator } from './authenticator.js';
import { setCaller, type AccessRequest } from './request-caller.js';

/** Finds out once per request who calls: for a write before its body is read, otherwise when the guard asks. */
@Injectable()
export class Callers implements OnModuleInit {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly authenticator: Authenticator,
  ) {}

  onModuleInit(): void {
    const adapter = this.adapterHost.httpAdapter;
    if (!(adapter instanceof ApiHttpAdapter)) return;
    adapter.beforeBody = async (request) => {
      await this.identify(request);
    };
  }

  /** @throws {ProblemError} 401, 403 as `Authenticator.authenticate`. */
  async identify(request: AccessRequest): Promise<Caller> {
    const ip = request.ip ?? null;
    const actor = await this.authenticator.authenticate(request.headers.authorization, ip);
    const caller = { actor, ip, requestId: request.id };
    setCaller(request, caller);
    return caller;
  }
}
