import { known } from '../control/known.js';
import type { PlatformControl } from '../platform.js';
import { defaultApp } from './app.js';
import type { ApprovalWidget } from './approvals.js';
import { fieldTypes, newTable, putTable, type FieldKind } from './bitable.js';
import { courseEvent } from './events/course-event.js';
import { defaultDelivery } from './events/courier.js';
import { defaultConnectionSettings } from './events/long-connection.js';
import { defaultFacts } from './facts.js';
import { defaultLimits } from './limits.js';
import type { FeishuSimulator } from './simulator.js';

const decisions = ['approved', 'rejected', 'withdrawn'] as const;

/** What administrators and people of the simulated Feishu can do over HTTP, by method and name. */
export function feishuControls(feishu: FeishuSimulator): Readonly<Record<string, PlatformControl>> {
  return {
    'GET state': () => ({
      appId: feishu.appId,
      app: feishu.app,
      callback: feishu.callback?.url ?? null,
      connections: feishu.connections.openConnections,
      facts: feishu.facts,
      limits: feishu.limits,
      delivery: feishu.courier.switches,
      faults: feishu.faults.list(),
      calls: feishu.calls.count(),
      approvalCodes: feishu.approvals.definitions.map(({ code, name }) => ({ code, name })),
    }),
    'PUT callback': ({ body }) => {
      const { verify, ...setup } = body;
      return feishu.setCallback({ ...setup, url: text(body, 'url') }, verify !== false);
    },
    'DELETE callback': () => done(() => feishu.removeCallback()),
    'GET events': () => ({ data: feishu.courier.records.slice(-1000) }),
    'GET idle': async () => {
      await feishu.idle();
      return { idle: true };
    },
    'POST connections/kick': () => done(() => feishu.connections.kick()),
    'PATCH connections': ({ body }) =>
      Object.assign(feishu.connections.settings, known(body, defaultConnectionSettings)),
    'PATCH delivery': ({ body }) => Object.assign(feishu.courier.switches, known(body, defaultDelivery)),
    'PATCH facts': ({ body }) => {
      feishu.setFacts(known(body, defaultFacts));
      return feishu.facts;
    },
    'PATCH limits': ({ body }) => {
      feishu.setLimits(known(body, defaultLimits));
      return feishu.limits;
    },
    'PATCH app': ({ body }) => {
      feishu.setApp(known(body, defaultApp));
      return feishu.app;
    },
    'PUT range': ({ body }) => {
      feishu.setRange(known(body, defaultApp.range));
      return feishu.app.range;
    },
    'PUT scopes/*': ({ body, rest }) => {
      feishu.setScope(rest, body.granted !== false);
      return { scopes: feishu.app.scopes };
    },
    'POST login-codes': ({ body }) => {
      const person = feishu.personOf(text(body, 'account'));
      return { code: feishu.sessions.code({ person, scopes: [] }) };
    },
    'PUT approval-definitions/*': ({ body, rest }) => {
      const widgets = (body.widgets ?? []) as ApprovalWidget[];
      feishu.approvals.put({ code: rest, name: text(body, 'name'), widgets });
      return { code: rest };
    },
    'GET approvals': () => ({
      data: feishu.approvals.all().map(({ code, definition, person, status, form }) => ({
        id: code,
        definition: definition.name,
        account: person.account,
        status,
        form,
      })),
    }),
    'POST approvals': ({ body }) => {
      const { title = '', form = {} } = body as { title?: string; form?: Record<string, string> };
      return { id: feishu.submitApproval({ account: text(body, 'account'), title, form }) };
    },
    'POST approvals/*': ({ body, rest }) => {
      const decision = decisions.find((one) => one === body.decision);
      if (decision === undefined) throw new TypeError(`decision must be one of ${decisions.join(', ')}`);
      return done(() => feishu.decideApproval(rest, decision));
    },
    'GET todos': () => ({ data: feishu.todos().slice(-1000) }),
    'POST todos/*': ({ body, rest }) => done(() => feishu.completeTask(rest, body.done !== false)),
    'GET messages': () => ({ data: feishu.inbox().slice(-1000) }),
    'GET tables': () => ({
      data: feishu.bases.flatMap(({ appToken, tables }) =>
        tables.map(({ tableId, name, fields, records }) => ({
          appToken,
          tableId,
          name,
          fields: fields.map((field) => field.name),
          records: [...records.values()],
        })),
      ),
    }),
    'PUT tables/*': ({ body, rest }) => {
      const fields = (body.fields ?? {}) as Record<string, FieldKind>;
      const strange = Object.values(fields).find((kind) => !(kind in fieldTypes));
      if (strange !== undefined)
        throw new TypeError(`unknown kind ${strange}; known: ${Object.keys(fieldTypes).join(', ')}`);
      return done(() =>
        putTable(feishu.base, newTable(rest, typeof body.name === 'string' ? body.name : rest, fields)),
      );
    },
    'PATCH base': ({ body }) => done(() => void (feishu.base.collaborator = body.collaborator !== false)),
    'POST courses': ({ body }) => {
      const course = { id: text(body, 'courseId'), state: Number(body.state ?? 2) };
      const person = feishu.personOf(text(body, 'account'));
      return done(() => feishu.announce(courseEvent(person, course, feishu)));
    },
    'POST events': ({ body }) =>
      done(() =>
        feishu.announce({
          type: text(body, 'type'),
          about: 'by hand',
          version: body.version === 1 ? 1 : 2,
          event: (body.event ?? {}) as Record<string, unknown>,
        }),
      ),
  };
}

function text(body: Record<string, unknown>, name: string): string {
  const value = body[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new TypeError(`${name} is needed`);
}

function done(action: () => void): Record<string, never> {
  action();
  return {};
}
