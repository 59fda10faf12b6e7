import type { JsonObject, UserRecord } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import {
  departmentId,
  readDepartment,
  readDepartmentId,
  readIdRows,
  readMember,
  userId,
} from '../src/directory/records.js';

function member(fields: JsonObject, listedIn?: string): Omit<UserRecord, 'raw'> {
  const reading = readMember({ userid: 'lin.mei', ...fields }, listedIn);
  if (!('record' in reading)) throw new Error(reading.rejected.reason);
  const { raw: _raw, ...record } = reading.record;
  return record;
}

describe('a member in full', () => {
  const full: JsonObject = {
    userid: 'Lin.Mei',
    name: '林梅',
    department: [7, 2],
    order: [10, 4_294_967_295],
    is_leader_in_dept: [0, 1],
    main_department: 2,
    direct_leader: ['zhao.qi', 'wang.wu'],
    position: '培训专员',
    status: 1,
    enable: 1,
    mobile: '13900001111',
    email: 'lin.mei@example.test',
    biz_mail: 'lin.mei@corp.example.test',
    avatar: 'https://img.example.test/a/0',
    alias: 'Mei',
    telephone: '021-5550100',
    extattr: { attrs: [{ type: 0, name: '工号', text: { value: 'E-1042' } }] },
  };

  it('becomes a record, raw beside it', () => {
    expect(readMember(full)).toEqual({
      record: {
        externalId: 'Lin.Mei',
        displayName: '林梅',
        jobTitle: '培训专员',
        status: 'active',
        workEmail: 'lin.mei@corp.example.test',
        mobile: '+8613900001111',
        avatarUrl: 'https://img.example.test/a/0',
        managerExternalId: 'zhao.qi',
        customFields: { alias: 'Mei' },
        memberships: [
          { departmentId: '7', isPrimary: false, isLeader: false, order: -10 },
          { departmentId: '2', isPrimary: true, isLeader: true, order: -4_294_967_295 },
        ],
        raw: full,
      },
    });
  });

  it('the larger rank of WeCom comes first, which is the smaller order here', () => {
    const order = (rank: number): number =>
      member({ department: [1], order: [rank] }).memberships?.[0]?.order as number;
    expect([order(1), order(300), order(0)].sort((a, b) => a - b)).toEqual([-300, -1, 0]);
    expect(Object.is(order(0), 0)).toBe(true);
  });
});

describe('withheld fields', () => {
  it('are absent keys: the live answer of a restricted app', () => {
    const record = member({
      name: '林梅', alias: '', position: '', telephone: '', department: [], order: [], is_leader_in_dept: [],
      direct_leader: [], status: 1, enable: 1, isleader: 0, hide_mobile: 0, extattr: { attrs: [] },
      external_profile: { external_attr: [], external_corp_name: '' },
    }); // prettier-ignore
    expect(record).toEqual({
      externalId: 'lin.mei',
      displayName: '林梅',
      jobTitle: null,
      managerExternalId: null,
      status: 'active',
      customFields: {},
      memberships: [],
    });
  });

  it('empty is told to be empty; a masked number is withheld', () => {
    expect(member({ mobile: '', email: '', biz_mail: '', avatar: '' })).toMatchObject({
      mobile: null,
      workEmail: null,
      avatarUrl: null,
    });
    expect(member({ mobile: '139****1111' })).not.toHaveProperty('mobile');
  });

  it('the company mailbox comes first, the personal one stands in', () => {
    expect(member({ email: 'a@x.test', biz_mail: '' }).workEmail).toBe('a@x.test');
    expect(member({ email: 'a@x.test', biz_mail: 'b@x.test' }).workEmail).toBe('b@x.test');
    expect(member({ email: '' }).workEmail).toBeNull();
  });
});

describe('status', () => {
  it.each([
    [{ status: 1 }, 'active'],
    [{ status: 1, enable: 1 }, 'active'],
    [{ status: 1, enable: 0 }, 'disabled'],
    [{ enable: 0 }, 'disabled'],
    [{ status: 2 }, 'disabled'],
    [{ status: 4, enable: 1 }, 'pending'],
    [{ status: 5 }, 'disabled'],
    [{ status: '4' }, 'pending'],
    [{ status: 99 }, undefined],
    [{ enable: 1 }, undefined],
    [{}, undefined],
  ] as [JsonObject, string | undefined][])('%j is %s', (fields, status) => {
    expect(member(fields).status).toBe(status);
  });
});

