import type { Finding, JsonObject } from '@trainbridge/connector-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { check, startWorld, type World } from './sandbox-world.js';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

type Change = Record<string, JsonObject[string] | undefined>;

async function run(change: Change = {}, callbackUrl?: string | null) {
  const findings = await check(world.context(change, callbackUrl));
  for (const { message, advice } of findings) {
    for (const text of [message, advice]) {
      if (!text) continue;
      expect(text.en).toMatch(/[a-z]{3}/);
      expect(text['zh-CN']).toMatch(/[\u4e00-\u9fff]{2}/);
      expect(`${text.en}${text['zh-CN']}`).not.toMatch(/undefined|NaN|\[object/);
    }
  }
  const steps = Object.fromEntries(findings.map((finding) => [finding.step, finding]));
  return {
    findings,
    steps: steps as Record<string, Finding>,
    failed: findings.filter(({ ok }) => !ok).map(({ step }) => step),
  };
}

const all = [
  'token',
  'outbound-ip',
  'permissions',
  'visible-range',
  'readable-fields',
  'login',
  'customers',
  'approvals',
  'contacts-token',
  'head-count',
  'callback',
];

describe('a connection that is well set up', () => {
  it('passes every step, in the order of the console', async () => {
    const { findings, steps, failed } = await run();
    expect(findings.map(({ step }) => step)).toEqual(all);
    expect(failed).toEqual([]);
    expect(steps['outbound-ip']?.data).toEqual({ ip: '127.0.0.1' });
    expect(steps['visible-range']).toMatchObject({ data: { departments: 8, users: 0, tags: 0 } });
    expect(steps['head-count']).toMatchObject({ data: { people: 60, complete: true } });
    expect(steps['callback']).toMatchObject({ data: { pairs: ['contacts', 'app'] } });
  });

  it('changes nothing and needs few calls', async () => {
    const before = world.sandbox.company.revision;
    await run();
    expect(world.sandbox.company.revision).toBe(before);
    expect(world.sandbox.wecom.calls.count()).toBeLessThan(15);
  });
});

describe('the fields the app really gets', () => {
  it('a restricted app: what is withheld, and the mapping for the employee number', async () => {
    const { steps } = await run();
    const finding = steps['readable-fields'];
    expect(finding?.data).toMatchObject({
      present: [],
      withheld: ['mobile', 'email', 'biz_mail', 'avatar', 'gender'],
      attributes: expect.arrayContaining(['工号']) as unknown,
    });
    expect(finding?.advice?.['zh-CN']).toContain("extattr.attrs[name='工号'].text.value");
    expect(finding?.advice?.en).toContain("extattr.attrs[name='工号'].text.value");
  });

  it('an app from before the rule: all of them', async () => {
    world.sandbox.wecom.setApp({ restricted: false });
    expect((await run()).steps['readable-fields']?.data).toMatchObject({ withheld: [] });
  });

  it('nobody’s values are told', async () => {
    world.sandbox.wecom.setApp({ restricted: false });
    const told = JSON.stringify((await run()).findings);
    for (const person of world.sandbox.company.people()) {
      for (const value of [person.account, person.name, person.mobile, person.email])
        expect(told).not.toContain(value);
    }
  });

  it('seen on somebody named in person when there are no departments', async () => {
    world.sandbox.wecom.setVisibleRange({ users: [world.sandbox.company.people()[4]?.account as string] });
    const { steps, failed } = await run();
    expect(failed).toEqual([]);
    expect(steps['readable-fields']?.data).toHaveProperty('withheld');
    expect(steps['visible-range']?.data).toMatchObject({ departments: 0, users: 1 });
  });
});

describe('what a deployer can have got wrong', () => {
  it('the app secret: said once, and the contacts secret is looked at all the same', async () => {
    const { findings, failed, steps } = await run({ agentSecret: 'wrong' });
    expect(findings.map(({ step }) => step)).toEqual(['token', 'contacts-token', 'head-count', 'callback']);
    expect(failed).toEqual(['token']);
    expect(steps['token']).toMatchObject({
      message: { 'zh-CN': expect.stringContaining('40001') as string },
      data: {
        code: 'auth_failed',
        vendorCode: '40001',
        vendorRequestId: expect.stringMatching(/^\d{20,}$/) as string,
      },
    });
    expect(steps['token']?.advice?.['zh-CN']).toContain('应用管理');
    expect(world.sandbox.wecom.calls.byEndpoint()['gettoken']?.errors).toEqual({ '40001': 1 });
  });

  it('the contacts secret', async () => {
    const { failed, findings } = await run({ contactsSecret: 'wrong' });
    expect(failed).toEqual(['contacts-token']);
    expect(findings.at(-1)?.step).toBe('callback');
  });

  it('the corporation', async () => {
    const { steps, failed } = await run({ corpId: 'wwelse' });
    expect(failed).toEqual(['token', 'contacts-token']);
    expect(steps['token']?.advice?.['zh-CN']).toContain('我的企业');
  });

  it('the app secret in both places', async () => {
    const { failed, steps } = await run({ contactsSecret: world.sandbox.wecom.app.secret });
    expect(failed).toEqual(['head-count']);
    expect(steps['head-count']?.advice?.['zh-CN']).toContain('通讯录同步');
  });

  it('the contacts secret in both places', async () => {
    const { failed, steps } = await run({ agentSecret: world.sandbox.wecom.contacts.secret });
    expect(failed).toEqual(['permissions']);
    expect(steps['permissions']?.advice?.['zh-CN']).toMatch(/agentSecret/);
  });

  it('the agent id of another app', async () => {
    const { failed, steps } = await run({ agentId: 1000009 });
    expect(failed).toEqual(['permissions']);
    expect(steps['permissions']?.advice?.en).toMatch(/same page/);
  });

  it('the trusted IP: the address to enter stands in the advice', async () => {
    world.sandbox.wecom.setApp({ trustedIps: ['203.0.113.1'] });
    const { failed, steps } = await run();
    expect(failed).toEqual(['outbound-ip']);
    expect(steps['outbound-ip']).toMatchObject({ data: { ip: '127.0.0.1' } });
    expect(steps['outbound-ip']?.advice?.['zh-CN']).toMatch(/127\.0\.0\.1.*企业可信IP/);
  });

  it('the trusted IP of contacts sync only', async () => {
    world.sandbox.wecom.setContacts({ trustedIps: ['203.0.113.1'] });
    const { failed, steps } = await run();
    expect(failed).toEqual(['head-count']);
    expect(steps['head-count']?.advice?.['zh-CN']).toContain('127.0.0.1');
  });

  it('an app that is disabled', async () => {
    world.sandbox.wecom.setApp({ disabled: true });
    expect((await run()).failed).toEqual(['token']);
  });

  it('a range that is empty, or a part', async () => {
    world.sandbox.wecom.setVisibleRange({});
    const empty = await run();
    expect(empty.failed).toEqual(['visible-range']);
    expect(empty.steps['visible-range']?.advice?.['zh-CN']).toContain('可见范围');
    world.sandbox.wecom.setVisibleRange({ parties: [2] });
    const part = await run();
    expect(part.failed).toEqual([]);
    expect(part.steps['visible-range']?.advice?.['zh-CN']).toContain('最上级部门');
  });

  it('no contacts secret: it works, with advice, and the visible people are counted', async () => {
    const { failed, steps } = await run({ contactsSecret: undefined });
    expect(failed).toEqual([]);
    expect(steps['contacts-token']?.advice?.['zh-CN']).toContain('通讯录同步');
    expect(steps['head-count']).toMatchObject({ data: { people: 60 } });
  });

  it('WeCom cannot be reached at all', async () => {
    const { failed, steps } = await run({ apiBaseUrl: 'http://127.0.0.1:9' });
    expect(failed).toEqual(['token', 'contacts-token']);
    expect(steps['token']).toMatchObject({ data: { code: 'unavailable' } });
  });

  it('an empty company is not counted as one', async () => {
    world.sandbox.wecom.faults.add({ kind: 'empty_company' });
    expect((await run()).failed).toEqual(expect.arrayContaining(['head-count']));
  });
});

describe('callbacks', () => {
  const none: Change = {
    contactsCallbackToken: undefined,
    contactsCallbackAesKey: undefined,
    callbackToken: undefined,
    callbackAesKey: undefined,
  };
  const app: Change = {
    callbackToken: 'appToken01',
    callbackAesKey: 'GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba',
  };

  it('not configured: fine, with the URL to paste', async () => {
    const { failed, steps } = await run(none);
    expect(failed).toEqual([]);
    expect(steps['callback']?.advice?.['zh-CN']).toContain('https://lms.example.test/callbacks/con_1');
  });

  it('half a pair', async () => {
    const { failed, steps } = await run({ contactsCallbackAesKey: undefined });
    expect(failed).toEqual(['callback']);
    expect(steps['callback']?.message.en).toContain('contactsCallbackAesKey');
  });

  it('only the app’s: moves are not told', async () => {
    const { failed, steps } = await run({ ...none, ...app });
    expect(failed).toEqual([]);
    expect(steps['callback']?.advice?.['zh-CN']).toContain('通讯录同步');
  });

  it('no public address', async () => {
    expect((await run({}, null)).failed).toEqual(['callback']);
    const without = await run(none, null);
    expect(without.failed).toEqual([]);
    expect(without.steps['callback']?.advice?.en).toContain('PUBLIC_URL');
  });
});
