import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, wecomDefaults, type CallbackSetup, type Sandbox } from '@trainbridge/sandbox';
import { CallbackReceiver } from './callback-receiver.js';
import { Caller } from './caller.js';

describe('callbacks', () => {
  let sandbox: Sandbox;
  let receiver: CallbackReceiver;

  beforeEach(async () => {
    receiver = await new CallbackReceiver().start();
    sandbox = await startSandbox({
      people: 40,
      departments: 10,
      now: () => 1767225600_000,
      wecom: { facts: { retrySpacingMs: [5, 5] } },
    });
  });
  afterEach(async () => {
    await sandbox.close();
    await receiver.close();
  });

  async function configured(setup: Partial<CallbackSetup> = {}): Promise<void> {
    expect((await sandbox.wecom.setCallback({ url: receiver.url, ...setup })).ok).toBe(true);
  }

  describe('URL verification', () => {
    it('passes for the bare plaintext and saves the URL', async () => {
      await configured();
      expect(sandbox.wecom.callback?.url).toBe(receiver.url);
    });

    it.each(['quoted', 'wrong'] as const)('fails for a %s answer, and nothing is saved', async (kind) => {
      receiver.verification = kind;
      const result = await sandbox.wecom.setCallback({ url: receiver.url });
      expect(result).toMatchObject({ ok: false, status: 200 });
      expect(sandbox.wecom.callback).toBeUndefined();
    });

    it('fails when it takes too long, is forged or nobody listens', async () => {
      expect(sandbox.wecom.callbacks.switches.verifyTimeoutMs).toBe(1000);
      sandbox.wecom.callbacks.switches.verifyTimeoutMs = 100;
      receiver.verification = 'late';
      expect(await sandbox.wecom.setCallback({ url: receiver.url })).toMatchObject({
        ok: false,
        reason: 'timeout',
      });
      receiver.verification = 'right';
      expect(await sandbox.wecom.setCallback({ url: receiver.url, token: 'another' })).toMatchObject({
        status: 403,
      });
      expect(await sandbox.wecom.setCallback({ url: 'http://127.0.0.1:1/' })).toMatchObject({
        reason: 'ECONNREFUSED',
      });
    });

    it('keeps the query of the URL', async () => {
      expect((await sandbox.wecom.setCallback({ url: `${receiver.url}?tenant=a%2Bb` })).ok).toBe(true);
      sandbox.mutations.hire();
      await sandbox.wecom.idle();
      expect(receiver.events[0]?.query.get('tenant')).toBe('a+b');
    });
  });

  const head =
    '<xml><ToUserName><![CDATA[wwsim0123456789ab]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName>' +
    '<CreateTime>1767225600</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[change_contact]]></Event>';

  it('id-only form: ids of people, silence about the rest', async () => {
    await configured();
    const { mutations } = sandbox;
    mutations.hire({ account: 'lin.mei', departmentIds: [2, 7] });
    mutations.edit('lin.mei', { name: '林美', position: '主管', status: 'disabled' });
    mutations.move('lin.mei', [7]);
    mutations.makeLeader('lin.mei', 7);
    mutations.changeAccount('lin.mei', 'chen.bo');
    mutations.dismiss('chen.bo');
    const made = mutations.createDepartment({ name: '华东门店', parentId: 7 });
    mutations.renameDepartment(made.id, '华东二店');
    mutations.moveDepartment(made.id, 2);
    mutations.removeDepartment(made.id);
    await sandbox.wecom.idle();
    const user = (type: string, rest: string): string =>
      `${head}<ChangeType>${type}</ChangeType>${rest}</xml>`;
    expect(receiver.events.map((event) => event.xml)).toEqual([
      user('create_user', '<UserID><![CDATA[lin.mei]]></UserID><Department><![CDATA[2,7]]></Department>'),
      user('update_user', '<UserID><![CDATA[lin.mei]]></UserID><Department><![CDATA[7]]></Department>'),
      user('update_user', '<UserID><![CDATA[lin.mei]]></UserID><Department><![CDATA[7]]></Department>'),
      user(
        'update_user',
        '<UserID><![CDATA[lin.mei]]></UserID><NewUserID><![CDATA[chen.bo]]></NewUserID><Department><![CDATA[7]]></Department>',
      ),
      user('delete_user', '<UserID><![CDATA[chen.bo]]></UserID>'),
      user('create_party', `<Id>${made.id}</Id><ParentId><![CDATA[7]]></ParentId>`),
      user('update_party', `<Id>${made.id}</Id><ParentId><![CDATA[2]]></ParentId>`),
      user('delete_party', `<Id>${made.id}</Id>`),
    ]);
    expect(receiver.events[0]).toMatchObject({ contentType: 'text/xml' });
    expect(receiver.events[0]?.envelope).toMatch(
      /^<xml><ToUserName><!\[CDATA\[wwsim0123456789ab\]\]><\/ToUserName><Encrypt><!\[CDATA\[[A-Za-z0-9+/=]+\]\]><\/Encrypt><AgentID><!\[CDATA\[\]\]><\/AgentID><\/xml>$/,
    );
  });

  it('full form: every field of a newcomer, only the changed ones later, renames too', async () => {
    await configured({ form: 'full' });
    const { mutations } = sandbox;
    mutations.hire({ account: 'lin.mei', name: '林]]>梅', departmentIds: [2] });
    mutations.edit('lin.mei', { name: '林美' });
    mutations.move('lin.mei', [2, 3]);
    mutations.renameDepartment(5, '改了名');
    await sandbox.wecom.idle();
    const [created, renamed, moved, party] = receiver.events.map((event) => event.xml);
    for (const field of [
      'Name',
      'MainDepartment',
      'IsLeaderInDept',
      'Position',
      'Mobile',
      'Gender',
      'Email',
      'BizMail',
      'Status',
      'ExtAttr',
    ]) {
      expect(created).toContain(`<${field}>`);
    }
    expect(created).toContain('<![CDATA[林]]]]><![CDATA[>梅]]>');
    expect(renamed?.slice(head.length)).toBe(
      '<ChangeType>update_user</ChangeType><UserID><![CDATA[lin.mei]]></UserID><Name><![CDATA[林美]]></Name></xml>',
    );
    expect(moved).toContain('<Department><![CDATA[2,3]]></Department>');
    expect(moved).not.toContain('<Name>');
    expect(party).toContain(
      '<ChangeType>update_party</ChangeType><Id>5</Id><Name><![CDATA[改了名]]></Name></xml>',
    );
  });

  it('facts changeTypeCdata and callbackContentType', async () => {
    sandbox.wecom.setFacts({ changeTypeCdata: true, callbackContentType: 'application/octet-stream' });
    await configured();
    sandbox.mutations.hire();
    await sandbox.wecom.idle();
    expect(receiver.events[0]?.xml).toContain('<ChangeType><![CDATA[create_user]]></ChangeType>');
    expect(receiver.events[0]?.contentType).toBe('application/octet-stream');
  });

  it('tags; fact emptyTagItems', async () => {
    await configured();
    const [first, second] = sandbox.company.people();
    sandbox.wecom.putTag(12, '讲师', { users: [first?.account ?? ''], parties: [7] });
    sandbox.wecom.setFacts({ emptyTagItems: 'empty' });
    sandbox.wecom.putTag(12, '讲师', { users: [second?.account ?? ''], parties: [7] });
    await sandbox.wecom.idle();
    const [added, changed] = receiver.events.map((event) => event.xml.slice(head.length));
    expect(added).toBe(
      `<ChangeType>update_tag</ChangeType><TagId>12</TagId><AddUserItems><![CDATA[${first?.account}]]></AddUserItems><AddPartyItems><![CDATA[7]]></AddPartyItems></xml>`,
    );
    expect(changed).toContain(`<DelUserItems><![CDATA[${first?.account}]]></DelUserItems>`);
    expect(changed).toContain('<AddPartyItems><![CDATA[]]></AddPartyItems>');
  });

  it('no echo of writes that came in through the API', async () => {
    await configured();
    const caller = new Caller(sandbox);
    const body = { userid: 'by.api', name: '接口', department: [2], email: 'a@example.test' };
    expect(await caller.contacts('user/create', body)).toMatchObject({ errcode: 0, errmsg: 'created' });
    expect((await caller.contacts('user/update', { userid: 'by.api', department: [3] })).errcode).toBe(0);
    expect((await caller.contacts('user/delete?userid=by.api')).errcode).toBe(0);
    await sandbox.wecom.idle();
    expect(receiver.events).toEqual([]);
  });

  describe('delivery', () => {
    beforeEach(() => configured());
    const outcome = (): unknown[] =>
      sandbox.wecom.callbacks.records.map((record) => [record.outcome, record.attempts.length]);

    it('tries three times when the connection breaks', async () => {
      receiver.answers.push('reset', 'reset');
      sandbox.mutations.hire();
      await sandbox.wecom.idle();
      expect(outcome()).toEqual([['delivered', 3]]);
      receiver.answers.push('reset', 'reset', 'reset');
      sandbox.mutations.hire();
      await sandbox.wecom.idle();
      expect(outcome()[1]).toEqual(['failed', 3]);
    });

    it('gives up on an answer after five seconds', async () => {
      expect(sandbox.wecom.callbacks.switches).toMatchObject({ timeoutMs: 5000, attempts: 3 });
      sandbox.wecom.callbacks.switches.timeoutMs = 60;
      receiver.answers.push('hang');
      sandbox.mutations.hire();
      await sandbox.wecom.idle();
      expect(sandbox.wecom.callbacks.records[0]?.attempts).toMatchObject([
        { error: 'timeout' },
        { status: 200 },
      ]);
    });

    it('fact retryOnNon200', async () => {
      receiver.answers.push(500);
      sandbox.mutations.hire();
      await sandbox.wecom.idle();
      expect(outcome()).toEqual([['failed', 1]]);
      sandbox.wecom.setFacts({ retryOnNon200: true });
      receiver.answers.push(500, 302);
      sandbox.mutations.hire();
      await sandbox.wecom.idle();
      expect(outcome()[1]).toEqual(['delivered', 3]);
    });

    it('fact reencryptOnRetry', async () => {
      receiver.answers.push('reset');
      sandbox.mutations.hire();
      await sandbox.wecom.idle();
      expect(receiver.events[1]?.xml).toBe(receiver.events[0]?.xml);
      expect(receiver.events[1]?.envelope).not.toBe(receiver.events[0]?.envelope);
      sandbox.wecom.setFacts({ reencryptOnRetry: false });
      receiver.answers.push('reset');
      sandbox.mutations.hire();
      await sandbox.wecom.idle();
      expect(receiver.events[3]?.envelope).toBe(receiver.events[2]?.envelope);
      expect(receiver.events[3]?.query.toString()).toBe(receiver.events[2]?.query.toString());
    });

    it('fact retrySpacingMs', async () => {
      sandbox.wecom.setFacts({ retrySpacingMs: [150, 5] });
      receiver.answers.push('reset');
      sandbox.mutations.hire();
      const started = performance.now();
      await sandbox.wecom.idle();
      expect(performance.now() - started).toBeGreaterThan(140);
    });

    it('drops, doubles and reverses', async () => {
      const { switches } = sandbox.wecom.callbacks;
      switches.dropNext = 1;
      sandbox.mutations.hire({ account: 'lost' });
      switches.duplicates = 1;
      sandbox.mutations.hire({ account: 'twice' });
      await sandbox.wecom.idle();
      expect(outcome()).toEqual([
        ['dropped', 0],
        ['delivered', 1],
        ['delivered', 1],
      ]);
      expect(receiver.events[0]?.xml).toBe(receiver.events[1]?.xml);
      Object.assign(switches, { duplicates: 0, reorder: true });
      sandbox.mutations.hire({ account: 'first', departmentIds: [2] });
      sandbox.mutations.dismiss('first');
      await sandbox.wecom.idle();
      expect(receiver.types().slice(2)).toEqual(['delete_user', 'create_user']);
    });

    it('one creation as update, update, create', async () => {
      sandbox.wecom.callbacks.switches.createAs = 'update-update-create';
      sandbox.mutations.hire();
      await sandbox.wecom.idle();
      expect(receiver.types()).toEqual(['update_user', 'update_user', 'create_user']);
    });

    it('hands out sealed events for tests that replay or tamper', async () => {
      const sealed = sandbox.wecom.sealCallback('<xml/>', { timestamp: '1', nonce: 'abc' });
      expect(sealed.url.searchParams.get('timestamp')).toBe('1');
      const post = async (body: string): Promise<number> =>
        (await fetch(sealed.url, { method: 'POST', body })).status;
      expect(await post(sealed.body)).toBe(200);
      expect(await post(sealed.body.replace('<Encrypt><![CDATA[', '<Encrypt><![CDATA[A'))).toBe(403);
      sandbox.wecom.sendEvent('custom', 'x', '<xml><Custom/></xml>');
      await sandbox.wecom.idle();
      expect(receiver.events.map((event) => event.xml)).toEqual(['<xml/>', '<xml><Custom/></xml>']);
    });

    it('stops when the callback is removed', async () => {
      sandbox.wecom.removeCallbacks();
      sandbox.mutations.hire();
      await sandbox.wecom.idle();
      expect(receiver.events).toEqual([]);
    });
  });

  it("an app's own callback: who enters and leaves its view", async () => {
    await sandbox.wecom.setAppCallback({
      url: receiver.url,
      token: wecomDefaults.callbackToken,
      aesKey: wecomDefaults.callbackAesKey,
    });
    sandbox.wecom.setVisibleRange({ parties: [2] });
    await sandbox.wecom.idle();
    receiver.events.length = 0;
    const { mutations } = sandbox;
    mutations.hire({ account: 'out.side', departmentIds: [6] });
    mutations.move('out.side', [2]);
    mutations.edit('out.side', { status: 'disabled' });
    mutations.edit('out.side', { status: 'active' });
    mutations.dismiss('out.side');
    await sandbox.wecom.idle();
    const events = receiver.events.map(({ xml }) => /<Event><!\[CDATA\[(\w+)/.exec(xml)?.[1]);
    expect(events).toEqual(['subscribe', 'unsubscribe', 'subscribe', 'unsubscribe']);
    expect(receiver.events[0]?.xml).toContain('<FromUserName><![CDATA[out.side]]></FromUserName>');
    expect(receiver.events[0]?.envelope).toContain(`<AgentID><![CDATA[${wecomDefaults.agentId}]]></AgentID>`);
  });
});
