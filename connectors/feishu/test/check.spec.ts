import type { Finding, JsonObject } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import { check } from '../src/check.js';
import { readableFields } from '../src/check/fields.js';
import type { FeishuConfig } from '../src/config.js';
import { companyAnswers, department } from './company.js';
import { fakeContext, ok, refused, type Answers } from './fake-context.js';

const full: JsonObject = {
  union_id: 'on_1',
  user_id: 'e1',
  name: '张三',
  email: 'san@example.com',
  mobile: '+8613000000001',
  employee_no: '0001',
  job_title: 'Clerk',
  status: {},
  department_ids: ['od-a'],
};

const healthy: Answers = {
  ...companyAnswers({ granted: [{ id: 'od-a' }], users: ['on_1'], wholeCompany: true }),
  'POST auth/v3/tenant_access_token/internal': {
    body: { code: 0, tenant_access_token: 't-1', expire: 7200 },
  },
  'GET contact/v3/departments/batch': ok({ items: [{ ...department('od-a'), member_count: 41 }] }),
  'GET contact/v3/users/batch': ok({ items: [full] }),
  'GET task/v2/tasks/*': refused(1470404, {}, 404),
  'GET approval/v4/instances': ok({ has_more: false, instance_code_list: [] }),
};

async function findings(answers: Answers = {}, config: Partial<FeishuConfig> = {}) {
  const context = fakeContext({ ...healthy, ...answers }, { encryptKey: 'k', ...config });
  const list = await check(context);
  for (const finding of list) {
    expect(finding.message.en).toBeTruthy();
    expect(finding.message['zh-CN']).toBeTruthy();
    if (!finding.ok) expect(finding.advice?.['zh-CN'] ?? finding.data).toBeTruthy();
  }
  return {
    context,
    list,
    by: (step: string): Finding | undefined => list.find((finding) => finding.step === step),
  };
}

describe('a check', () => {
  it('of a connection without faults: every step is fine, and nothing is written', async () => {
    const { context, list, by } = await findings({}, { approvalCodes: ['A-1'] });
    expect(list.filter(({ ok: fine }) => !fine)).toEqual([]);
    expect(list.map(({ step }) => step)).toEqual([
      'token',
      'outbound-ip',
      'permissions',
      'visible-range',
      'head-count',
      'readable-fields',
      'todos',
      'approval',
      'events',
    ]);
    expect(by('head-count')?.data).toEqual({ people: 42, exact: false });
    const writes = context.names().filter((name) => !name.startsWith('GET '));
    expect(writes).toEqual(['POST auth/v3/tenant_access_token/internal']);
  });

  it('of a wrong secret: says so, and asks nothing else', async () => {
    const { context, list, by } = await findings({
      'POST auth/v3/tenant_access_token/internal': refused(10014, {}, 200),
    });
    expect(by('token')).toMatchObject({ ok: false, data: { code: 'config_invalid', vendorCode: '10014' } });
    expect(by('token')?.advice?.en).toContain('Credentials');
    expect(list.map(({ step }) => step)).toEqual(['token', 'events']);
    expect(context.calls).toHaveLength(1);
  });

  it('of a missing scope: names it', async () => {
    const { by, list } = await findings({
      'GET contact/v3/departments/0/children': refused(99991672, {
        error: {
          permission_violations: [
            { type: 'action_scope_required', subject: 'contact:contact.base:readonly' },
          ],
        },
      }),
    });
    expect(by('permissions')).toMatchObject({ ok: false });
    expect(by('permissions')?.advice?.['zh-CN']).toContain('contact:contact.base:readonly');
    expect(list.map(({ step }) => step)).toContain('todos');
  });

  it('of an address that is not on the allowlist', async () => {
    const { by } = await findings({ 'GET contact/v3/departments/0/children': refused(99991401) });
    expect(by('outbound-ip')).toMatchObject({ ok: false, data: { vendorCode: '99991401' } });
    expect(by('outbound-ip')?.advice?.['zh-CN']).toContain('IP 白名单');
  });

  it('of a part of the company: fine, and says how to see all', async () => {
    const { by } = await findings({ 'GET contact/v3/departments/0/children': refused(40004, {}, 403) });
    expect(by('visible-range')).toMatchObject({
      ok: true,
      data: { wholeCompany: false, departments: 1, users: 1 },
    });
    expect(by('visible-range')?.advice?.['zh-CN']).toContain('通讯录权限范围');
  });

  it('of nobody at all: a fault', async () => {
    const nobody = companyAnswers({ granted: [], users: [] });
    const { by } = await findings({ ...nobody, 'GET contact/v3/departments/batch': ok() });
    expect(by('visible-range')?.ok).toBe(false);
    expect(by('head-count')?.ok).toBe(false);
    expect(by('readable-fields')?.ok).toBe(true);
  });

  it('of departments that do not tell their number', async () => {
    const { by } = await findings({
      'GET contact/v3/departments/batch': ok({ items: [department('od-a')] }),
    });
    expect(by('head-count')).toMatchObject({ ok: true });
    expect(by('head-count')).not.toHaveProperty('data');
  });

  it('of an app without tasks: told, and no fault, because people and logins need none', async () => {
    const { by } = await findings({ 'GET task/v2/tasks/*': refused(99991672) });
    expect(by('todos')).toMatchObject({ ok: true });
    expect(by('todos')?.advice?.en).toContain('task:task:write');
  });

  it('of an approval that does not exist: names the page where its code stands', async () => {
    const { by } = await findings(
      { 'GET approval/v4/instances': refused(1390002) },
      { approvalCodes: ['A-1'] },
    );
    expect(by('approval')).toMatchObject({ ok: false, data: { vendorCode: '1390002' } });
  });

  it('people are looked for in departments when nobody is granted alone', async () => {
    const { by } = await findings({
      ...companyAnswers({ granted: [{ id: 'od-a' }] }),
      'GET contact/v3/departments/batch': ok({ items: [department('od-a')] }),
      'GET contact/v3/users/find_by_department': ok({
        has_more: false,
        items: [{ union_id: 'on_1', name: 'x' }],
      }),
    });
    expect(by('readable-fields')).toMatchObject({ ok: false });
  });
});

