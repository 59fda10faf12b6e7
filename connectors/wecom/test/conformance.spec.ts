import type { JsonObject, RawCallback, ResultItem, TodoItem } from '@trainbridge/connector-kit';
import { describeConnectorConformance, type PlatformUnderTest } from '@trainbridge/connector-testing';
import { startSandbox, type Sandbox, type SandboxOptions } from '@trainbridge/sandbox';
import connector from '../src/index.js';
import { contactEvent, push, verification } from './callback.js';
import { s1 } from './vectors.js';

const REDIRECT = 'https://bridge.example.test/sso/con_1/callback';
const TAG = '安全培训已通过';
const ATTRIBUTE = '培训积分';

describeConnectorConformance(connector, { start });

/** The simulated WeCom with a small company, as the suite wants a platform described. */
async function start(): Promise<PlatformUnderTest> {
  const options: SandboxOptions = {
    people: 130,
    departments: 12,
    wecom: { corpId: s1.receiveId, customers: 6 },
  };
  const sandbox = await startSandbox(options);
  const { wecom, company, mutations } = sandbox;
  const [everywhere, learner] = company
    .people()
    .filter(({ status }) => status === 'active')
    .slice(-2);
  if (!everywhere || !learner) throw new Error('a company of nobody');
  const departments = [...company.departments()].map(({ id }) => id);
  mutations.move(everywhere.account, departments.filter((id) => id !== 1).slice(0, 3));
  const approvals = ['安全', '消防', '合规'].map((course) =>
    wecom.submitApproval({ account: learner.account, title: '培训申请', form: { 课程: course } }),
  );
  const contacts = wecom.customers.all();
  const [customer] = contacts;
  if (!customer) throw new Error('a company without customers');
  const config: JsonObject = {
    ...(sandbox.connectionConfig('wecom') as JsonObject),
    contactsCallbackToken: s1.token,
    contactsCallbackAesKey: s1.aesKey,
  };
  let events = 0;
  const event = (): string =>
    contactEvent(
      `<ChangeType>update_user</ChangeType><UserID><![CDATA[${learner.account}]]></UserID><Alias>${(events += 1)}</Alias>`,
      Math.floor(Date.now() / 1_000),
    );
  const pushed = (more: object = {}): RawCallback =>
    push(event(), {
      token: s1.token,
      aesKey: s1.aesKey,
      corpId: s1.receiveId,
      timestamp: Math.floor(Date.now() / 1_000),
      ...more,
    });
  return {
    config,
    refusedConfig: { ...config, agentSecret: 'not-the-secret', contactsSecret: 'not-the-secret' },
    expireTokens: () => wecom.expireTokens(),
    limitRate: (calls) => void wecom.faults.add({ kind: 'rate_limit', times: calls, endpoint: '*' }),
    directory: {
      people: company.people().map(({ account }) => account),
      departments: departments.map(String),
      inThreeDepartments: everywhere.account,
      nobody: 'nobody.at.all',
    },
    customers: { everybody: contacts.map(({ externalUserId }) => externalUserId), nobody: 'wmNobodyAtAll' },
    tasks: { since: Date.now() - 3_600_000, known: approvals, nothing: '209901010001' },
    events: {
      genuine: () => pushed(),
      forged: () => {
        const genuine = pushed();
        return [
          pushed({ token: 'anothertoken' }),
          pushed({ aesKey: 'x'.repeat(43) }),
          pushed({ corpId: 'wwanother0000001' }),
          pushed({ timestamp: Math.floor(Date.now() / 1_000) - 3_600 }),
          { ...genuine, queryString: genuine.queryString.replace('nonce=1372623149', 'nonce=2') },
          { ...genuine, queryString: '' },
        ];
      },
      challenge: () => ({ raw: verification(s1), body: String(s1.message) }),
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
      count: () => wecom.todos().filter(({ status }) => status !== 'removed').length,
    },
    results: {
      message: {
        options: {},
        item: resultFor('user', learner.account),
        unknownRecipient: { ...resultFor('user', 'nobody.at.all'), key: 'res_unknown' },
        count: () => wecom.inbox().length,
      },
      tag: {
        options: { tagName: TAG },
        item: resultFor(
          'customer',
          customer.externalUserId,
          [...customer.relations.values()].map(({ person }) => person.account),
        ),
        unknownRecipient: {
          ...resultFor('customer', 'wmNobodyAtAll', [learner.account]),
          key: 'res_unknown',
        },
        count: () => tagged(wecom),
      },
      attribute: {
        options: { attribute: ATTRIBUTE },
        item: resultFor('user', learner.account),
        unknownRecipient: { ...resultFor('user', 'nobody.at.all'), key: 'res_unknown' },
        count: () => company.people().filter((person) => person.details().attributes[ATTRIBUTE]).length,
      },
    },
    close: () => sandbox.close(),
  };
}

/** Customers who bear the tag at anybody's hand. */
function tagged(wecom: Sandbox['wecom']): number {
  const ids = new Set(
    wecom.corpTags
      .all()
      .flatMap(({ tags }) => tags)
      .filter(({ name }) => name === TAG)
      .map(({ id }) => id),
  );
  return wecom.customers
    .all()
    .filter(({ relations }) =>
      [...relations.values()].some(({ tagIds }) => [...tagIds].some((id) => ids.has(id))),
    ).length;
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

function resultFor(kind: 'user' | 'customer', externalId: string, ownerExternalIds?: string[]): ResultItem {
  return {
    key: 'res_1',
    recipient: { kind, externalId, externalIds: [], ...(ownerExternalIds ? { ownerExternalIds } : {}) },
    event: {
      type: 'exam.passed',
      course: { id: 'c1', title: '安全培训' },
      occurredAt: '2026-11-01T08:00:00Z',
    },
    text: '恭喜通过《安全培训》',
  };
}

/** What the login page sends back. */
async function login(sandbox: Sandbox, config: JsonObject, account: string): Promise<Record<string, string>> {
  const { corpId, agentId } = config as Record<string, string>;
  const url = new URL('/wwlogin/sso/login', sandbox.url);
  url.search = new URLSearchParams({
    login_type: 'CorpApp',
    appid: corpId ?? '',
    agentid: String(agentId),
    redirect_uri: REDIRECT,
    state: 'abc',
    sandbox_user: account,
  }).toString();
  const response = await fetch(url, { redirect: 'manual' });
  return Object.fromEntries(new URL(response.headers.get('location') ?? '').searchParams);
}
