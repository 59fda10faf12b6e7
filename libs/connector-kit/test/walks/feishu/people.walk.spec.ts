import { beforeEach, describe, expect, it } from 'vitest';
import { capabilitiesOf, type JsonObject } from '../../../src/index.js';
import { allPages, RecordedPlatform } from '../recorded-platform.js';
import connector, { classify } from './connector.js';
import { API, config, ids, recorded, refused } from './recordings.js';

const { directory, identity } = connector as Required<typeof connector>;
let platform: RecordedPlatform;
beforeEach(() => {
  platform = new RecordedPlatform(connector, config);
});

const active = {
  is_frozen: false,
  is_resigned: false,
  is_activated: true,
  is_exited: false,
  is_unjoin: false,
};
const zhaoYi: JsonObject = {
  union_id: 'on_zhao',
  open_id: 'ou_zhao',
  user_id: 'e33ggbyz',
  name: '赵一',
  enterprise_email: '',
  mobile: '+8613000000001',
  employee_no: '0001',
  job_title: '店长',
  leader_user_id: 'on_boss',
  status: active,
  department_ids: ['od-sales', 'od-east'],
  orders: [
    { department_id: 'od-sales', user_order: 0, department_order: 2, is_primary_dept: true },
    { department_id: 'od-east', user_order: 30, department_order: 1, is_primary_dept: false },
  ],
  custom_attrs: [{ type: 'TEXT', id: 'C-10', value: { text: 'B2' } }],
};
// No permission for mobile, email or user_id: the keys are not there, and the code is 0 all the same.
const qianEr: JsonObject = {
  union_id: 'on_qian',
  open_id: 'ou_qian',
  name: '钱二',
  status: { ...active, is_activated: false, is_unjoin: true },
  department_ids: ['od-east'],
  orders: [],
};
const boss: JsonObject = {
  union_id: 'on_boss',
  open_id: 'ou_boss',
  name: '孙总',
  status: active,
  department_ids: ['0'],
  leader_user_id: '',
};
const sales = {
  name: '销售部',
  open_department_id: 'od-sales',
  department_id: 'd-1',
  parent_department_id: '0',
  order: '10',
  leaders: [{ leaderType: 1, leaderID: 'on_zhao' }],
  status: { is_deleted: false },
};
const east = {
  name: '华东',
  open_department_id: 'od-east',
  department_id: 'd-2',
  parent_department_id: 'od-sales',
  order: '2000',
};
const west = {
  name: '华西',
  open_department_id: 'od-west',
  department_id: 'd-3',
  parent_department_id: 'od-sales',
  order: '4000',
};

const scopesCall = (answer: JsonObject, token?: string) =>
  recorded('GET contact/v3/scopes', answer, {
    query: { ...ids, page_size: 50, ...(token ? { page_token: token } : {}) },
  });
const children = (root: string, answer: JsonObject, token?: string) =>
  recorded(`GET contact/v3/departments/${root}/children`, answer, {
    query: { ...ids, fetch_child: true, page_size: 50, ...(token ? { page_token: token } : {}) },
  });