describe('memberships', () => {
  it('of a person in a department that does not name it', () => {
    expect(member({ department: [] }, '5').memberships).toEqual([{ departmentId: '5' }]);
    expect(member({}, '5').memberships).toEqual([{ departmentId: '5' }]);
    expect(member({ department: [5], order: [1] }, '5').memberships).toEqual([
      { departmentId: '5', order: -1 },
    ]);
    expect(member({})).not.toHaveProperty('memberships');
  });

  it('with side lists that are short, odd or missing, and without a main department', () => {
    expect(
      member({ department: [2, 'x', '7', -1, 2 ** 60], is_leader_in_dept: [1], order: 'no' }).memberships,
    ).toEqual([{ departmentId: '2', isLeader: true }, { departmentId: '7' }]);
    expect(member({ department: [2], main_department: 9 }).memberships).toEqual([
      { departmentId: '2', isPrimary: false },
    ]);
  });
});

describe('odd types', () => {
  it('a field of another type is not told; the record stays', () => {
    expect(
      member({
        name: { zh: '林' },
        position: ['x'],
        mobile: 13900001111,
        email: false,
        direct_leader: [null],
        status: {},
        extattr: 'x',
      }),
    ).toEqual({ externalId: 'lin.mei', mobile: '+8613900001111' });
  });

  it('the old forms of private deployments: positions, extattr, one leader as text', () => {
    expect(
      member({
        positions: ['经理', '讲师'],
        english_name: 'Mei',
        extattr: { attrs: [{ name: '工号', value: 'E1' }] },
        direct_leader: 'boss',
      }),
    ).toMatchObject({ jobTitle: '经理', customFields: { englishName: 'Mei' }, managerExternalId: 'boss' });
  });

  it.each([
    [{}],
    [{ userid: '' }],
    [{ userid: ' ' }],
    [{ userid: null }],
    [{ userid: ['a'] }],
    [{ userid: 'a b' }],
    [{ userid: 'x'.repeat(300) }],
  ])('a member like %j is set aside', (fields) => {
    expect(readMember(fields as JsonObject)).toMatchObject({
      rejected: { externalId: null, reason: expect.stringContaining('userid') as string },
    });
  });

  it.each([null, 'x', 7, ['a']])('a member that is %j is set aside', (value) => {
    expect(readMember(value)).toEqual({
      rejected: { externalId: null, reason: 'The member is not an object.', raw: { value } },
    });
  });

  it('ids: digits come as number or text, linked corporations have a slash', () => {
    expect([userId(1001), userId('CorpA/lin.mei'), userId('林'), userId(1.5), userId('a\u0000b')]).toEqual([
      '1001',
      'CorpA/lin.mei',
      '林',
      null,
      null,
    ]);
    expect([departmentId(1), departmentId('31'), departmentId(0), departmentId('0'), departmentId(-1), departmentId('x'), departmentId(1.5)]).toEqual([
      '1', '31', null, null, null, null, null,
    ]); // prettier-ignore
  });
});

describe('departments', () => {
  it('become records, the larger rank first', () => {
    const raw = {
      id: 31,
      name: '华东门店',
      name_en: 'East',
      parentid: 7,
      order: 300,
      department_leader: ['zhao.qi'],
    };
    expect(readDepartment(raw)).toEqual({
      record: {
        externalId: '31',
        name: '华东门店',
        parentExternalId: '7',
        order: -300,
        leaderExternalIds: ['zhao.qi'],
        raw,
      },
    });
  });

  it.each([
    { id: 1, parentid: 0 },
    { id: 1 },
    { id: 1, parentid: 1 },
    { id: 1, parentid: '' },
    { id: 1, parentid: null },
  ])('the root is %j', (raw) => {
    expect(readDepartment(raw as JsonObject)).toMatchObject({
      record: { externalId: '1', parentExternalId: null },
    });
  });

  it('without an id they are set aside', () => {
    for (const raw of [{ name: 'x' }, { id: 0 }, { id: 'x' }, null] as (JsonObject | null)[]) {
      expect(readDepartment(raw)).toHaveProperty('rejected');
      expect(readDepartmentId(raw)).toHaveProperty('rejected');
    }
  });

  it('an id alone says that it exists, and where', () => {
    expect(readDepartmentId({ id: 31, parentid: 7, order: 1 })).toMatchObject({
      record: { externalId: '31', idOnly: true, parentExternalId: '7' },
    });
  });
});

describe('rows of the id list', () => {
  it('of one person become one record, whatever the case', () => {
    const { items, rejected } = readIdRows([
      { userid: 'Lin.Mei', department: 2 },
      { userid: 'lin.mei', department: 7 },
      { userid: 'zhao.qi', department: 2 },
      { userid: 'zhao.qi', department: 2 },
      { userid: 'no.department' },
      { department: 2 },
      null,
    ]);
    expect(items.map(({ externalId, idOnly, memberships }) => [externalId, idOnly, memberships])).toEqual([
      ['Lin.Mei', true, [{ departmentId: '2' }, { departmentId: '7' }]],
      ['zhao.qi', true, [{ departmentId: '2' }]],
      ['no.department', true, []],
    ]);
    expect(rejected).toHaveLength(2);
  });
});
