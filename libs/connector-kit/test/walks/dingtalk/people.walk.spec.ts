import { beforeEach, describe, expect, it } from 'vitest';
import {
  capabilitiesOf,
  type DepartmentRecord,
  type JsonObject,
  type JsonValue,
} from '../../../src/index.js';
import { allPages, RecordedPlatform } from '../recorded-platform.js';
import connector, { classify } from './connector.js';
import { config, old, refused, scopesCall } from './recordings.js';

const { directory, customers } = connector as Required<typeof connector>;
// A listing speaks of the asked department only (leader, dept_order); a detail of all of them.
const listed = (userid: string, name: string, departments: number[], more: JsonObject = {}): JsonObject => ({
  userid,
  unionid: `union-${userid}`,
  name,
  active: true,
  dept_id_list: departments,
  leader: false,
  // Beyond 2^53: read as a double, close enough to sort by.
  dept_order: Number('176362815343598512'),
  ...more,
});
const liNa = {
  job_number: 'A-007',
  title: '讲师',
  org_email: 'lina@corp.example',
  extension: '{"hobby":"围棋"}',
};

let platform: RecordedPlatform;
beforeEach(() => {
  platform = new RecordedPlatform(connector, config);
});

describe('DingTalk on paper', () => {
  it('has every capability, and one token in two places', () => {
    expect(capabilitiesOf(connector)).toHaveLength(7);
    const token = connector.tokens['app'] ?? expect.fail('no token');
    expect(
      token.apply({ method: 'POST', url: 'https://oapi.dingtalk.com/topapi/v2/user/get' }, 't'),
    ).toMatchObject({ query: { access_token: 't' } });
    expect(token.apply({ method: 'GET', url: 'https://private.example/v1.0/todo/users' }, 't')).toMatchObject(
      {
        headers: { 'x-acs-dingtalk-access-token': 't' },
      },
    );
  });

  it('walks departments from parent to children, and people per department and one by one', async () => {
    const context = platform.expects(
      scopesCall,
      old(
        '/topapi/v2/department/get',
        { dept_id: 1 },
        { result: { dept_id: 1, name: '启明教育', order: 0, dept_manager_userid_list: ['boss'] } },
      ),
      old(
        '/topapi/v2/department/listsub',
        { dept_id: 1 },
        {
          result: [
            { dept_id: -1, name: '家校通讯录', parent_id: 1, auto_add_user: false, create_dept_group: false },
            {
              dept_id: 972130001,
              name: '教研部',
              parent_id: 1,
              auto_add_user: true,
              create_dept_group: true,
            },
            {
              dept_id: 972130002,
              name: '客服部',
              parent_id: 1,
              auto_add_user: true,
              create_dept_group: true,
            },
          ],
        },
      ),
      old('/topapi/v2/department/listsub', { dept_id: 972130001 }, { result: [] }),
      old('/topapi/v2/department/listsub', { dept_id: 972130002 }, { result: [] }),
    );
    // As the host does it: the topmost first, then whatever lies below what was found.
    const departments: DepartmentRecord[] = [];
    for (let parents: (string | null)[] = [null]; parents.length > 0;) {
      const found: DepartmentRecord[] = [];
      for (const parentId of parents)
        found.push(...(await allPages((cursor) => directory.listDepartments(context, { parentId, cursor }))));
      departments.push(...found);
      parents = found.map(({ externalId }) => externalId);
    }
    expect(departments.map(({ externalId, parentExternalId }) => [externalId, parentExternalId])).toEqual([
      ['1', null],
      ['972130001', '1'],
      ['972130002', '1'],
    ]);

    platform.expects(
      old(
        '/topapi/v2/user/list',
        { dept_id: 972130001, cursor: 0, size: 100 },
        {
          result: {
            has_more: true,
            next_cursor: 100,
            list: [listed('lina', '李娜', [972130001, 972130002], { ...liNa, leader: true })],
          },
        },
      ),
      old(
        '/topapi/v2/user/list',
        { dept_id: 972130001, cursor: 100, size: 100 },
        { result: { has_more: false, list: [listed('boss', '刘总', [1, 972130001])] } },
      ),
      old(
        '/topapi/v2/user/list',
        { dept_id: 972130002, cursor: 0, size: 100 },
        {
          result: {
            has_more: false,
            list: [
              listed('lina', '李娜', [972130001, 972130002], liNa),
              listed('xiaozhou', '小周', [972130002, -1], { active: false }),
            ],
          },
        },
      ),
      scopesCall,
      old(
        '/topapi/v2/user/get',
        { userid: 'guest01' },
        {
          result: {
            userid: 'guest01',
            unionid: 'union-guest01',
            name: '外聘专家',
            active: true,
            dept_id_list: [55],
            leader_in_dept: [{ dept_id: 55, leader: false }],
            manager_userid: 'boss',
          },
        },
      ),
    );
    const users = [];
    for (const departmentId of ['972130001', '972130002', null])
      users.push(...(await allPages((cursor) => directory.listUsers(context, { departmentId, cursor }))));
    platform.done();
    expect(users[0]).toMatchObject({
      externalId: 'lina',
      externalIds: [{ type: 'unionid', value: 'union-lina' }],
      employeeNumber: 'A-007',
      workEmail: 'lina@corp.example',
      customFields: { hobby: '围棋' },
      memberships: [{ departmentId: '972130001', isLeader: true }, { departmentId: '972130002' }],
    });
    // Each listing knows leadership in its own department; merged, both are known.
    expect(users[0]?.memberships?.[1]).not.toHaveProperty('isLeader');
    expect(users[2]?.memberships?.[1]).toMatchObject({ departmentId: '972130002', isLeader: false });
    expect(users[0]?.memberships?.[0]?.order).toBeLessThan(-1e17);
    // Mobile is withheld without its permission; a listing never tells the manager.
    expect(users[0]).not.toHaveProperty('mobile');
    expect(users[0]).not.toHaveProperty('managerExternalId');
    expect(users[3]).toMatchObject({
      externalId: 'xiaozhou',
      status: 'pending',
      memberships: [{ departmentId: '972130002' }],
    });
    expect(users[4]).toMatchObject({ externalId: 'guest01', managerExternalId: 'boss' });
  });

  it('tells gone from not visible', async () => {
    const context = platform.expects(
      refused('/topapi/v2/user/get', { userid: 'left' }, 33012, 'invalid userid'),
      refused('/topapi/v2/user/get', { userid: 'other' }, 50002, 'out of scope'),
      refused('/topapi/v2/department/get', { dept_id: 9 }, 60003, 'department not found'),
      scopesCall,
    );
    expect(await directory.getUsers(context, { externalIds: ['left', 'other'] })).toEqual([
      { externalId: 'left', status: 'gone' },
      { externalId: 'other', status: 'notVisible' },
    ]);
    expect(await directory.getDepartments(context, { externalIds: ['9'] })).toEqual([
      { externalId: '9', status: 'gone' },
    ]);
    expect((await directory.visibility(context)).grants).toEqual(['department:1', 'user:guest01']);
    platform.done();
  });

  it('finds the code that counts in either envelope', () => {
    const of = (status: number, body: JsonValue) => classify({ status, headers: {}, body });
    expect(of(200, { errcode: 88, sub_code: '40014', sub_msg: 'bad token', errmsg: 'x' })).toMatchObject({
      outcome: 'token_expired',
      vendorCode: '40014',
    });
    expect(of(200, { errcode: 88, errmsg: 'ding talk error[subcode=90018,submsg=qps]' })).toMatchObject({
      code: 'rate_limited',
      retryAfterMs: 1_000,
    });
    expect(of(400, { code: 'InvalidAuthentication', requestid: 'r', message: 'm' })).toMatchObject({
      outcome: 'token_expired',
      vendorRequestId: 'r',
    });
    expect(
      of(403, { code: 'Forbidden.AccessDenied.QpsLimitForApi', requestid: 'r', message: 'm' }),
    ).toMatchObject({ code: 'rate_limited' });
    expect(
      of(403, { code: 'Forbidden.AccessDenied.IpNotInWhiteList', requestid: 'r', message: 'm' }),
    ).toMatchObject({ code: 'permission_denied' });
    expect(of(200, { status: 1111, wait: 5, source: 'x5', punish: 'deny' })).toMatchObject({
      code: 'rate_limited',
      retryAfterMs: 300_000,
    });
    expect(of(200, { errcode: 90020, errmsg: 'month' })).toMatchObject({ code: 'permission_denied' });
  });

  it('lists and reads external contacts as customers', async () => {
    const contact = {
      userid: 'ext-1',
      name: '周女士',
      follower_user_id: 'lina',
      label_ids: [11],
      company_name: '某公司',
    };
    const context = platform.expects(
      old('/topapi/extcontact/list', { size: 100, offset: 0 }, { results: [contact] }),
      refused('/topapi/extcontact/get', { user_id: 'ext-2' }, 60121, 'not found'),
    );
    expect(
      await allPages((cursor) => customers.list?.(context, { cursor }) ?? expect.fail('no list')),
    ).toMatchObject([{ externalId: 'ext-1', ownerExternalIds: ['lina'], tags: [{ id: '11' }] }]);
    expect(await customers.get(context, { externalIds: ['ext-2'] })).toEqual([
      { externalId: 'ext-2', status: 'gone' },
    ]);
    platform.done();
  });
});