describe('events', () => {
  const events = async (
    config: Partial<FeishuConfig>,
    callbackUrl: string | null = 'https://bridge.example.test/callbacks/1',
  ) => {
    const context = { ...fakeContext(healthy, config), callbackUrl };
    return (await check(context)).find(({ step }) => step === 'events');
  };

  it.each([
    ['signed', { encryptKey: 'k', verificationToken: 't' }, 'encrypted and signed'],
    ['by token', { verificationToken: 't' }, 'Verification Token alone'],
    ['over the long connection', {}, 'long connection'],
  ])('%s', async (_name, config, words) => {
    expect(await events(config)).toMatchObject({
      ok: true,
      message: { en: expect.stringContaining(words) as string },
    });
  });

  it('without a public address, over the long connection', async () => {
    expect((await events({ encryptKey: 'k' }, null))?.message.en).toContain('no public URL');
  });
});

describe('readable fields', () => {
  it.each([
    ['name', 'contact:user.base:readonly', false],
    ['status', 'contact:user.employee:readonly', false],
    ['department_ids', 'contact:user.department:readonly', false],
    ['mobile', 'contact:user.phone:readonly', true],
    ['email', 'contact:user.email:readonly', true],
    ['employee_no', 'contact:user.employee_number:read', true],
    ['user_id', 'contact:user.employee_id:readonly', true],
  ])('without %s: the scope %s, a fault only where people cannot be kept right', (key, scope, isOk) => {
    const { [key]: _withheld, ...person } = full;
    const finding = readableFields([person]);
    expect(finding.ok).toBe(isOk);
    expect(finding.advice?.en).toContain(scope);
    expect(finding.advice?.en).not.toContain('one of');
  });

  it('seen on anybody is seen, and no value leaves', () => {
    const finding = readableFields([
      { union_id: 'on_2' },
      { ...full, custom_attrs: [{ id: 'C-1', value: { text: 'secret' } }, null] },
    ]);
    expect(finding).toMatchObject({ ok: true, data: { withheld: [], customFields: ['C-1'] } });
    expect(JSON.stringify(finding)).not.toMatch(/secret|13000000001|张三/);
  });
});
