import type { JsonObject, RawCallback, ResultItem, TodoItem } from '@trainbridge/connector-kit';
import { describeConnectorConformance, type PlatformUnderTest } from '@trainbridge/connector-testing';
import { feishuDefaults, feishuEncrypt, feishuSign, startSandbox, type Sandbox } from '@trainbridge/sandbox';
import connector from '../src/index.js';

const REDIRECT = 'https://bridge.example.test/sso/con_1/callback';
const { encryptKey, verificationToken, appId, appToken, tableId } = feishuDefaults;

describeConnectorConformance(connector, { start });

/** The simulated Feishu with a small company, as the suite wants a platform described. */
async function start(): Promise<PlatformUnderTest> {
  const sandbox = await startSandbox({ people: 130, departments: 12 });
  const { feishu, company, mutations } = sandbox;
  const active = company.people().filter(({ status }) => status === 'active');
  const [everywhere, learner] = active.slice(-2);
  if (!everywhere || !learner) throw new Error('a company of nobody');
  const departments = [...company.departments()].filter(({ id }) => id !== 1).map(({ id }) => id);
  mutations.move(everywhere.account, departments.slice(0, 3));
  const unionId = (account: string): string => feishu.ids.unionId(feishu.personOf(account).id);
  const approvals = ['安全', '消防', '合规'].map((course) =>
    feishu.submitApproval({ account: learner.account, title: '培训申请', form: { 课程: course } }),
  );
  const config = sandbox.connectionConfig('feishu') as JsonObject;
  let events = 0;
  return {
    config,
    refusedConfig: { ...config, appSecret: 'not-the-secret' },
    expireTokens: () => feishu.expireTokens(),
    limitRate: (calls) => void feishu.faults.add({ kind: 'rate_limit', times: calls, endpoint: '*' }),
    directory: {
      people: company.people().map(({ account }) => unionId(account)),
      departments: departments.map((id) => feishu.ids.department(id, 'open_department_id')),
      inThreeDepartments: unionId(everywhere.account),
      nobody: 'on_nobody',
    },
    tasks: {
      since: Date.now() - 3_600_000,
      known: approvals,
      nothing: '00000000-0000-0000-0000-000000000000',
    },
    events: {
      genuine: () => signed(userChanged(`ev-${(events += 1)}`, unionId(learner.account))),
      forged: () => forgeries(unionId(learner.account)),
      challenge: () => {
        const asked = { challenge: 'c-1', token: verificationToken, type: 'url_verification' };
        const { headers: _headers, ...raw } = signed(asked);
        return { raw: { ...raw, headers: {} }, body: '{"challenge":"c-1"}' };
      },
    },
    identity: {
      redirectUri: REDIRECT,
      mode: 'browser',
      login: (externalId) => login(sandbox, accountOf(sandbox, externalId)),
      externalId: unionId(learner.account),
    },
    todos: {
      item: todoFor(unionId(learner.account)),
      unknownRecipient: { ...todoFor('on_nobody'), key: 'enr_unknown_0001' },
      count: () => feishu.todos().filter(({ status }) => status !== 'removed').length,
    },
    results: {
      message: {
        options: {},
        item: resultFor(unionId(learner.account)),
        unknownRecipient: { ...resultFor('on_nobody'), key: 'res_unknown' },
        count: () => feishu.inbox().length,
      },
      record: {
        options: { appToken, tableId },
        item: resultFor(unionId(learner.account)),
        count: () => feishu.base.tables.reduce((sum, { records }) => sum + records.size, 0),
      },
      attribute: {
        options: { attribute: '最近证书' },
        item: resultFor(unionId(learner.account)),
        unknownRecipient: { ...resultFor('on_nobody'), key: 'res_unknown' },
        count: () => attributesHeld(sandbox),
      },
    },
    close: () => sandbox.close(),
  };
}

function userChanged(eventId: string, unionId: string): JsonObject {
  return {
    schema: '2.0',
    header: {
      event_id: eventId,
      event_type: 'contact.user.updated_v3',
      create_time: '1767225600000',
      token: verificationToken,
      app_id: appId,
      tenant_key: feishuDefaults.tenantKey,
    },
    event: { object: { union_id: unionId, name: '赵一' }, old_object: { name: '赵二' } },
  };
}

function signed(message: JsonObject, key: string = encryptKey): RawCallback {
  const body = JSON.stringify({ encrypt: feishuEncrypt(key, JSON.stringify(message)) });
  const [timestamp, nonce] = ['1767225600', 'nonce-1'];
  return {
    method: 'POST',
    queryString: '',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'x-lark-request-timestamp': timestamp,
      'x-lark-request-nonce': nonce,
      'x-lark-signature': feishuSign(key, timestamp, nonce, body),
    },
    bodyBase64: Buffer.from(body).toString('base64'),
  };
}

function forgeries(unionId: string): RawCallback[] {
  const message = userChanged('ev-forged', unionId);
  const raw = signed(message);
  const plain = { ...raw, bodyBase64: Buffer.from(JSON.stringify(message)).toString('base64') };
  return [
    { ...raw, headers: {} },
    { ...raw, headers: { ...raw.headers, 'x-lark-signature': 'ab'.repeat(32) } },
    { ...raw, headers: { ...raw.headers, 'x-lark-request-timestamp': '1767225601' } },
    signed(message, 'another key'),
    signed({ ...message, header: { ...(message.header as JsonObject), token: 'another token' } }),
    plain,
  ];
}

function todoFor(unionId: string): TodoItem {
  return {
    key: 'enr_0000000001',
    recipientExternalId: unionId,
    recipientExternalIds: [],
    title: '安全培训',
    url: 'https://lms.example.test/go/1',
    dueAt: '2030-12-31T10:00:00Z',
  };
}

function resultFor(unionId: string): ResultItem {
  return {
    key: 'res_1',
    recipient: { kind: 'user', externalId: unionId, externalIds: [] },
    event: {
      type: 'exam.passed',
      course: { id: 'c1', title: '安全培训' },
      result: { success: true, score: { raw: 92 } },
      occurredAt: '2026-11-01T08:00:00Z',
    },
    text: '恭喜通过《安全培训》',
  };
}

function accountOf({ feishu, company }: Sandbox, unionId: string): string {
  const person = company.people().find(({ id }) => feishu.ids.unionId(id) === unionId);
  if (!person) throw new Error(`nobody is ${unionId}`);
  return person.account;
}

/** What the login page sends back. */
async function login(sandbox: Sandbox, account: string): Promise<Record<string, string>> {
  const url = new URL('/open-apis/authen/v1/authorize', sandbox.url);
  url.search = new URLSearchParams({
    client_id: appId,
    response_type: 'code',
    redirect_uri: REDIRECT,
    state: 'abc',
    sandbox_user: account,
  }).toString();
  const response = await fetch(url, { redirect: 'manual' });
  return Object.fromEntries(new URL(response.headers.get('location') ?? '').searchParams);
}

/** People whose field says it. */
function attributesHeld({ company }: Sandbox): number {
  return company.people().filter(({ attributes }) => attributes['最近证书'] === '恭喜通过《安全培训》')
    .length;
}
