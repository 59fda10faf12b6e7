import type { Finding, JsonObject } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import { check } from '../src/check.js';
import { byEndpoint, endpointOf, fakeContext, type Answer } from './fake-context.js';

const ok = { errcode: 0, errmsg: 'ok' };

/** What a connection that is well set up answers to everything `check` asks. */
const answers: Record<string, JsonObject | Answer> = {
  gettoken: { ...ok, access_token: 't', expires_in: 7200 },
  'user/get': { errcode: 60111, errmsg: 'userid not found, from ip: 203.0.113.7, more' },
  'agent/get': {
    ...ok,
    name: '培训',
    allow_partys: { partyid: [1] },
    redirect_domain: 'LMS.example.test',
  },
  'department/list': { ...ok, department: [{ id: 1, name: '总部' }] },
  'user/list': { ...ok, userlist: [{ userid: 'a', name: '甲', extattr: { attrs: [] } }] },
  'user/simplelist': { ...ok, userlist: [{ userid: 'a', name: '甲' }] },
  'externalcontact/get_follow_user_list': { ...ok, follow_user: ['a', 'b'] },
  'oa/getapprovalinfo': { ...ok, sp_no_list: [] },
};

const run = async (change: Record<string, JsonObject | Answer> = {}, callbackUrl?: null) => {
  const context = {
    ...fakeContext({}, byEndpoint({ ...answers, ...change }), 1_767_226_500_000),
    ...(callbackUrl === null ? { callbackUrl } : {}),
  };
  const findings = await check(context);
  return {
    requests: context.requests,
    of: Object.fromEntries(findings.map((finding) => [finding.step, finding])) as Record<string, Finding>,
    failed: findings.filter((finding) => !finding.ok).map(({ step }) => step),
  };
};

describe('what the app may do beside the contacts', () => {
  it('all of it', async () => {
    const { of, failed, requests } = await run();
    expect(failed).toEqual([]);
    expect(of['login']).toMatchObject({
      data: { host: 'lms.example.test', trustedDomain: 'lms.example.test' },
    });
    expect(of['login']?.advice).toBeUndefined();
    expect(of['customers']).toMatchObject({ data: { available: true, members: 2 } });
    expect(of['approvals']).toMatchObject({ data: { available: true } });
    const asked = requests.find((request) => endpointOf(request) === 'oa/getapprovalinfo');
    expect(asked?.json).toMatchObject({ starttime: '1767222900', endtime: '1767226500', size: 1 });
  });

  it.each([
    ['customers', 'externalcontact/get_follow_user_list', 48001, '客户联系'],
    ['customers', 'externalcontact/get_follow_user_list', 84061, '客户联系'],
    ['approvals', 'oa/getapprovalinfo', 301055, '审批'],
    ['approvals', 'oa/getapprovalinfo', 48002, '审批'],
  ])('%s that are not open are no failure, and come with the page', async (step, endpoint, errcode, page) => {
    const { of, failed } = await run({ [endpoint]: { errcode, errmsg: 'x' } });
    expect(failed).toEqual([]);
    expect(of[step]).toMatchObject({
      ok: true,
      message: { 'zh-CN': expect.stringContaining(String(errcode)) as string },
      advice: { 'zh-CN': expect.stringContaining(`管理后台 → ${page} → API`) as string },
      data: { available: false, vendorCode: String(errcode) },
    });
  });

  it('logins on another domain than the app’s: the domain to enter, and both pages', async () => {
    const { of, failed } = await run({
      'agent/get': { ...(answers['agent/get'] as JsonObject), redirect_domain: 'old.example.test' },
    });
    expect(failed).toEqual([]);
    expect(of['login']?.message.en).toContain('old.example.test');
    expect(of['login']?.advice?.['zh-CN']).toMatch(/lms\.example\.test.*可信域名.*授权回调域/);
  });

  it.each(['', null, 'javascript:alert(1)<', 'x'.repeat(300), 7])(
    'a trusted domain that is none (%j) is not told back',
    async (redirect_domain) => {
      const agent = { ...(answers['agent/get'] as JsonObject), redirect_domain };
      const { of } = await run({ 'agent/get': agent });
      expect(of['login']?.data).toEqual({ host: 'lms.example.test' });
      expect(of['login']?.advice?.en).toContain('lms.example.test');
    },
  );

  it('without a public address there is no login', async () => {
    const { of } = await run({}, null);
    expect(of['login']).toMatchObject({
      ok: true,
      advice: { en: expect.stringContaining('PUBLIC_URL') as string },
    });
  });
});
