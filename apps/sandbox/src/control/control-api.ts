import type { IncomingMessage, ServerResponse } from 'node:http';
import { CompanyError } from '../company/index.js';
import { faultKinds, type FaultSpec } from '../faults/faults.js';
import { sendJson, sendProblem } from '../http/answers.js';
import { parseObject, readBody } from '../http/body.js';
import type { LmsBehavior } from '../lms/index.js';
import type { SandboxParts } from '../parts.js';
import { defaultDelivery } from '../wecom/callback.js';
import { defaultFacts, defaultLimits, type CallbackSetup } from '../wecom/index.js';
import { departmentRows, findPeople } from './company-views.js';
import { streamLog } from './log-stream.js';
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
  'GET /sandbox/state': ({ parts }) => sandboxState(parts),
  'GET /sandbox/departments': ({ parts }) => ({ data: departmentRows(parts.company) }),
  'GET /sandbox/people': ({ parts, url }) =>
    findPeople(parts.company, {
      query: url.searchParams.get('q') ?? '',
      departmentId: Number(url.searchParams.get('departmentId') ?? 0),
      offset: Number(url.searchParams.get('offset') ?? 0),
      limit: Math.min(1000, Number(url.searchParams.get('limit') ?? 50)),
    }),
  'GET /sandbox/calls': ({ parts }) => ({
    total: parts.wecom.calls.count(),
    byEndpoint: parts.wecom.calls.byEndpoint(),
  }),
  'DELETE /sandbox/calls': ({ parts }) => done(() => parts.wecom.calls.reset()),
  'GET /sandbox/log': ({ parts, url }) => ({
    data: parts.log.since(Number(url.searchParams.get('since') ?? 0)),
  }),
  'GET /sandbox/faults': ({ parts }) => ({ data: parts.wecom.faults.list(), kinds: faultKinds }),
  'POST /sandbox/faults': ({ parts, body }) => {
    const id = parts.wecom.faults.add(body as unknown as FaultSpec);
    parts.log.add({
      source: 'console',
      title: `fault 故障 ${String(body.kind)}`,
      outcome: 'warning',
      detail: JSON.stringify(body),
    });
    return { id };
  },
  'DELETE /sandbox/faults': ({ parts }) => done(() => parts.wecom.faults.clear()),
  'DELETE /sandbox/faults/*': ({ parts, rest }) => ({ removed: parts.wecom.faults.remove(rest) }),
  'POST /sandbox/mutations': ({ parts, body }) => {
    const result = carryOut(body as unknown as MutationCommand, parts.company, parts.mutations);
    const about = [...result.accounts, ...result.departmentIds].slice(0, 5).join(', ');
    parts.log.add({ source: 'console', title: result.action, outcome: 'ok', detail: about });
    return result;
  },
  'PUT /sandbox/wecom/callback': ({ parts, body }) =>
    parts.wecom.setCallback(callbackOf(body), body.verify !== false),
  'PUT /sandbox/wecom/app-callback': ({ parts, body }) =>
    parts.wecom.setAppCallback(callbackOf(body), body.verify !== false),
  'DELETE /sandbox/wecom/callback': ({ parts }) => done(() => parts.wecom.removeCallbacks()),
  'GET /sandbox/wecom/callbacks': ({ parts }) => ({ data: parts.wecom.callbacks.records.slice(-1000) }),
  'GET /sandbox/wecom/idle': async ({ parts }) => {
    await parts.wecom.idle();
    return { idle: true };
  },
  'POST /sandbox/wecom/warm': ({ parts }) => done(() => parts.wecom.warm()),
  'GET /sandbox/wecom/messages': ({ parts }) => ({ data: parts.wecom.messages.slice(-1000) }),
  'PATCH /sandbox/wecom/facts': ({ parts, body }) => {
    parts.wecom.setFacts(known(body, defaultFacts));
    return parts.wecom.facts;
  },
  'PATCH /sandbox/wecom/limits': ({ parts, body }) => {
    parts.wecom.setLimits(known(body, defaultLimits));
    return parts.wecom.limits;
  },
  'PATCH /sandbox/wecom/app': ({ parts, body }) => {
    const { secret: _secret, agentId: _agentId, ...changeable } = parts.wecom.app;
    parts.wecom.setApp(known(body, changeable));
    return { ...parts.wecom.app, secret: undefined };
  },
  'PATCH /sandbox/wecom/contacts': ({ parts, body }) => {
    const { trustedIps, legacyCaller } = parts.wecom.contacts;
    parts.wecom.setContacts(known(body, { trustedIps, legacyCaller }));
    return { ...parts.wecom.contacts, secret: undefined };
  },
  'PATCH /sandbox/wecom/delivery': ({ parts, body }) =>
    Object.assign(parts.wecom.callbacks.switches, known(body, defaultDelivery)),
  'PUT /sandbox/wecom/tags/*': ({ parts, body, rest }) =>
    done(() =>
      parts.wecom.putTag(Number(rest), typeof body.name === 'string' ? body.name : rest, {
        users: (body.users as string[] | undefined) ?? [],
        parties: (body.parties as number[] | undefined) ?? [],
      }),
    ),
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
  const route = exact ?? routes[`${method} ${url.pathname.slice(0, at)}/*`];
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

function callbackOf(body: Record<string, unknown>): CallbackSetup {
  if (typeof body.url !== 'string') throw new TypeError('url is needed');
  const { verify: _verify, ...setup } = body;
  return setup as unknown as CallbackSetup;
}

/** The body as a change of `template`. @throws TypeError for a name that does not stand there. */
function known<T extends object>(body: Record<string, unknown>, template: object): Partial<T> {
  for (const name of Object.keys(body)) {
    if (!(name in template))
      throw new TypeError(`unknown setting ${name}; known: ${Object.keys(template).join(', ')}`);
  }
  return body as Partial<T>;
}

function done(action: () => void): Record<string, never> {
  action();
  return {};
}
