import { afterEach, describe, expect, it } from 'vitest';
import { startSandbox, type DingtalkOptions, type Sandbox } from '@trainbridge/sandbox';
import { at, DingtalkCaller, type DingtalkAnswer } from './dingtalk-caller.js';

describe('DingTalk, before and after every endpoint', () => {
  let sandbox: Sandbox;
  let caller: DingtalkCaller;
  let now = 1_764_000_000_000;
  afterEach(() => sandbox.close());

  async function start(dingtalk: DingtalkOptions = {}): Promise<void> {
    sandbox = await startSandbox({ people: 30, departments: 6, now: () => now, dingtalk });
    caller = new DingtalkCaller(sandbox);
  }
  const root = (): Promise<Record<string, unknown>> =>
    caller.old('/topapi/v2/department/get', { dept_id: 1 });
  const approvals = (): Promise<DingtalkAnswer> =>
    caller.fresh('GET', '/v1.0/workflow/processInstances?processInstanceId=none');

  describe('tokens', () => {
    it('of all three endpoints are one, good for both APIs, and renewed by asking again', async () => {
      await start();
      const { clientId, clientSecret } = sandbox.dingtalk.app;
      const old = await caller.send('GET', `/gettoken?appkey=${clientId}&appsecret=${clientSecret}`);
      expect(old.body).toMatchObject({ errcode: 0, errmsg: 'ok', expires_in: 7200 });
      const fresh = await caller.send('POST', '/v1.0/oauth2/accessToken', {
        appKey: clientId,
        appSecret: clientSecret,
      });
      expect(fresh.body).toEqual({ accessToken: old.body.access_token, expireIn: 7200 });
      now += 7000_000;
      const unified = await caller.send('POST', `/v1.0/oauth2/${sandbox.dingtalk.corpId}/token`, {
        client_id: clientId,
        client_secret: clientSecret,
        grant_type: 'client_credentials',
      });
      expect(unified.body).toEqual({ access_token: old.body.access_token, expires_in: 7200 });
      now += 7000_000;
      expect(await root()).toMatchObject({ errcode: 0 });
      expect((await approvals()).body).toMatchObject({ code: 'processInstanceNotExist' });
    });

    it('fact sameTokenOnRepeat: another token, the older one lives on', async () => {
      await start({ facts: { sameTokenOnRepeat: false } });
      const first = await caller.appToken();
      caller.forget();
      expect(await caller.appToken()).not.toBe(first);
      expect(await caller.send('POST', `/topapi/user/listadmin?access_token=${first}`, {})).toMatchObject({
        body: { errcode: 0 },
      });
    });

    it('wrong credentials, in the words of each endpoint', async () => {
      await start();
      const { clientId, clientSecret } = sandbox.dingtalk.app;
      expect(await caller.send('GET', `/gettoken?appkey=${clientId}&appsecret=wrong`)).toMatchObject({
        status: 200,
        body: { errcode: 40096 },
      });
      expect(await caller.send('GET', '/gettoken')).toMatchObject({ status: 200, body: { errcode: 40035 } });
      expect(
        await caller.send('POST', '/v1.0/oauth2/accessToken', { appKey: clientId, appSecret: 'wrong' }),
      ).toMatchObject({ status: 400, body: { code: 'invalidClientIdOrSecret' } });
      const unified = { client_id: clientId, client_secret: 'wrong', grant_type: 'client_credentials' };
      const path = `/v1.0/oauth2/${sandbox.dingtalk.corpId}/token`;
      expect(await caller.send('POST', path, unified)).toMatchObject({
        status: 500,
        body: { code: 'unknownError' },
      });
      sandbox.dingtalk.setFacts({ unifiedTokenErrors: 'documented' });
      expect(await caller.send('POST', path, unified)).toMatchObject({
        status: 400,
        body: { code: 'invalid.client' },
      });
      expect(
        await caller.send('POST', path, { ...unified, client_secret: clientSecret, grant_type: 'x' }),
      ).toMatchObject({ body: { code: 'unsupported.grant.type' } });
    });

    it('bad, missing and expired tokens, in the style of each API', async () => {
      await start();
      const list = '/topapi/user/listadmin';
      expect(await caller.send('POST', `${list}?access_token=made-up`, {})).toMatchObject({
        status: 200,
        body: { errcode: 88, sub_code: '40014', errmsg: expect.stringMatching(/subcode=40014,submsg=/) },
      });
      expect(await caller.send('POST', list, {})).toMatchObject({
        body: { errcode: 88, sub_code: '40000', sub_msg: 'access_token is blank' },
      });
      expect(await caller.send('GET', '/auth/scopes?access_token=made-up')).toMatchObject({
        status: 200,
        body: { errcode: 40014 },
      });
      const get = '/v1.0/workflow/processInstances?processInstanceId=x';
      expect(await caller.send('GET', get, undefined, 'made-up')).toMatchObject({
        status: 400,
        body: { code: 'InvalidAuthentication', requestid: expect.any(String) },
      });
      expect(await caller.send('GET', `${get}&access_token=${await caller.appToken()}`)).toMatchObject({
        status: 400,
        body: { code: 'AuthenticationFailed.MissingParameter' },
      });
      await caller.appToken();
      now += 7200_001;
      expect(await root()).toMatchObject({ errcode: 88, sub_code: '42001' });
      expect(await approvals()).toMatchObject({ status: 400, body: { code: 'InvalidAuthentication' } });
      sandbox.dingtalk.setFacts({ expiredTokenCode: 40014, subCodeField: 'absent' });
      const bare = await root();
      expect(bare).not.toHaveProperty('sub_code');
      expect(bare.errmsg).toContain('subcode=40014');
    });

    it('one in a form is accepted, where nested values are JSON in a string', async () => {
      await start();
      const [person] = sandbox.company.people();
      const response = await fetch(`${sandbox.url}/topapi/message/corpconversation/asyncsend_v2`, {
        method: 'POST',
        body: new URLSearchParams({
          access_token: await caller.appToken(),
          agent_id: String(sandbox.dingtalk.app.agentId),
          userid_list: person?.account ?? '',
          msg: JSON.stringify({ msgtype: 'text', text: { content: '你好' } }),
        }),
      });
      expect(await response.json()).toMatchObject({ errcode: 0, task_id: expect.any(Number) });
      expect(sandbox.dingtalk.inbox()).toMatchObject([{ account: person?.account, text: '你好' }]);
    });
  });

  it('paths that lead nowhere, methods that do not fit', async () => {
    await start();
    expect(await caller.send('POST', '/topapi/v9/none', {})).toMatchObject({
      status: 200,
      body: { errcode: 22, sub_msg: expect.stringContaining('/topapi/v9/none') },
    });
    expect(await caller.send('GET', '/v1.0/none')).toMatchObject({ status: 200, body: { errcode: 404 } });
    expect(await caller.send('GET', '/v1.0/oauth2/accessToken')).toMatchObject({ body: { errcode: 404 } });
    expect(
      await caller.send('GET', `/topapi/user/listadmin?access_token=${await caller.appToken()}`),
    ).toMatchObject({ body: { errcode: 43002 } });
  });

  it('bodies that are too large, or not what the API reads', async () => {
    await start();
    const send = async (path: string, body: string, type = 'application/json'): Promise<unknown> => {
      const token = await caller.appToken();
      const response = await fetch(`${sandbox.url}${path}?access_token=${token}`, {
        method: 'POST',
        headers: { 'content-type': type, 'x-acs-dingtalk-access-token': token },
        body,
      });
      return response.json();
    };
    const [old, fresh] = ['/topapi/user/count', '/v1.0/workflow/processes/instanceIds/query'];
    const huge = JSON.stringify({ padding: 'x'.repeat(1024 * 1024) });
    expect(await send(old, huge)).toMatchObject({ errcode: 400002 });
    expect(await send(fresh, huge)).toMatchObject({ code: 'invalidParameter' });
    expect(await send(old, '[1]')).toMatchObject({ errcode: 400002 });
    expect(await send(old, '{}', 'text/plain')).toMatchObject({ errcode: 400002 });
    expect(await send(fresh, 'processCode=x', 'application/x-www-form-urlencoded')).toMatchObject({
      code: 'invalidParameter',
    });
  });

  it('facts errmsgOnSuccess and requestIdHeader', async () => {
    await start({ facts: { errmsgOnSuccess: 'absent', requestIdHeader: true } });
    const answer = await root();
    expect(answer).toMatchObject({ errcode: 0, request_id: expect.stringMatching(/^16l/) });
    expect(answer).not.toHaveProperty('errmsg');
    const response = await fetch(`${sandbox.url}/v1.0/contact/users/me`);
    expect(response.headers.get('x-acs-request-id')).toBeTruthy();
  });

  it('missing permissions are named, in both styles', async () => {
    await start({ app: { scopes: [] } });
    expect(await root()).toMatchObject({
      errcode: 88,
      sub_code: '60011',
      errmsg: expect.stringContaining('{requiredScopes=[qyapi_get_department_list]}'),
    });
    expect(await approvals()).toMatchObject({
      status: 403,
      body: { accessdenieddetail: { requiredScopes: ['Workflow.Instance.Read'] } },
    });
  });

  it('unlisted addresses are refused, by default not before the first call', async () => {
    await start({ app: { serverIps: ['203.0.113.*'] } });
    expect(await root()).toMatchObject({
      errcode: 88,
      sub_code: '60020',
      errmsg: expect.stringMatching(/request ip=127\.0\.0\.1 .*appKey\(dingsimclient0001\)/),
    });
    expect(await approvals()).toMatchObject({
      status: 403,
      body: { code: 'Forbidden.AccessDenied.IpNotInWhiteList' },
    });
    sandbox.dingtalk.setApp({ serverIps: ['203.0.113.*', '127.0.*'] });
    expect(await root()).toMatchObject({ errcode: 0 });
    sandbox.dingtalk.setApp({ serverIps: [] });
    sandbox.dingtalk.setFacts({ tokenIpChecked: true });
    caller.forget();
    expect(await caller.send('GET', '/gettoken?appkey=x&appsecret=y')).toMatchObject({
      body: { errcode: 60020 },
    });
  });

  it('a stopped app gets no token and no answer', async () => {
    await start();
    await caller.appToken();
    sandbox.dingtalk.setApp({ stopped: true });
    expect(await root()).toMatchObject({ errcode: 88, sub_code: '50003' });
    const { clientId, clientSecret } = sandbox.dingtalk.app;
    expect(await caller.send('GET', `/gettoken?appkey=${clientId}&appsecret=${clientSecret}`)).toMatchObject({
      body: { errcode: 40096 },
    });
  });

  describe('limits', () => {
    it('20 calls per API and second, with a penalty of a second', async () => {
      await start();
      for (let turn = 0; turn < 20; turn += 1) expect(await root()).toMatchObject({ errcode: 0 });
      expect(await root()).toMatchObject({ errcode: 88, sub_code: '90018' });
      expect(await caller.old('/topapi/user/listadmin')).toMatchObject({ errcode: 0 });
      now += 999;
      expect(await root()).toMatchObject({ sub_code: '90018' });
      now += 1;
      expect(await root()).toMatchObject({ errcode: 0 });
      for (let turn = 0; turn < 20; turn += 1) await approvals();
      expect(await approvals()).toMatchObject({
        status: 403,
        body: { code: 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi' },
      });
    });

    it('a month has so many calls, contacts and tokens not counted', async () => {
      await start({ limits: { perMonth: 2, perSecond: 0 } });
      for (let turn = 0; turn < 5; turn += 1) expect(await root()).toMatchObject({ errcode: 0 });
      await approvals();
      await approvals();
      expect(await approvals()).toMatchObject({
        status: 403,
        body: { code: 'Forbidden.AccessDenied.ApiCountLimitForOrg' },
      });
      expect(await caller.old('/topapi/extcontact/list')).toMatchObject({ sub_code: '90020' });
    });

    it('an address that floods is shut out, in a form of its own', async () => {
      await start({ limits: { perAddress: 3, perSecond: 0 } });
      await caller.appToken();
      await root();
      await root();
      expect(await root()).toMatchObject({ status: 1111, punish: 'deny' });
      now += 299_000;
      expect(await root()).toMatchObject({ status: 1111 });
      now += 1_001;
      expect(await root()).toMatchObject({ errcode: 0 });
    });
  });

  describe('faults', () => {
    it('speak the language of the API they strike', async () => {
      await start({ limits: { perSecond: 0 } });
      const { faults } = sandbox.dingtalk;
      faults.add({ kind: 'rate_limit', times: 2 });
      expect([(await root()).sub_code, (await approvals()).status]).toEqual(['90018', 403]);
      faults.add({ kind: 'errcode', code: -1 });
      expect(await root()).toMatchObject({ errcode: -1 });
      faults.add({ kind: 'errcode', code: '40014' });
      expect(await root()).toMatchObject({ errcode: 88, sub_code: '40014' });
      faults.add({ kind: 'errcode', code: 'systemError' });
      expect(await root()).toMatchObject({ errcode: 88, sub_code: '-1' });
      faults.add({ kind: 'errcode', code: 'systemError', status: 500 });
      expect(await approvals()).toMatchObject({ status: 500, body: { code: 'systemError' } });
      faults.add({ kind: 'concurrency', times: 2 });
      expect([(await root()).sub_code, at((await approvals()).body, 'code')]).toEqual([
        '90002',
        'Forbidden.AccessDenied.QpsLimitForApi',
      ]);
    });

    it('end tokens at once', async () => {
      await start();
      await root();
      sandbox.dingtalk.faults.add({ kind: 'expire_tokens' });
      expect(await root()).toMatchObject({ sub_code: '42001' });
      sandbox.dingtalk.faults.add({ kind: 'expire_tokens', revoke: true });
      expect(await root()).toMatchObject({ sub_code: '40014' });
    });

    it('spoil records wherever they stand', async () => {
      await start({ limits: { perSecond: 0 } });
      const { faults, company } = sandbox.dingtalk;
      const [person] = company.people();
      const list = (): Promise<Record<string, unknown>> =>
        caller.old('/topapi/v2/user/list', { dept_id: 1, cursor: 0, size: 100 });
      faults.add({ kind: 'missing_fields', fields: ['name', 'dept_order'], times: 2 });
      expect(at(await list(), 'result.list.0')).not.toHaveProperty('name');
      const user = at(await caller.old('/topapi/v2/user/get', { userid: person?.account }), 'result');
      expect(user).not.toHaveProperty('name');
      expect(user).toHaveProperty('dept_order_list.0.dept_id');
      faults.add({ kind: 'duplicate_records' });
      expect(at(await list(), 'result.list')).toHaveLength(company.members(1).size * 2);
      faults.add({ kind: 'vanish_person', account: person?.account ?? '' });
      expect(at(await list(), 'result.list')).toHaveLength(company.members(1).size - 1);
      expect(await caller.old('/topapi/v2/user/get', { userid: person?.account })).toMatchObject({
        errcode: 33012,
      });
      faults.clear();
      faults.add({ kind: 'vanish_department', departmentId: 2 });
      expect(at(await caller.old('/topapi/v2/department/listsub'), 'result')).toHaveLength(
        company.children(1).length - 1,
      );
      faults.clear();
      faults.add({ kind: 'narrow_range', parties: [2] });
      expect(await root()).toMatchObject({ errcode: 50004 });
      faults.clear();
      faults.add({ kind: 'empty_company' });
      expect(at(await list(), 'result')).toEqual({ has_more: false, list: [] });
    });

    it('bend the cursor', async () => {
      await start({ limits: { perSecond: 0 } });
      const next = async (cursor: number): Promise<unknown> =>
        at(await caller.old('/topapi/v2/user/list', { dept_id: 1, cursor, size: 1 }), 'result.next_cursor');
      expect(await next(0)).toBe(1);
      sandbox.dingtalk.faults.add({ kind: 'duplicate_page' });
      expect([await next(0), await next(0)]).toEqual([0, 1]);
      sandbox.dingtalk.faults.add({ kind: 'skip_page' });
      expect(await next(0)).toBe(2);
      sandbox.dingtalk.faults.add({ kind: 'cursor_loop' });
      expect(await next(1)).toBe(0);
    });

    it('break the transport, token endpoints spared', async () => {
      await start({ limits: { perSecond: 0 } });
      await caller.appToken();
      sandbox.dingtalk.faults.add({ kind: 'html', times: 'always' });
      caller.forget();
      await expect(root()).rejects.toThrow();
      expect(sandbox.dingtalk.calls.byEndpoint()['POST /v1.0/oauth2/accessToken']).toMatchObject({ ok: 2 });
    });
  });
});
