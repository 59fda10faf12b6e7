import { known } from '../control/known.js';
import type { PlatformControl } from '../platform.js';
import type { ApprovalTemplate } from './approvals/templates.js';
import { defaultDelivery } from './callback.js';
import { defaultFacts } from './facts.js';
import { defaultLimits } from './limits.js';
import type { CallbackSetup } from './options.js';
import type { Customer, NewCustomer } from './customers/customers.js';
import type { WecomSimulator } from './simulator.js';

type Body = Record<string, unknown>;

const decisions = ['approved', 'rejected', 'withdrawn'] as const;

/** What administrators and people of the simulated WeCom can do over HTTP, by method and name. */
export function wecomControls(wecom: WecomSimulator): Readonly<Record<string, PlatformControl>> {
  const { customers, corpTags, approvals } = wecom;
  return {
    'GET state': () => stateOf(wecom),
    'PUT callback': ({ body }) => wecom.setCallback(callbackOf(body), body.verify !== false),
    'PUT app-callback': ({ body }) => wecom.setAppCallback(callbackOf(body), body.verify !== false),
    'DELETE callback': () => done(() => wecom.removeCallbacks()),
    'GET callbacks': () => ({ data: wecom.callbacks.records.slice(-1000) }),
    'GET idle': async () => {
      await wecom.idle();
      return { idle: true };
    },
    'POST warm': () => done(() => wecom.warm()),
    'GET messages': () => ({
      data: wecom.messages.slice(-1000).map(({ updates, ...message }) => ({
        ...message,
        updates: Object.fromEntries(updates),
      })),
    }),
    'GET inbox': () => ({ data: wecom.inbox().slice(-1000) }),
    'GET todos': () => ({ data: wecom.todos().slice(-1000) }),
    'POST cards/*': ({ body, rest }) =>
      done(() => wecom.pressCard(rest, text(body, 'account'), text(body, 'key'))),
    'PATCH facts': ({ body }) => {
      wecom.setFacts(known(body, defaultFacts));
      return wecom.facts;
    },
    'PATCH limits': ({ body }) => {
      wecom.setLimits(known(body, defaultLimits));
      return wecom.limits;
    },
    'PATCH app': ({ body }) => {
      const { secret: _secret, agentId: _agentId, ...changeable } = wecom.app;
      wecom.setApp(known(body, changeable));
      return { ...wecom.app, secret: undefined };
    },
    'PATCH contacts': ({ body }) => {
      const { trustedIps, legacyCaller } = wecom.contacts;
      wecom.setContacts(known(body, { trustedIps, legacyCaller }));
      return { ...wecom.contacts, secret: undefined };
    },
    'PATCH delivery': ({ body }) => Object.assign(wecom.callbacks.switches, known(body, defaultDelivery)),
    'PUT tags/*': ({ body, rest }) =>
      done(() =>
        wecom.putTag(Number(rest), typeof body.name === 'string' ? body.name : rest, {
          users: (body.users as string[] | undefined) ?? [],
          parties: (body.parties as number[] | undefined) ?? [],
        }),
      ),
    'POST login-codes': ({ body }) => ({
      code: wecom.loginCode(
        text(body, 'account'),
        body.kind === 'web' ? 'web' : 'inApp',
        body.consent === true,
      ),
    }),
    'GET approvals': () => ({
      data: approvals.all().map(({ number, name, applicant, status, contents }) => ({
        id: number,
        title: name,
        account: applicant.account,
        status,
        contents,
      })),
    }),
    'POST approvals': ({ body }) => ({
      id: wecom.submitApproval({
        account: text(body, 'account'),
        title: text(body, 'title'),
        form: (body.form ?? {}) as Record<string, string>,
      }),
    }),
    'POST approvals/*': ({ body, rest }) => done(() => changeApproval(wecom, rest, body)),
    'DELETE approvals/*': ({ rest }) => done(() => approvals.remove(rest)),
    'PUT approval-templates/*': ({ body, rest }) => {
      const controls = (body.controls ?? []) as ApprovalTemplate['controls'];
      return done(() => approvals.putTemplate({ id: rest, name: text(body, 'name'), controls }));
    },
    'GET customers': () => ({ data: customers.all().map(view) }),
    'POST customers': ({ body }) =>
      view(customers.add({ ...(body as Partial<NewCustomer>), name: text(body, 'name') })),
    'POST customers/*': ({ body, rest }) => done(() => changeCustomer(wecom, rest, body)),
    'DELETE customers/*': ({ body, rest }) =>
      done(() => customers.drop(rest, text(body, 'account'), body.byTransfer === true)),
    'GET corp-tags': () => ({ data: corpTags.all() }),
    'POST corp-tags': ({ body }) => ({ id: corpTags.add(text(body, 'group'), text(body, 'name')) }),
    'PUT corp-tags/*': ({ body, rest }) => done(() => corpTags.rename(rest, text(body, 'name'))),
    'DELETE corp-tags/*': ({ rest }) => done(() => corpTags.remove(rest)),
  };
}