describe('Feishu on paper', () => {
  it('has no customers, and is no less a connector for it', () => {
    expect(capabilitiesOf(connector)).toEqual([
      'identity',
      'directory',
      'events',
      'tasks',
      'todos',
      'results',
    ]);
  });

  it('begins at what was granted, not at root 0, and walks each subtree in pages of 50', async () => {
    const first = { department_ids: ['od-sales'], user_ids: ['on_boss'], has_more: true, page_token: 'S/2=' };
    const second = { department_ids: ['od-hr'], has_more: false };
    const context = platform.expects(
      scopesCall(first),
      recorded(
        'GET contact/v3/departments/batch',
        { items: [sales] },
        { query: { ...ids, department_ids: ['od-sales'] } },
      ),
      scopesCall(first),
      children('od-sales', { items: [east], has_more: true, page_token: 'c2' }),
      scopesCall(first),
      children('od-sales', { items: [west], has_more: false }, 'c2'),
      scopesCall(second, 'S/2='),
      recorded(
        'GET contact/v3/departments/batch',
        { items: [] },
        { query: { ...ids, department_ids: ['od-hr'] } },
      ),
      scopesCall(second, 'S/2='),
      children('od-hr', { has_more: false }),
    );
    const departments = await allPages((cursor) => directory.listDepartments(context, { cursor }));
    platform.done();
    expect(
      departments.map(({ externalId, parentExternalId, order, code }) => [
        externalId,
        parentExternalId,
        order,
        code,
      ]),
    ).toEqual([
      ['od-sales', null, 10, 'd-1'],
      ['od-east', 'od-sales', 2000, 'd-2'],
      ['od-west', 'od-sales', 4000, 'd-3'],
    ]);
    expect(departments[0]?.leaderExternalIds).toEqual(['on_zhao']);
  });

  it('lists people by department and those granted one by one; withheld keys stay absent', async () => {
    const inDepartment = (id: string, answer: JsonObject, token?: string) =>
      recorded('GET contact/v3/users/find_by_department', answer, {
        query: { ...ids, department_id: id, page_size: 50, ...(token ? { page_token: token } : {}) },
      });
    const context = platform.expects(
      inDepartment('od-sales', { items: [zhaoYi], has_more: false }),
      inDepartment('od-east', { items: [zhaoYi], has_more: true, page_token: 'p+/=2' }),
      inDepartment('od-east', { items: [qianEr], has_more: false }, 'p+/=2'),
      scopesCall({ department_ids: ['od-sales'], user_ids: ['on_boss'], has_more: false }),
      recorded('GET contact/v3/users/batch', { items: [boss] }, { query: { ...ids, user_ids: ['on_boss'] } }),
    );
    const users = [];
    for (const departmentId of ['od-sales', 'od-east', null])
      users.push(...(await allPages((cursor) => directory.listUsers(context, { departmentId, cursor }))));
    platform.done();
    expect(users[0]).toEqual({
      externalId: 'on_zhao',
      externalIds: [
        { type: 'open_id', value: 'ou_zhao' },
        { type: 'user_id', value: 'e33ggbyz' },
      ],
      displayName: '赵一',
      workEmail: null,
      mobile: '+8613000000001',
      employeeNumber: '0001',
      jobTitle: '店长',
      managerExternalId: 'on_boss',
      customFields: { 'C-10': 'B2' },
      status: 'active',
      memberships: [
        { departmentId: 'od-sales', order: -0, isPrimary: true },
        { departmentId: 'od-east', order: -30, isPrimary: false },
      ],
      raw: zhaoYi,
    });
    expect(users[2]).toEqual({
      externalId: 'on_qian',
      externalIds: [{ type: 'open_id', value: 'ou_qian' }],
      displayName: '钱二',
      status: 'pending',
      memberships: [{ departmentId: 'od-east' }],
      raw: qianEr,
    });
    expect(users[3]).toMatchObject({ externalId: 'on_boss', managerExternalId: null, memberships: [] });
  });

  it('asks alone for whom a batch leaves out: resigned, hidden, unknown', async () => {
    const alone = (id: string) => `GET contact/v3/users/${id}`;
    const context = platform.expects(
      recorded(
        'GET contact/v3/users/batch',
        { items: [zhaoYi] },
        { query: { ...ids, user_ids: ['on_zhao', 'on_left', 'on_hidden', 'on_never'] } },
      ),
      recorded(
        alone('on_left'),
        {
          user: {
            union_id: 'on_left',
            open_id: 'ou_left',
            status: { ...active, is_activated: false, is_resigned: true },
          },
        },
        { query: ids },
      ),
      refused(alone('on_hidden'), 41050, 400, { query: ids }),
      refused(alone('on_never'), 99992363, 400, { query: ids }),
    );
    const answers = await directory.getUsers(context, {
      externalIds: ['on_zhao', 'on_left', 'on_hidden', 'on_never'],
    });
    expect(answers.map(({ status }) => status)).toEqual(['found', 'gone', 'notVisible', 'gone']);
    platform.done();
  });

  it('decides on the code at any status, and waits as long as the platform says', () => {
    const throttled = { 'x-ogw-ratelimit-reset': '7', 'x-tt-logid': 'T1' };
    for (const status of [429, 400]) {
      expect(
        classify({
          status,
          headers: throttled,
          body: { code: 99991400, msg: 'request trigger frequency limit' },
        }),
      ).toMatchObject({ code: 'rate_limited', retryAfterMs: 7_000, vendorRequestId: 'T1' });
    }
    for (const status of [200, 400]) {
      expect(classify({ status, headers: {}, body: { code: 99991663, msg: 'expired' } })).toMatchObject({
        outcome: 'token_expired',
      });
    }
    expect(
      classify({ status: 200, headers: {}, body: { code: 10014, msg: 'app id not exists' } }),
    ).toMatchObject({ code: 'config_invalid' });
    expect(
      classify({ status: 400, headers: {}, body: { code: 99991672, msg: 'scope', error: { log_id: 'L2' } } }),
    ).toMatchObject({ code: 'permission_denied', vendorRequestId: 'L2' });
  });

  it('exchanges a code with or without the redirect address, as it was issued', async () => {
    const exchange = {
      grant_type: 'authorization_code',
      client_id: 'cli_kat',
      client_secret: 'app-secret',
      code: 'C',
    };
    const token = { code: 0, access_token: 'eyJuser', expires_in: 7200, token_type: 'Bearer', scope: '' };
    const info = {
      call: `GET ${API}/authen/v1/user_info`,
      answer: { code: 0, data: { union_id: 'on_zhao', open_id: 'ou_zhao', name: '赵一', tenant_key: 'tk' } },
    };
    const redirectUri = 'https://bridge.example/cb';
    const context = platform.expects(
      {
        call: `POST ${API}/authen/v2/oauth/token`,
        json: { ...exchange, redirect_uri: redirectUri },
        answer: token,
      },
      info,
      { call: `POST ${API}/authen/v2/oauth/token`, json: exchange, answer: token },
      info,
    );
    for (const mode of ['browser', 'inApp'] as const) {
      expect(await identity.authenticate(context, { query: { code: 'C' }, redirectUri, mode })).toEqual({
        kind: 'employee',
        externalId: 'on_zhao',
        externalIds: [{ type: 'open_id', value: 'ou_zhao' }],
        profile: { name: '赵一' },
      });
    }
    platform.done();
  });
});
