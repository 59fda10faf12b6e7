import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ActivityLog } from './activity-log.js';
import { Company, CompanyMutations } from './company/index.js';
import { handleControl } from './control/control-api.js';
import { sendProblem, sendText } from './http/answers.js';
import { Lms, type LmsBehavior } from './lms/index.js';
import { handlePage } from './page/page.js';
import type { SandboxParts, WecomConnection } from './parts.js';
import { wecomDefaults, WecomSimulator, type WecomOptions } from './wecom/index.js';

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
  readonly lms: Lms;
  readonly log: ActivityLog;
  /** The config of a connection to the simulated WeCom, ready to be sent to the host. */
  wecomConnection(): WecomConnection;
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
  const lms = new Lms(log, now, options.lms);
  const host = options.host ?? '127.0.0.1';
  let url = '';
  const parts: SandboxParts = {
    company,
    mutations,
    wecom,
    lms,
    log,
    url: () => url,
    lmsUrl: () => `${url}/lms`,
    wecomConnection: () => connectionTo(wecom, url),
  };
  const server = createServer((request, response) => {
    answer(parts, request, response).catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error);
      if (!response.headersSent) sendProblem(response, 500, detail);
      else response.destroy();
    });
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
    lms,
    log,
    wecomConnection: () => connectionTo(wecom, url),
    async close() {
      wecom.close();
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
  if (pathname.startsWith('/cgi-bin/')) return parts.wecom.handle(request, response, url);
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

function connectionTo(wecom: WecomSimulator, url: string): WecomConnection {
  const { callback } = wecom;
  return {
    corpId: wecom.corpId,
    agentId: wecom.app.agentId,
    agentSecret: wecom.app.secret,
    contactsSecret: wecom.contacts.secret,
    contactsCallbackToken: callback?.token ?? wecomDefaults.callbackToken,
    contactsCallbackAesKey: callback?.aesKey ?? wecomDefaults.callbackAesKey,
    apiBaseUrl: url,
  };
}
