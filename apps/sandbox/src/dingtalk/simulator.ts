import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ActivityLog } from '../activity-log.js';
import { CallCounter } from '../call-counter.js';
import type { Company, CompanyMutations } from '../company/index.js';
import { FaultBoard } from '../faults/faults.js';
import { sendText } from '../http/answers.js';
import type { PlatformControl, PlatformSimulator } from '../platform.js';

export type DingtalkOptions = Record<string, never>;

export class DingtalkSimulator implements PlatformSimulator {
  readonly id = 'dingtalk';
  readonly calls = new CallCounter();
  readonly faults = new FaultBoard({ paged: [], listings: [], spared: [] }, () => undefined);
  readonly controls: Readonly<Record<string, PlatformControl>> = {};

  constructor(
    readonly company: Company,
    readonly mutations: CompanyMutations,
    private readonly log: ActivityLog,
    readonly now: () => number,
    _options: DingtalkOptions = {},
  ) {}

  handles(pathname: string): boolean {
    return ['/v1.0/', '/topapi/'].some((prefix) => pathname.startsWith(prefix));
  }

  handle(_request: IncomingMessage, response: ServerResponse, url: URL): void {
    sendText(response, `${url.pathname} is not simulated`, 404);
  }

  connectionConfig(_url: string): Record<string, unknown> {
    return {};
  }

  async idle(): Promise<void> {}

  close(): void {}
}
