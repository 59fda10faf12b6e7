import type { IncomingMessage, ServerResponse } from 'node:http';
import { CompanyError } from '../company/index.js';
import { faultKinds, type FaultSpec } from '../faults/faults.js';
import { sendJson, sendProblem } from '../http/answers.js';
import { parseObject, readBody } from '../http/body.js';
import type { LmsBehavior } from '../lms/index.js';
import type { SandboxParts } from '../parts.js';
import type { PlatformControl, PlatformSimulator } from '../platform.js';
import { departmentRows, findPeople } from './company-views.js';
import { streamLog } from './log-stream.js';
import { known } from './known.js';
import { carryOut, statusOf, type MutationCommand } from './mutation-command.js';
import { sandboxState } from './state.js';

interface ControlCall {
  parts: SandboxParts;
  url: URL;
  body: Record<string, unknown>;
  /** The last part of the path, where the route ends with `/*`. */
  rest: string;
}

type Route = (call: ControlCall) => unknown;

const largestBody = 1024 * 1024;

/** The sandbox's own interface, by method and path. What a route returns is sent as JSON. */
const routes: Readonly<Record<string, Route>> = {
  'GET /sandbox/state': ({ parts, url }) => sandboxState(parts, url),
  'GET /sandbox/departments': ({ parts }) => ({ data: departmentRows(parts.company) }),
  'GET /sandbox/people': ({ parts, url }) =>
    findPeople(parts.company, {
      query: url.searchParams.get('q') ?? '',
      departmentId: Number(url.searchParams.get('departmentId') ?? 0),
      offset: Number(url.searchParams.get('offset') ?? 0),
      limit: Math.min(1000, Number(url.searchParams.get('limit') ?? 50)),
    }),
  'GET /sandbox/calls': ({ parts, url }) => {
    const { calls } = platformOf(parts, url.searchParams.get('platform'));
    return { total: calls.count(), byEndpoint: calls.byEndpoint() };
  },
  'DELETE /sandbox/calls': ({ parts }) => done(() => parts.platforms.forEach(({ calls }) => calls.reset())),
  'GET /sandbox/log': ({ parts, url }) => ({
    data: parts.log.since(Number(url.searchParams.get('since') ?? 0)),
  }),
  'GET /sandbox/faults': ({ parts }) => ({
    data: parts.platforms.flatMap(({ id, faults }) =>
      faults.list().map((fault) => ({ ...fault, platform: id })),
    ),
    kinds: faultKinds,
  }),
  'POST /sandbox/faults': ({ parts, body: { platform: named, ...fault } }) => {
    const platform = platformOf(parts, named ?? null);
    const id = platform.faults.add(fault as unknown as FaultSpec);
    parts.log.add({
      source: 'console',
      title: `fault 故障 ${String(fault.kind)} (${platform.id})`,
      outcome: 'warning',
      detail: JSON.stringify(fault),
    });
    return { id };
  },
  'DELETE /sandbox/faults': ({ parts }) =>
    done(() => parts.platforms.forEach(({ faults }) => faults.clear())),
  'DELETE /sandbox/faults/*': ({ parts, url, rest }) => ({
    removed: platformOf(parts, url.searchParams.get('platform')).faults.remove(rest),
  }),
  'POST /sandbox/mutations': ({ parts, body }) => {
    const result = carryOut(body as unknown as MutationCommand, parts.company, parts.mutations);
    const about = [...result.accounts, ...result.departmentIds].slice(0, 5).join(', ');
    parts.log.add({ source: 'console', title: result.action, outcome: 'ok', detail: about });
    return result;
  },
  'GET /lms/webhooks': ({ parts, url }) => ({
    ...parts.lms.counts,
    behavior: parts.lms.settings(),
    data: parts.lms.received.slice(-Number(url.searchParams.get('limit') ?? 100)),
  }),
  'GET /lms/ids': ({ parts }) => Object.fromEntries(parts.lms.ids),
  'DELETE /lms/webhooks': ({ parts }) => done(() => parts.lms.reset()),
  'PUT /lms/secret': ({ parts, body }) => {
    const secrets = Array.isArray(body.secrets) ? body.secrets : [body.secret];
    if (!secrets.every((secret) => typeof secret === 'string'))
      throw new TypeError('secret or secrets is needed');
    return done(() => parts.lms.configure({ secrets }));
  },
  'PATCH /lms/behavior': ({ parts, body }) => {
    parts.lms.configure(known<LmsBehavior>(body, { secrets: [], ...parts.lms.settings() }));
    return parts.lms.settings();
  },
};

/** Answers `/sandbox/…` and the LMS's own interface; `false` when no route fits. */
export async function handleControl(
  parts: SandboxParts,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<boolean> {
  const method = request.method ?? 'GET';
  if (method === 'GET' && url.pathname === '/sandbox/stream') {
    streamLog(parts.log, response);
    return true;
  }
  const at = url.pathname.lastIndexOf('/');
  const exact = routes[`${method} ${url.pathname}`];
  const route: Route | undefined =
    exact ?? routes[`${method} ${url.pathname.slice(0, at)}/*`] ?? controlOf(parts, method, url.pathname);
  if (route === undefined) return false;
  // A page somebody happens to look at must not dismiss people here.
  if (method !== 'GET' && request.headers['sec-fetch-site'] === 'cross-site') {
    sendProblem(response, 403, 'requests from other sites are refused');
    return true;
  }
  try {
    const bytes = method === 'GET' ? Buffer.alloc(0) : await readBody(request, largestBody);
    const body = bytes.length === 0 ? {} : parseObject(bytes);
    if (body === undefined) throw new TypeError('the body must be a JSON object');
    sendJson(
      response,
      (await route({ parts, url, body, rest: decodeURIComponent(url.pathname.slice(at + 1)) })) ?? {},
    );
  } catch (error) {
    if (error instanceof CompanyError) sendProblem(response, statusOf(error), error.message);
    else if (error instanceof TypeError) sendProblem(response, 400, error.message);
    else throw error;
  }
  return true;
}

/** `POST /sandbox/dingtalk/tags/7` is the control `POST tags/7`, or `POST tags/*` with `7` for the rest. */
function controlOf(parts: SandboxParts, method: string, pathname: string): PlatformControl | undefined {
  const [, id, name] = /^\/sandbox\/([a-z]+)\/(.+)$/.exec(pathname) ?? [];
  if (name === undefined) return undefined;
  const controls = parts.platforms.find((platform) => platform.id === id)?.controls ?? {};
  return controls[`${method} ${name}`] ?? controls[`${method} ${name.slice(0, name.lastIndexOf('/'))}/*`];
}

/** WeCom where none is named. @throws TypeError for an unknown one. */
function platformOf(parts: SandboxParts, id: unknown): PlatformSimulator {
  const platform = parts.platforms.find((one) => one.id === (id ?? 'wecom'));
  if (!platform)
    throw new TypeError(`platform must be one of ${parts.platforms.map((one) => one.id).join(', ')}`);
  return platform;
}

function done(action: () => void): Record<string, never> {
  action();
  return {};
}
