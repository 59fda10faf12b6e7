import { describe, expect, it } from 'vitest';
import type { DepartmentRecord, JsonValue, UserRecord } from '@trainbridge/connector-kit';
import { readDepartment, readUser, type SeenBy } from '../src/directory/records.js';

function user(value: JsonValue, seenBy: SeenBy = 'detail'): UserRecord {
  const reading = readUser(value, seenBy);
  if (!('record' in reading)) throw new Error(reading.rejected.reason);
  return reading.record;
}

function department(value: JsonValue): DepartmentRecord {
  const reading = readDepartment(value);
  if (!('record' in reading)) throw new Error(reading.rejected.reason);
  return reading.record;
}

const detail = {
  userid: 'zhang3',
  unionid: 'z21Huniu',
  name: '张三',
  avatar: 'https://static.example.test/a.png',
  state_code: '86',
  mobile: '13900001111',
  hide_mobile: false,
  job_number: '4',
  title: '工程师',
  email: 'zhang3@private.example.test',
  org_email: 'zhang3@example.test',
  work_place: '未来park',
  remark: '',
  extension: '{"爱好":"旅游","年龄":"24"}',
  hired_date: 1597573616828,
  active: true,
  admin: true,
  boss: false,
  manager_userid: 'boss1',
  dept_id_list: [2, 3, 1],
  dept_order_list: [
    { dept_id: 2, order: 1 },
    { dept_id: 3, order: 176362815343598500 },
  ],
  leader_in_dept: [
    { dept_id: 2, leader: true },
    { dept_id: 3, leader: false },
  ],
  dept_position_list: [{ dept_id: 3, is_main: true, title: '工程师' }],
};

describe('a person', () => {
  it('in full', () => {
    expect(user(detail)).toEqual({
      externalId: 'zhang3',
      externalIds: [{ type: 'unionid', value: 'z21Huniu' }],
      displayName: '张三',
      employeeNumber: '4',
      jobTitle: '工程师',
      workEmail: 'zhang3@example.test',
      mobile: '+8613900001111',
      avatarUrl: 'https://static.example.test/a.png',
      managerExternalId: 'boss1',
      status: 'active',
      customFields: { 爱好: '旅游', 年龄: '24' },
      memberships: [
        { departmentId: '2', isLeader: true, order: -1 },
        { departmentId: '3', isLeader: false, order: -176362815343598500, isPrimary: true },
        { departmentId: '1' },
      ],
      raw: detail,
    });
  });

  it('has a main department when it is the only one, or the platform says so', () => {
    const mainOf = (more: object) =>
      (user({ userid: 'a', name: 'A', ...more }, { listedIn: '1' })?.memberships ?? [])
        .filter(({ isPrimary }) => isPrimary)
        .map(({ departmentId }) => departmentId);
    expect(mainOf({ dept_id_list: [1] })).toEqual(['1']);
    expect(mainOf({ dept_id_list: [1, 2] })).toEqual([]);
    expect(mainOf({ dept_id_list: [1, 2], dept_position_list: [{ dept_id: 2, is_main: true }] })).toEqual([
      '2',
    ]);
    expect(mainOf({}), 'the other departments are not told').toEqual([]);
  });

  it('whose fields are withheld keeps them untold; empty ones are told', () => {
    const bare = user({ userid: 'a', name: 'A', dept_id_list: [1] }, { listedIn: '1' });
    expect(bare).toEqual({
      externalId: 'a',
      displayName: 'A',
      // Omitted means the default picture, whatever the permissions.
      avatarUrl: null,
      memberships: [{ departmentId: '1', isPrimary: true }],
      raw: { userid: 'a', name: 'A', dept_id_list: [1] },
    });
    const empty = user({ userid: 'a', title: '', job_number: '', mobile: '', org_email: '', extension: '' });
    expect(empty).toMatchObject({
      jobTitle: null,
      employeeNumber: null,
      mobile: null,
      workEmail: null,
      customFields: {},
      managerExternalId: null,
    });
  });

  it('in a listing: leadership and rank are of the department that was asked for', () => {
    const listed = { userid: 'a', dept_id_list: [2, 3], leader: true, dept_order: 5 };
    expect(user(listed, { listedIn: '3' }).memberships).toEqual([
      { departmentId: '2' },
      { departmentId: '3', isLeader: true, order: -5 },
    ]);
    expect(user({ userid: 'a' }, { listedIn: '3' }).memberships).toEqual([{ departmentId: '3' }]);
    expect('managerExternalId' in user(listed, { listedIn: '3' })).toBe(false);
  });

  it('never activated is pending, and no more is known of others', () => {
    expect(user({ userid: 'a', active: false }).status).toBe('pending');
    expect(user({ userid: 'a', active: 'true' }).status).toBe('active');
    expect(user({ userid: 'a' }).status).toBeUndefined();
  });

  it.each([
    ['13900001111', '86', '+8613900001111'],
    ['91234567', '852', '+85291234567'],
    ['91234567', '+852', '+85291234567'],
    ['13900001111', undefined, '+8613900001111'],
    ['139****1111', '86', undefined],
  ])('mobile %s of country %s is %s', (mobile, state_code, expected) => {
    expect(user({ userid: 'a', mobile, ...(state_code ? { state_code } : {}) }).mobile).toBe(expected);
  });

  it.each(['{broken', '[1]', '"text"', 'null'])(
    'own fields that are no object stay untold: %s',
    (extension) => {
      expect(user({ userid: 'a', extension }).customFields).toBeUndefined();
    },
  );

  it('numbers as text, nonsense and pseudo departments are survived', () => {
    const odd = user({
      userid: 42,
      name: { first: 'x' },
      dept_id_list: ['2', -1, null, {}, 1.5, 2],
      dept_order_list: 'x',
      leader_in_dept: [null, { dept_id: '2', leader: 'true' }],
      unionid: 'with space',
      mobile: ['1'],
    });
    expect(odd).toMatchObject({ externalId: '42', memberships: [{ departmentId: '2', isLeader: true }] });
    expect(odd).not.toHaveProperty('displayName');
    expect(odd).not.toHaveProperty('externalIds');
  });

  it.each<JsonValue>([null, 'x', 7, [], {}, { userid: '' }, { userid: 'a b' }, { userid: 'x'.repeat(300) }])(
    'without an id is set aside: %j',
    (value) => {
      expect(readUser(value, 'detail')).toMatchObject({ rejected: { externalId: null } });
    },
  );
});

describe('a department', () => {
  it('in full, the smaller order first', () => {
    const raw = {
      dept_id: 10,
      parent_id: 1,
      name: '研发',
      code: 'RD',
      order: 3,
      dept_manager_userid_list: ['a', ''],
    };
    expect(department(raw)).toEqual({
      externalId: '10',
      parentExternalId: '1',
      name: '研发',
      code: 'RD',
      order: 3,
      leaderExternalIds: ['a'],
      raw,
    });
  });

  it('the root has no parent, nor has one that is its own', () => {
    expect(department({ dept_id: 1, name: 'Sim' }).parentExternalId).toBeNull();
    expect(department({ dept_id: 5, parent_id: 5, name: 'X' }).parentExternalId).toBeNull();
  });

  it.each<JsonValue>([{ dept_id: 0 }, { dept_id: 'x' }, { name: 'x' }, null])(
    'without an id is set aside: %j',
    (value) => {
      expect(readDepartment(value)).toMatchObject({ rejected: { externalId: null } });
    },
  );
});
