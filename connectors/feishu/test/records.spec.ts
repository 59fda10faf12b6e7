import type { JsonObject, JsonValue, UserRecord } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import { readDepartment, readUser } from '../src/directory/records.js';

const full: JsonObject = {
  union_id: 'on_1a',
  open_id: 'ou_1a',
  user_id: 'e1',
  name: 'Zhao Yi',
  en_name: 'Yi',
  email: 'yi@example.com',
  enterprise_email: 'yi@corp.example.com',
  mobile: '+8613000000001',
  employee_no: '0001',
  employee_type: 1,
  job_title: 'Clerk',
  leader_user_id: 'on_9z',
  avatar: { avatar_72: 'https://x/72', avatar_240: 'https://x/240' },
  status: { is_frozen: false, is_resigned: false, is_activated: true, is_exited: false, is_unjoin: false },
  department_ids: ['od-aa', 'od-bb'],
  orders: [
    { department_id: 'od-aa', user_order: 5, department_order: 1, is_primary_dept: false },
    { department_id: 'od-bb', user_order: 0, department_order: 2, is_primary_dept: true },
  ],
  custom_attrs: [
    { type: 'TEXT', id: 'C-10', value: { text: 'B2' } },
    { type: 'ENUMERATION', id: 'C-11', value: { option_id: 'o1', option_value: 'Gold' } },
    { type: 'GENERIC_USER', id: 'C-12', value: { generic_user: { id: 'e7', type: 1 } } },
    { type: 'PHONE_NUMBER', id: 'C-13', value: { text: '+8613000000002' } },
  ],
};

function read(value: JsonValue, listedIn?: string): UserRecord {
  const reading = readUser(value, listedIn);
  if (!('record' in reading)) throw new Error(reading.rejected.reason);
  return reading.record;
}

const without = (...keys: string[]): JsonObject =>
  Object.fromEntries(Object.entries(full).filter(([key]) => !keys.includes(key)));

describe('a person', () => {
  it('with everything permitted', () => {
    expect(read(full)).toEqual({
      externalId: 'on_1a',
      externalIds: [
        { type: 'open_id', value: 'ou_1a' },
        { type: 'user_id', value: 'e1' },
      ],
      displayName: 'Zhao Yi',
      employeeNumber: '0001',
      workEmail: 'yi@corp.example.com',
      mobile: '+8613000000001',
      jobTitle: 'Clerk',
      managerExternalId: 'on_9z',
      avatarUrl: 'https://x/240',
      status: 'active',
      memberships: [
        { departmentId: 'od-aa', isPrimary: false, order: -5 },
        { departmentId: 'od-bb', isPrimary: true, order: 0 },
      ],
      customFields: { englishName: 'Yi', employeeType: 1, 'C-10': 'B2', 'C-11': 'Gold', 'C-12': 'e7' },
      raw: full,
    });
  });

  it('with nothing permitted: ids, and the department that was asked for', () => {
    const bare = { union_id: 'on_1a', open_id: 'ou_1a' };
    expect(read(bare)).toEqual({
      externalId: 'on_1a',
      externalIds: [{ type: 'open_id', value: 'ou_1a' }],
      raw: bare,
    });
    expect(read(bare, 'od-aa').memberships).toEqual([{ departmentId: 'od-aa' }]);
  });

  it.each([
    ['employee_no', 'employeeNumber'],
    ['mobile', 'mobile'],
    ['job_title', 'jobTitle'],
    ['leader_user_id', 'managerExternalId'],
    ['name', 'displayName'],
  ] as const)('%s: absent stays absent, empty becomes null', (key, field) => {
    expect(read(without(key))).not.toHaveProperty(field);
    expect(read({ ...full, [key]: '' })[field]).toBeNull();
  });

  it('the mailbox of the company comes first, the private one where there is no other', () => {
    expect(read({ ...full, enterprise_email: '' }).workEmail).toBe('yi@example.com');
    expect(read(without('enterprise_email')).workEmail).toBe('yi@example.com');
    expect(read({ ...full, enterprise_email: '', email: '' }).workEmail).toBeNull();
    expect(read(without('email', 'enterprise_email'))).not.toHaveProperty('workEmail');
  });

  it.each([
    [{ is_activated: true }, 'active'],
    [{ is_activated: false, is_unjoin: true }, 'pending'],
    [{ is_activated: false }, 'pending'],
    [{ is_activated: true, is_frozen: true }, 'disabled'],
    [{ is_activated: true, is_exited: true }, 'disabled'],
    [{ is_activated: true, is_resigned: true, is_frozen: false }, 'disabled'],
    [{}, undefined],
  ] as const)('flags %j are %s', (status, expected) => {
    expect(read({ ...full, status }).status).toBe(expected);
  });

  it('is_frozen at the top counts as well, and no flags at all tell nothing', () => {
    expect(read({ ...full, is_frozen: true }).status).toBe('disabled');
    expect(read(without('status'))).not.toHaveProperty('status');
  });

  it('directly under the root stands in no department', () => {
    expect(read({ ...full, department_ids: ['0'], orders: [] }).memberships).toEqual([]);
    expect(read({ ...full, department_ids: ['0', 'od-aa'], orders: [] }).memberships).toEqual([
      { departmentId: 'od-aa' },
    ]);
  });

  it('without a mark, the largest department_order is the primary department', () => {
    const orders = [
      { department_id: 'od-aa', user_order: 1, department_order: 7 },
      { department_id: 'od-bb', user_order: 1, department_order: 3 },
    ];
    expect(read({ ...full, orders }).memberships).toEqual([
      { departmentId: 'od-aa', isPrimary: true, order: -1 },
      { departmentId: 'od-bb', isPrimary: false, order: -1 },
    ]);
  });

  it.each([
    ['a mobile that cannot be one', { mobile: '138****0001' }, 'mobile'],
    ['a mobile that is an object', { mobile: {} }, 'mobile'],
    ['a status that is a text', { status: 'active' }, 'status'],
    ['departments that are a text', { department_ids: 'od-aa' }, 'memberships'],
    ['an avatar that is a list', { avatar: [] }, 'avatarUrl'],
    ['a leader with spaces', { leader_user_id: 'on 9z' }, 'managerExternalId'],
  ])('%s is not told', (_name, change, field) => {
    expect(read({ ...full, ...change })).not.toHaveProperty(field);
  });

  it('entries of lists that are nothing are passed over', () => {
    const odd: JsonObject = {
      ...full,
      department_ids: [null, 7, 'od-aa', 'od-aa', {}],
      orders: [null, 'x', { department_id: 5 }, { department_id: 'od-aa', user_order: '3' }],
      custom_attrs: [null, { id: 'C-1' }, { id: 'C-2', value: { text: '' } }],
    };
    expect(read(odd).memberships).toEqual([{ departmentId: 'od-aa', order: -3 }]);
    expect(read(odd).customFields).toEqual({ englishName: 'Yi', employeeType: 1 });
  });

  it.each([
    null,
    'x',
    7,
    [],
    {},
    { open_id: 'ou_1' },
    { union_id: '' },
    { union_id: 'a b' },
    { union_id: 5 },
  ] as JsonValue[])('%j is rejected with its reason', (value) => {
    const reading = readUser(value);
    expect(reading).toMatchObject({
      rejected: { externalId: null, reason: expect.stringMatching(/^The person/) as string },
    });
  });
});

