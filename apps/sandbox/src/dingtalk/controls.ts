import { known } from '../control/known.js';
import type { PlatformControl } from '../platform.js';
import { defaultSwitches } from './events/announcer.js';
import type { CallbackSetup } from './events/http-callbacks.js';
import { plainEvent, type PlainEvent } from './events/plain-event.js';
import { defaultFacts } from './facts.js';
import { defaultLimits } from './limits.js';
import type { DingtalkSimulator } from './simulator.js';

type Body = Record<string, unknown>;

/** What an administrator and the people of the simulated DingTalk can do over HTTP, by method and name. */
export function dingtalkControls(dingtalk: DingtalkSimulator): Readonly<Record<string, PlatformControl>> {
  const { stream, notifications, announcer } = dingtalk;
  return {
    'PUT callback': ({ body }) => dingtalk.setCallback(callbackOf(body), body.verify !== false),
    'DELETE callback': () => done(() => dingtalk.callbacks.remove()),
    'GET state': () => stateOf(dingtalk),
    'GET events': () => ({ data: dingtalk.events.list.slice(-1000) }),
    'POST events': ({ body }) => done(() => dingtalk.announce(eventOf(body, dingtalk.now()))),
    'GET idle': async () => {
      await dingtalk.idle();
      return { idle: true };
    },
    'GET stream': () => ({ enabled: stream.enabled, connections: stream.connectionCount }),
    'PUT stream': ({ body }) => done(() => stream.enable(body.enabled !== false)),
    'DELETE stream': () => done(() => stream.enable(false)),
    'POST stream/kick': () => done(() => stream.kick()),
    'POST stream/cut': () => done(() => stream.cut()),
    'PATCH facts': ({ body }) => {
      dingtalk.setFacts(known(body, defaultFacts));
      return dingtalk.facts;
    },
    'PATCH limits': ({ body }) => {
      dingtalk.setLimits(known(body, defaultLimits));
      return dingtalk.limits;
    },
    'PATCH notification-limits': ({ body }) =>
      Object.assign(notifications.limits, known(body, notifications.limits)),
    'PATCH app': ({ body }) => {
      const { clientId: _id, clientSecret: _secret, agentId: _agent, ...changeable } = dingtalk.app;
      dingtalk.setApp(known(body, changeable));
      return { ...dingtalk.app, clientSecret: undefined };
    },
    'PUT range': ({ body }) => {
      dingtalk.setContactRange(known(body, dingtalk.app.range));
      return dingtalk.app.range;
    },
    'PATCH delivery': ({ body }) => Object.assign(announcer.switches, known(body, defaultSwitches)),
    'POST login-codes': ({ body }) => ({
      code: dingtalk.loginCode(text(body, 'account'), body.kind === 'web' ? 'web' : 'inApp'),
    }),
    'GET approvals': () => ({ data: dingtalk.approvals.all().slice(-1000) }),
    'POST approvals': ({ body }) => ({
      id: dingtalk.submitApproval({
        account: text(body, 'account'),
        title: text(body, 'title'),
        form: (body.form ?? {}) as Record<string, string>,
        ...(typeof body.processCode === 'string' ? { processCode: body.processCode } : {}),
      }),
    }),
    'POST approvals/*': ({ body, rest }) => done(() => decide(dingtalk, rest, body.decision)),
    'DELETE approvals/*': ({ rest }) => done(() => dingtalk.approvals.remove(rest)),
    'GET todos': () => ({ data: dingtalk.todos().slice(-1000) }),
    'POST todos/*': ({ body, rest }) => done(() => dingtalk.finishTodo(rest, text(body, 'account'))),
    'GET messages': () => ({ data: dingtalk.inbox().slice(-1000) }),
    'GET customers': () => ({ data: dingtalk.contacts.all() }),
    'POST customers': ({ body }) => addCustomer(dingtalk, body),
    'DELETE customers/*': ({ rest }) => ({ removed: dingtalk.contacts.remove(rest) }),
  };
}

/** Everything at a glance, without secrets. */
function stateOf(dingtalk: DingtalkSimulator): Record<string, unknown> {
  const { app, callbacks, stream, announcer, facts, limits, faults, calls } = dingtalk;
  return {
    corpId: dingtalk.corpId,
    app: { ...app, clientSecret: undefined },
    callback: callbacks.target === undefined ? null : { url: callbacks.target.url },
    stream: { enabled: stream.enabled, connections: stream.connectionCount },
    delivery: announcer.switches,
    facts,
    limits,
    faults: faults.list(),
    calls: calls.count(),
    events: dingtalk.events.list.length,
    messages: dingtalk.notifications.sent.length,
  };
}

/** An event of the caller's own making: `{eventType, fields, family?}`, fields spelled as documented. */
function eventOf(body: Body, at: number): PlainEvent {
  const family = body.family === 'approvals' || body.family === 'todos' ? body.family : 'contacts';
  return plainEvent(family, text(body, 'eventType'), (body.fields ?? {}) as Body, at);
}

function callbackOf(body: Body): CallbackSetup {
  text(body, 'url');
  const { verify: _verify, ...setup } = body;
  return setup as unknown as CallbackSetup;
}

function decide(dingtalk: DingtalkSimulator, id: string, decision: unknown): void {
  if (decision !== 'approved' && decision !== 'rejected' && decision !== 'withdrawn')
    throw new TypeError('decision must be approved, rejected or withdrawn');
  dingtalk.decideApproval(id, decision);
}

/** `{name, mobile?, owner?, labelIds?, companyName?}`; the first employee follows whoever names no owner. */
function addCustomer(dingtalk: DingtalkSimulator, body: Body): unknown {
  const { contacts, company } = dingtalk;
  const number = String(contacts.all().length + 1).padStart(4, '0');
  const labels = Array.isArray(body.labelIds) ? (body.labelIds as number[]) : [];
  return contacts.add({
    name: text(body, 'name'),
    mobile: typeof body.mobile === 'string' ? body.mobile : `1371111${number}`,
    state_code: '86',
    follower_user_id: typeof body.owner === 'string' ? body.owner : (company.people()[0]?.account ?? ''),
    label_ids: labels,
    share_dept_ids: [],
    share_user_ids: [],
    ...(typeof body.companyName === 'string' ? { company_name: body.companyName } : {}),
  });
}

function text(body: Body, name: string): string {
  const value = body[name];
  if (typeof value !== 'string' || value === '') throw new TypeError(`${name} is needed`);
  return value;
}

function done(action: () => void): Record<string, never> {
  action();
  return {};
}
