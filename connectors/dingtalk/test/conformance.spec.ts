import {
  envelopeSignature,
  sealEnvelope,
  type JsonObject,
  type RawCallback,
  type ResultItem,
  type TodoItem,
} from '@trainbridge/connector-kit';
import { describeConnectorConformance, type PlatformUnderTest } from '@trainbridge/connector-testing';
import { dingtalkDeptIdOf, startSandbox, type Sandbox } from '@trainbridge/sandbox';
import connector from '../src/index.js';
import { rawOf } from './callback.js';

const REDIRECT = 'https://bridge.example.test/sso/con_1/callback';

describeConnectorConformance(connector, {
  start,
  skip: {
    'the challenge is answered with exactly the text the platform wants':
      'the answer is encrypted with random bytes and differs each time; receive.spec.ts opens it',
  },
});

/** The simulated DingTalk with a small company, as the suite wants a platform described. */
async function start(): Promise<PlatformUnderTest> {
  const sandbox = await startSandbox({ people: 130, departments: 12 });
  const { dingtalk, company, mutations } = sandbox;
  const active = company.people().filter(({ status }) => status === 'active');
  const [everywhere, learner] = active.slice(-2);
  if (!everywhere || !learner) throw new Error('a company of nobody');
  const departments = [...company.departments()].map(({ id }) => id);
  mutations.move(everywhere.account, departments.filter((id) => id !== 1).slice(0, 3));
  const approvals = ['安全', '消防', '合规'].map((course) =>
    dingtalk.submitApproval({ account: learner.account, title: '培训申请', form: { 课程: course } }),
  );
  const config = sandbox.connectionConfig('dingtalk') as JsonObject;
  const contacts = dingtalk.contacts.all().map(({ userid }) => userid);
  const [contact = ''] = contacts;
  let events = 0;
  return {
    config,
    refusedConfig: { ...config, clientSecret: 'not-the-secret' },
    expireTokens: () => dingtalk.expireTokens(),
    limitRate: (calls) => void dingtalk.faults.add({ kind: 'rate_limit', times: calls, endpoint: '*' }),
    directory: {
      people: company.people().map(({ account }) => account),
      departments: departments.map((id) => String(dingtalkDeptIdOf(id))),
      inThreeDepartments: everywhere.account,
      nobody: 'nobody.at.all',
    },
    customers: { everybody: contacts, nobody: 'nobody.at.all' },
    tasks: { since: Date.now() - 3_600_000, known: approvals, nothing: 'no-such-instance' },
    events: {
      genuine: () =>
        pushed(config, {
          EventType: 'user_modify_org',
          UserId: [learner.account],
          eventId: `e${(events += 1)}`,
        }),
      forged: () => forgeries(config, { EventType: 'user_leave_org', UserId: [learner.account] }),
    },
    identity: {
      redirectUri: REDIRECT,
      mode: 'browser',
      login: (account) => login(sandbox, config, account),
      externalId: learner.account,
    },
    todos: {
      item: todoFor(learner.account),
      unknownRecipient: { ...todoFor('nobody.at.all'), key: 'enr_unknown_0001' },
      count: () => dingtalk.todos().filter(({ status }) => status !== 'removed').length,
    },
    results: {
      // A message to an unknown userid is taken like any other: only its result would tell, a day's worth of calls later.
      message: {
        options: {},
        item: resultFor('user', learner.account),
        count: () => dingtalk.inbox().length,
      },
      tag: {
        options: { tagName: labelNobodyHas(dingtalk) },
        item: resultFor('customer', contact),
        unknownRecipient: { ...resultFor('customer', 'nobody.at.all'), key: 'res_unknown' },
        count: () => labelled(dingtalk),
      },
    },
    close: () => sandbox.close(),
  };
}

interface Forgery {
  token?: string;
  aesKey?: string;
  owner?: string;
  timestamp?: number;
}

function pushed(config: JsonObject, message: JsonObject, forged: Forgery = {}): RawCallback {
  const { callbackToken, callbackAesKey, clientId } = config as Record<string, string>;
  const timestamp = String(forged.timestamp ?? Date.now());
  const random = Buffer.from('aaaabbbbccccdddd').toString('base64');
  const encrypt = sealEnvelope(
    forged.aesKey ?? callbackAesKey ?? '',
    forged.owner ?? clientId ?? '',
    JSON.stringify(message),
    random,
  );
  const signature = envelopeSignature(forged.token ?? callbackToken ?? '', timestamp, 'nonce-1', encrypt);
  const query = `signature=${signature}&msg_signature=${signature}&timestamp=${timestamp}&nonce=nonce-1`;
  return rawOf(JSON.stringify({ encrypt }), query);
}

function forgeries(config: JsonObject, message: JsonObject): RawCallback[] {
  const genuine = pushed(config, message);
  return [
    pushed(config, message, { token: 'anothertoken' }),
    pushed(config, message, { aesKey: 'x'.repeat(43) }),
    pushed(config, message, { owner: 'dinganother' }),
    pushed(config, message, { timestamp: Date.now() - 3_600_000 }),
    { ...genuine, queryString: genuine.queryString.replaceAll(/signature=\w+/g, 'signature=') },
    { ...genuine, queryString: genuine.queryString.replace('nonce-1', 'nonce-2') },
  ];
}

function todoFor(account: string): TodoItem {
  return {
    key: 'enr_0000000001',
    recipientExternalId: account,
    recipientExternalIds: [],
    title: '安全培训',
    url: 'https://lms.example.test/go/1',
    dueAt: '2030-12-31T10:00:00Z',
  };
}

function resultFor(kind: 'user' | 'customer', externalId: string): ResultItem {
  return {
    key: 'res_1',
    recipient: { kind, externalId, externalIds: [] },
    event: {
      type: 'exam.passed',
      course: { id: 'c1', title: '安全培训' },
      result: { success: true, score: { raw: 92 } },
      occurredAt: '2026-11-01T08:00:00Z',
    },
    text: '恭喜通过《安全培训》',
  };
}

type Simulator = Sandbox['dingtalk'];

/** A label no contact carries yet, so that carrying it is an effect that can be counted. */
function freeLabel({ contacts }: Simulator): { id: number; name: string } {
  const used = new Set(contacts.all().flatMap(({ label_ids }) => label_ids));
  const free = contacts.labelGroups.flatMap(({ labels }) => labels).find(({ id }) => !used.has(id));
  if (!free) throw new Error('every label is in use');
  return free;
}

const wanted = new WeakMap<Simulator, { id: number; name: string }>();

function labelNobodyHas(dingtalk: Simulator): string {
  const label = freeLabel(dingtalk);
  wanted.set(dingtalk, label);
  return label.name;
}

function labelled(dingtalk: Simulator): number {
  const id = wanted.get(dingtalk)?.id ?? -1;
  return dingtalk.contacts.all().filter(({ label_ids }) => label_ids.includes(id)).length;
}

/** What the login page sends back. */
async function login(sandbox: Sandbox, config: JsonObject, account: string): Promise<Record<string, string>> {
  const { clientId } = config as Record<string, string>;
  const url = new URL('/oauth2/auth', sandbox.url);
  url.search = new URLSearchParams({
    client_id: clientId ?? '',
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: 'openid corpid',
    prompt: 'consent',
    state: 'abc',
    sandbox_user: account,
  }).toString();
  const response = await fetch(url, { redirect: 'manual' });
  return Object.fromEntries(new URL(response.headers.get('location') ?? '').searchParams);
}