/** Everything at a glance, without secrets. */
function stateOf(wecom: WecomSimulator): Body {
  const { callback, appCallback, approvals, customers } = wecom;
  return {
    corpId: wecom.corpId,
    app: { ...wecom.app, secret: undefined },
    contacts: { ...wecom.contacts, secret: undefined },
    callback: callback === undefined ? null : { url: callback.url, form: callback.form },
    appCallback: appCallback === undefined ? null : { url: appCallback.url },
    delivery: wecom.callbacks.switches,
    facts: wecom.facts,
    limits: wecom.limits,
    faults: wecom.faults.list(),
    calls: wecom.calls.count(),
    callbacks: wecom.callbacks.records.length,
    messages: wecom.messages.length,
    customers: customers.all().length,
    approvals: approvals.all().length,
    approvalTemplates: approvals.templates.map(({ id, name }) => ({ id, name })),
  };
}

function view({ relations, ...customer }: Customer): Body {
  const followers = [...relations.values()].map(({ person, standing, tagIds, remark, state }) => ({
    account: person.account,
    standing,
    tagIds: [...tagIds],
    remark,
    state,
  }));
  return { ...customer, followers };
}

/** `{decision}`, or `{action: agree | urge}`, or `{action: comment, account, text}`. */
function changeApproval(wecom: WecomSimulator, id: string, body: Body): void {
  const { approvals } = wecom;
  if (body.action === 'agree') return approvals.agree(id);
  if (body.action === 'urge') return approvals.urge(id);
  if (body.action === 'comment')
    return approvals.comment(id, wecom.personOf(text(body, 'account')), text(body, 'text'));
  const decision = decisions.find((one) => one === body.decision);
  if (decision === undefined) throw new TypeError(`decision must be one of ${decisions.join(', ')}`);
  wecom.decideApproval(id, decision);
}

/** `{action: follow | edit | leave | refuse_transfer, account, …}`: what the two do in their clients. */
function changeCustomer({ customers }: WecomSimulator, id: string, { action, account, ...more }: Body): void {
  const userid = text({ account }, 'account');
  switch (action) {
    case 'follow':
      return customers.follow(id, userid, more);
    case 'edit':
      return customers.edit(
        id,
        userid,
        known(more, { remark: '', description: '', mobiles: [], tagIds: [] }),
      );
    case 'leave':
      return customers.leave(id, userid);
    case 'refuse_transfer':
      return customers.refuseTransfer(id, userid);
    default:
      throw new TypeError('action must be follow, edit, leave or refuse_transfer');
  }
}

function callbackOf(body: Body): CallbackSetup {
  text(body, 'url');
  const { verify: _verify, ...setup } = body;
  return setup as unknown as CallbackSetup;
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
