import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { feishuDefaults, startSandbox, type Sandbox } from '@trainbridge/sandbox';
import { FeishuCaller, items, type FeishuAnswer } from './feishu-caller.js';

describe('the gate of Feishu', () => {
  let sandbox: Sandbox;
  let caller: FeishuCaller;
  let clock: number;

  beforeEach(async () => {
    clock = 1767225600_000;
    sandbox = await startSandbox({ people: 60, departments: 12, now: () => clock });
    caller = new FeishuCaller(sandbox);
  });
  afterEach(() => sandbox.close());

  const list = (): Promise<FeishuAnswer> => caller.get('contact/v3/departments/0/children?page_size=50');

  describe('tokens', () => {
    it('stand at the top of the answer and count down until half an hour is left', async () => {
      const first = await caller.getToken();
      expect(first.body).toMatchObject({ code: 0, msg: 'ok', expire: 7200 });
      expect(first.body).not.toHaveProperty('data');
      expect(first.body.tenant_access_token).toMatch(/^t-/);
      clock += 5400_000;
      expect((await caller.getToken()).body).toMatchObject({
        tenant_access_token: first.body.tenant_access_token,
        expire: 1800,
      });
      clock += 1000;
      const second = await caller.getToken();
      expect(second.body.expire).toBe(7200);
      expect(second.body.tenant_access_token).not.toBe(first.body.tenant_access_token);
      // Both are valid until the older one ends.
      const older = String(first.body.tenant_access_token);
      expect((await caller.as(older, 'GET', 'contact/v3/scopes')).code).toBe(0);
      clock += 1800_000;
      expect((await caller.as(older, 'GET', 'contact/v3/scopes')).code).toBe(99991663);
    });

    it('say what is wrong with credentials with HTTP 200', async () => {
      expect(await caller.getToken(null)).toMatchObject({ status: 200, code: 10003 });
      expect(await caller.getToken('cli_another')).toMatchObject({ status: 200, code: 10014 });
      expect(await caller.getToken(feishuDefaults.appId, 'wrong')).toMatchObject({
        status: 200,
        code: 10015,
      });
      sandbox.feishu.setFacts({ wrongSecretCode: 10014 });
      expect(await caller.getToken(feishuDefaults.appId, 'wrong')).toMatchObject({ code: 10014 });
      const slashed = await caller.send('POST', 'auth/v3/tenant_access_token/internal/', {}, {});
      expect(slashed.code).toBe(10003);
      sandbox.feishu.setApp({ enabled: false });
      expect((await caller.getToken()).code).toBe(99991662);
    });

    it('are asked for, and refused by what is wrong with them', async () => {
      const path = 'contact/v3/departments/0/children';
      expect(await caller.as(undefined, 'GET', path)).toMatchObject({ status: 400, code: 99991661 });
      expect(await caller.as('x-1', 'GET', path)).toMatchObject({ status: 400, code: 99991671 });
      expect(await caller.as('t-1', 'GET', path)).toMatchObject({ status: 400, code: 99991663 });
      expect(await caller.as('u-1', 'GET', path)).toMatchObject({ status: 400, code: 99991668 });
      await list();
      sandbox.feishu.faults.add({ kind: 'expire_tokens' });
      expect(await list()).toMatchObject({ status: 400, code: 99991663 });
      sandbox.feishu.setFacts({ invalidTokenStatus: 200 });
      expect(await list()).toMatchObject({ status: 200, code: 99991663 });
      caller.forget();
      expect((await list()).code).toBe(0);
    });
  });

  it('names the call in a header and in the error', async () => {
    const { headers, error, msg } = await caller.get('contact/v3/users/nobody');
    expect(headers.get('x-tt-logid')).toMatch(/^20260101/);
    expect(error.log_id).toBe(headers.get('x-tt-logid'));
    expect(msg).not.toBe('');
    sandbox.feishu.setFacts({ errorForm: 'page' });
    expect((await caller.get('contact/v3/users/nobody')).error).toHaveProperty('logid');
  });

  it('knows its paths and their methods', async () => {
    expect(await caller.get('contact/v3/nothing/here')).toMatchObject({ status: 404, code: 99991201 });
    expect(await caller.get('contact/v3/users/%zz')).toMatchObject({ status: 404, code: 99991201 });
    expect(await caller.post('contact/v3/scopes')).toMatchObject({ status: 400, code: 99991301 });
  });

  it('refuses bodies that are no JSON object', async () => {
    await list();
    const { tenant_access_token } = (await caller.getToken()).body;
    const response = await fetch(`${sandbox.url}/open-apis/im/v1/messages?receive_id_type=open_id`, {
      method: 'POST',
      headers: { authorization: `Bearer ${String(tenant_access_token)}` },
      body: '[1',
    });
    expect(await response.json()).toMatchObject({
      code: 99992402,
      error: { field_violations: [{ field: 'body' }] },
    });
  });

  it('survives nonsense inside the body', async () => {
    const open = sandbox.feishu.ids.openId(5);
    const task = await caller.post('task/v2/tasks', { summary: 'x' });
    const { guid } = task.data.task as { guid: string };
    const answers = [
      await caller.call('PATCH', `contact/v3/users/${open}`, { custom_attrs: [null] }),
      await caller.post('task/v2/tasks', { summary: 'x', members: [null] }),
      await caller.post('task/v2/tasks', { summary: 'x', due: 7 }),
      await caller.call('PATCH', `task/v2/tasks/${guid}`, { task: null, update_fields: ['toString'] }),
      await caller.post(
        `bitable/v1/apps/${feishuDefaults.appToken}/tables/${feishuDefaults.tableId}/records/batch_create`,
        { records: [null] },
      ),
      await caller.post(
        `bitable/v1/apps/${feishuDefaults.appToken}/tables/${feishuDefaults.tableId}/records/search`,
        { filter: { conditions: [null] } },
      ),
      await caller.post('approval/v4/instances', {
        approval_code: feishuDefaults.approvalCode,
        open_id: open,
        form: '[null]',
      }),
      await caller.post('contact/v3/users/batch_get_id', { mobiles: 7 }),
    ];
    expect(answers.map(({ code }) => code)).toEqual([
      41044, 1470400, 1470400, 1470400, 1254001, 1254001, 1390001, 99992402,
    ]);
  });

  it('refuses to walk a tree that is too large at once', async () => {
    sandbox.feishu.setLimits({ largestTree: 5 });
    const tree = await caller.get('contact/v3/departments/0/children?fetch_child=true');
    expect(tree).toMatchObject({ status: 400, code: 43010 });
    expect((await list()).code).toBe(0);
  });

  it('lets only listed addresses in, except for tokens', async () => {
    sandbox.feishu.setApp({ trustedIps: ['192.0.2.1'] });
    expect(await list()).toMatchObject({ status: 400, code: 99991401 });
    expect((await caller.getToken()).code).toBe(0);
    sandbox.feishu.setApp({ trustedIps: ['127.0.0.1'] });
    expect((await list()).code).toBe(0);
  });

  describe('rates', () => {
    it('refuse with 429 and say when to come back', async () => {
      sandbox.feishu.setLimits({
        byEndpoint: { 'contact/v3/departments/:department_id/children': { perMinute: 2 } },
      });
      expect([(await list()).code, (await list()).code]).toEqual([0, 0]);
      clock += 20_000;
      const refused = await list();
      expect(refused).toMatchObject({ status: 429, code: 99991400 });
      expect(refused.headers.get('x-ogw-ratelimit-limit')).toBe('2');
      expect(refused.headers.get('x-ogw-ratelimit-reset')).toBe('40');
      expect(refused.headers.get('retry-after')).toBeNull();
      clock += 40_000;
      expect((await list()).code).toBe(0);
    });

    it('are the published ones, and answer 400 where an interface is old', async () => {
      sandbox.feishu.setFacts({ rateLimitStatus: 400 });
      const answers = await Promise.all(Array.from({ length: 60 }, list));
      const refused = answers.filter(({ code }) => code === 99991400);
      expect(refused).toHaveLength(10);
      expect(refused[0]?.status).toBe(400);
      clock += 1000;
      expect((await list()).code).toBe(0);
    });
  });

  describe('faults', () => {
    it('strike calls in the words of the platform, and spare tokens', async () => {
      sandbox.feishu.faults.add({ kind: 'rate_limit' });
      const limited = await list();
      expect(limited).toMatchObject({ status: 429, code: 99991400 });
      expect(limited.headers.get('x-ogw-ratelimit-reset')).toBe('1');
      sandbox.feishu.faults.add({ kind: 'errcode', code: 2200 });
      expect(await list()).toMatchObject({ status: 400, code: 2200 });
      sandbox.feishu.faults.add({ kind: 'http_error', status: 504 });
      await expect(list()).rejects.toThrow(SyntaxError);
      sandbox.feishu.faults.add({ kind: 'half_json' });
      await expect(list()).rejects.toThrow(SyntaxError);
      sandbox.feishu.faults.add({ kind: 'reset' });
      await expect(list()).rejects.toThrow();
      expect(sandbox.feishu.faults.list()).toEqual([]);
      expect(
        sandbox.feishu.calls.byEndpoint()['contact/v3/departments/:department_id/children'],
      ).toMatchObject({
        errors: { '99991400': 1, '2200': 1, http_error: 1, reset: 1 },
      });
    });

    it('hide people and departments from every answer', async () => {
      const department = sandbox.company.department(3);
      const person = [...sandbox.company.members(2)][0];
      sandbox.feishu.faults.add({ kind: 'vanish_person', account: person?.account ?? '' });
      sandbox.feishu.faults.add({ kind: 'vanish_department', departmentId: 3 });
      expect(items(await list()).map((item) => item.name)).not.toContain(department?.name);
      const id = sandbox.feishu.ids.department(3, 'open_department_id');
      expect((await caller.get(`contact/v3/departments/${id}`)).code).toBe(40015);
      const open = sandbox.feishu.ids.openId(person?.id ?? 0);
      expect((await caller.get(`contact/v3/users/${open}`)).code).toBe(99992351);
      const home = sandbox.feishu.ids.department(2, 'open_department_id');
      const members = items(
        await caller.get(`contact/v3/users/find_by_department?department_id=${home}&page_size=50`),
      );
      expect(members.map((item) => item.open_id)).not.toContain(open);
      sandbox.feishu.faults.clear();
      sandbox.feishu.faults.add({ kind: 'empty_company' });
      expect((await list()).data).toEqual({ has_more: false });
      sandbox.feishu.faults.clear();
      sandbox.feishu.faults.add({ kind: 'narrow_range', parties: [3] });
      expect((await list()).code).toBe(40004);
      expect((await caller.get('contact/v3/scopes')).data.department_ids).toEqual([id]);
    });

    it('spoil records', async () => {
      sandbox.feishu.faults.add({ kind: 'missing_fields', fields: ['name'], every: 2 });
      items(await list()).forEach((item, index) => expect('name' in item).toBe(index % 2 === 0));
      const whole = items(await list()).length;
      sandbox.feishu.faults.add({ kind: 'duplicate_records' });
      expect(items(await list())).toHaveLength(whole * 2);
      sandbox.feishu.faults.add({ kind: 'missing_fields', fields: ['name'] });
      const open = sandbox.feishu.ids.openId(5);
      expect((await caller.get(`contact/v3/users/${open}`)).data.user).not.toHaveProperty('name');
    });

    it('lead cursors astray', async () => {
      const walk = async (most: number): Promise<unknown[]> => {
        const seen: unknown[] = [];
        let token = '';
        for (let page = 0; page < most; page += 1) {
          const answer = await caller.get(
            `contact/v3/departments/0/children?fetch_child=true&page_size=3&page_token=${encodeURIComponent(token)}`,
          );
          seen.push(...items(answer).map((item) => item.open_department_id));
          if (answer.data.has_more !== true) break;
          token = String(answer.data.page_token);
        }
        return seen;
      };
      expect(new Set(await walk(9)).size).toBe(11);
      sandbox.feishu.faults.add({ kind: 'duplicate_page' });
      expect(await walk(9)).toHaveLength(14);
      sandbox.feishu.faults.add({ kind: 'skip_page' });
      expect(await walk(9)).toHaveLength(8);
      sandbox.feishu.faults.add({ kind: 'cursor_loop' });
      expect(await walk(9)).toHaveLength(27);
    });
  });

  it('never writes tokens or secrets to the log', async () => {
    await list();
    const { tenant_access_token } = (await caller.getToken()).body;
    const log = JSON.stringify(sandbox.log.since(0));
    expect(log).toContain('contact/v3/departments/:department_id/children');
    for (const secret of [String(tenant_access_token), feishuDefaults.appSecret])
      expect(log).not.toContain(secret);
  });
});
