import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ActivityLog } from './activity-log.js';
import { Company, CompanyMutations } from './company/index.js';
import { handleControl } from './control/control-api.js';
import { sendProblem, sendText } from './http/answers.js';
import { Lms, type LmsBehavior } from './lms/index.js';
import { DingtalkSimulator, type DingtalkOptions } from './dingtalk/index.js';
import { FeishuSimulator, type FeishuOptions } from './feishu/index.js';
import { handlePage } from './page/page.js';
import type { SandboxParts, WecomConnection } from './parts.js';
import type { PlatformSimulator } from './platform.js';
import { WecomSimulator, type WecomOptions } from './wecom/index.js';

/** How to start the sandbox; every part has a default. */
export interface SandboxOptions {
  /** Default 0: any free port. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Head count. Default 2,000; 100,000 and more are fine. */
  people?: number;
  /** Departments with the root. Default 120 for 2,000 people, at most 2,000. */
  departments?: number;
  /** The same seed makes the same company. Default 1. */
  seed?: number;
  /** Name of the root department. */
  companyName?: string;
  wecom?: WecomOptions;
  dingtalk?: DingtalkOptions;
  feishu?: FeishuOptions;
  lms?: Partial<LmsBehavior>;
  /** Milliseconds since the epoch, for tests that move time (tokens, limits, timestamps). */
  now?: () => number;
}

/** A running sandbox. */
export interface Sandbox {
  /** `http://127.0.0.1:PORT`: base URL of the simulated platforms, and of the page. */
  readonly url: string;
  /** `<url>/lms`; webhooks go to `<lmsUrl>/webhooks`. */
  readonly lmsUrl: string;
  readonly company: Company;
  /** Hire, move, dismiss… as an administrator in the console; each is announced by callback. */
  readonly mutations: CompanyMutations;
  readonly wecom: WecomSimulator;
  readonly dingtalk: DingtalkSimulator;
  readonly feishu: FeishuSimulator;
  /** The three above. */
  readonly platforms: readonly PlatformSimulator[];
  readonly lms: Lms;
  readonly log: ActivityLog;
  /** The config of a connection to the simulated WeCom, ready to be sent to the host. */
  wecomConnection(): WecomConnection;
  /** The same for any of the platforms. */
  connectionConfig(platform: PlatformSimulator['id']): Record<string, unknown>;
  /** Stops everything; open connections are cut. */
  close(): Promise<void>;
}

/** Starts the simulated platforms, their company and the small LMS on one port. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const now = options.now ?? Date.now;
  const log = new ActivityLog(400, now);
  const company = new Company({
    ...(options.people === undefined ? {} : { people: options.people }),
    ...(options.departments === undefined ? {} : { departments: options.departments }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.companyName === undefined ? {} : { name: options.companyName }),
  });
  const mutations = new CompanyMutations(company);
  const wecom = new WecomSimulator(company, mutations, log, now, options.wecom);
  const dingtalk = new DingtalkSimulator(company, mutations, log, now, options.dingtalk);
  const feishu = new FeishuSimulator(company, mutations, log, now, options.feishu);
  const platforms = [wecom, dingtalk, feishu] as const;
  const lms = new Lms(log, now, options.lms);
  const host = options.host ?? '127.0.0.1';
  let url = '';
  const parts: SandboxParts = {
    company,
    mutations,
    platforms,
    lms,
    log,
    url: () => url,
    lmsUrl: () => `${url}/lms`,
  };
  const server = createServer((request, response) => {
    answer(parts, request, response).catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error);
      if (!response.headersSent) sendProblem(response, 500, detail);
      else response.destroy();
    });
  });
  server.on('upgrade', (request, socket, head) => {
    const { pathname } = new URL(request.url ?? '/', 'http://sandbox');
    const platform: PlatformSimulator | undefined = platforms.find((one) => one.handles(pathname));
    if (platform?.upgrade) platform.upgrade(request, socket, head);
    else socket.destroy();
  });
  // Longer than any client keeps an idle connection: else a call now and then meets one being closed.
  server.keepAliveTimeout = 120_000;
  const port = await listening(server, options.port ?? 0, host);
  url = `http://${host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`;
  return {
    url,
    lmsUrl: parts.lmsUrl(),
    company,
    mutations,
    wecom,
    dingtalk,
    feishu,
    platforms,
    lms,
    log,
    wecomConnection: () => wecom.connectionConfig(url),
    connectionConfig: (platform) => platforms.find(({ id }) => id === platform)!.connectionConfig(url),
    async close() {
      for (const platform of platforms) platform.close();
      lms.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  parts: SandboxParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let url: URL;
  try {
    url = new URL(request.url ?? '/', 'http://sandbox');
  } catch {
    return sendText(response, 'bad request', 400);
  }
  const { pathname } = url;
  const platform = parts.platforms.find((one) => one.handles(pathname));
  if (platform) return platform.handle(request, response, url);
  if (pathname === '/lms/webhooks' && request.method === 'POST') return parts.lms.receive(request, response);
  if (pathname === '/lms/redirected') return parts.lms.followed(response);
  if (await handleControl(parts, request, response, url)) return;
  if (handlePage(parts, request, response, url)) return;
  sendProblem(response, 404, `there is nothing at ${request.method ?? ''} ${pathname}`);
}

function listening(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}