describe('a department', () => {
  const sales: JsonObject = {
    name: 'Sales',
    open_department_id: 'od-aa',
    department_id: 'd-1',
    parent_department_id: 'od-top',
    order: '10',
    leaders: [
      { leaderType: 2, leaderID: 'on_2' },
      { leaderType: 1, leaderID: 'on_1' },
    ],
    status: { is_deleted: false },
  };

  it('with everything permitted; the main leader first', () => {
    expect(readDepartment(sales)).toEqual({
      record: {
        externalId: 'od-aa',
        externalIds: [{ type: 'department_id', value: 'd-1' }],
        name: 'Sales',
        code: 'd-1',
        parentExternalId: 'od-top',
        order: 10,
        leaderExternalIds: ['on_1', 'on_2'],
        raw: sales,
      },
    });
  });

  it('with nothing permitted but its id', () => {
    const bare = { open_department_id: 'od-aa' };
    expect(readDepartment(bare)).toEqual({ record: { externalId: 'od-aa', raw: bare } });
  });

  it('below the root it has no parent; above itself neither', () => {
    expect(readDepartment({ ...sales, parent_department_id: '0' })).toMatchObject({
      record: { parentExternalId: null },
    });
    expect(readDepartment({ ...sales, parent_department_id: 'od-aa' })).toMatchObject({
      record: { parentExternalId: null },
    });
  });

  it('order as a number, and a leader in the older field', () => {
    const { leaders: _leaders, ...older } = sales;
    expect(readDepartment({ ...older, order: 3, leader_user_id: 'on_9' })).toMatchObject({
      record: { order: 3, leaderExternalIds: ['on_9'] },
    });
    expect(readDepartment({ ...older, leader_user_id: '' })).toMatchObject({
      record: { leaderExternalIds: [] },
    });
    expect(readDepartment({ ...sales, order: 'first' })).not.toHaveProperty('record.order');
  });

  it.each([null, [], 'od-aa', {}, { open_department_id: 7 }] as JsonValue[])('%j is rejected', (value) => {
    expect(readDepartment(value)).toHaveProperty('rejected.reason');
  });
});
