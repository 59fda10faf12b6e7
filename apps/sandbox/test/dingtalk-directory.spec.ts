import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dingtalkAccountOf, dingtalkDeptIdOf, startSandbox, type Sandbox } from '@trainbridge/sandbox';
import { at, DingtalkCaller } from './dingtalk-caller.js';

describe('DingTalk contacts', () => {
  let sandbox: Sandbox;
  let caller: DingtalkCaller;

  beforeEach(async () => {
    sandbox = await startSandbox({ people: 160, departments: 20, dingtalk: { limits: { perSecond: 0 } } });
    caller = new DingtalkCaller(sandbox);
  });
  afterEach(() => sandbox.close());

  /** The whole company as a client reads it. */
  async function crawl(start = 1): Promise<{ departments: Set<number>; people: Set<string>; rows: number }> {
    const departments = new Set<number>();
    const people = new Set<string>();
    let rows = 0;
    const queue = [start];
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      departments.add(id);
      const children = at<{ dept_id: number }[]>(
        await caller.old('/topapi/v2/department/listsub', { dept_id: id }),
        'result',
      );
      queue.push(...children.map((child) => child.dept_id));
      let cursor: number | undefined = 0;
      while (cursor !== undefined) {
        const page: Record<string, unknown> = at(
          await caller.old('/topapi/v2/user/list', { dept_id: id, cursor, size: 7 }),
          'result',
        );
        const list = page.list as { userid: string }[];
        rows += list.length;
        for (const { userid } of list) people.add(userid);
        expect(page.has_more).toBe('next_cursor' in page);
        cursor = page.next_cursor as number | undefined;
      }
    }
    return { departments, people, rows };
  }

  it('shows every department and everybody, once per membership', async () => {
    const { departments, people, rows } = await crawl();
    const { company } = sandbox;
    expect(departments.size).toBe(company.departmentCount);
    expect(people).toEqual(new Set(company.people().map((person) => person.account)));
    expect(rows).toBe(company.people().reduce((sum, person) => sum + person.memberships.length, 0));
    expect([...departments].filter((id) => id !== 1).every((id) => id > 2 ** 32)).toBe(true);
  });

  it('gives direct children only, the root where none is named', async () => {
    const { company } = sandbox;
    const answer = await caller.old('/topapi/v2/department/listsub');
    expect(answer).toMatchObject({ errcode: 0, errmsg: 'ok' });
    expect(at<unknown[]>(answer, 'result')).toHaveLength(company.children(1).length);
    expect(at(answer, 'result.0')).toEqual({
      dept_id: dingtalkDeptIdOf(2),
      name: company.department(2)?.name,
      parent_id: 1,
      create_dept_group: false,
      auto_add_user: false,
    });
    const ids = await caller.old('/topapi/v2/department/listsubid', { dept_id: 1 });
    expect(at<number[]>(ids, 'result.dept_id_list')).toEqual(company.children(1).map(dingtalkDeptIdOf));
  });

  it('describes a department: managers, head counts, no parent of the root', async () => {
    const root = at<object>(await caller.old('/topapi/v2/department/get', { dept_id: 1 }), 'result');
    expect(root).toMatchObject({ dept_id: 1, member_count: 160 });
    expect(root).not.toHaveProperty('parent_id');
    sandbox.dingtalk.setFacts({ rootParentId: 0 });
    expect(await caller.old('/topapi/v2/department/get', { dept_id: 1 })).toMatchObject({
      result: { parent_id: 0 },
    });
    const leader = sandbox.company.people().find((person) => person.memberships.some((one) => one.isLeader));
    const led = leader?.memberships.find((one) => one.isLeader)?.departmentId ?? 0;
    expect(await caller.old('/topapi/v2/department/get', { dept_id: dingtalkDeptIdOf(led) })).toMatchObject({
      result: { dept_manager_userid_list: [leader?.account] },
    });
    const deep = sandbox.company.subtree(1).at(-1) ?? 0;
    const up = await caller.old('/topapi/v2/department/listparentbydept', {
      dept_id: dingtalkDeptIdOf(deep),
    });
    const lineage = at<number[]>(up, 'result.parent_id_list');
    expect([lineage[0], lineage.at(-1)]).toEqual([dingtalkDeptIdOf(deep), 1]);
  });

  it('describes a person: one leader flag per department, manager, custom fields as a string', async () => {
    const person = sandbox.company.people().find((one) => one.memberships.length > 1);
    if (person === undefined) throw new Error('nobody works in two departments');
    sandbox.mutations.edit(person.account, { details: { attributes: { hobby: '围棋' }, telephone: '' } });
    const answer = await caller.old('/topapi/v2/user/get', { userid: person.account });
    const user = at<Record<string, unknown>>(answer, 'result');
    expect(user).toMatchObject({
      userid: person.account,
      unionid: dingtalkAccountOf(`person ${person.id}`).unionId,
      mobile: person.mobile,
      state_code: '86',
      job_number: person.employeeNumber,
      org_email: person.bizMail,
      dept_id_list: person.departmentIds.map(dingtalkDeptIdOf),
      leader_in_dept: person.memberships.map((one) => ({
        dept_id: dingtalkDeptIdOf(one.departmentId),
        leader: one.isLeader,
      })),
      manager_userid: sandbox.company.personById(person.leaderIds[0] ?? 0)?.account,
      extension: '{"hobby":"围棋"}',
    });
    expect(user).not.toHaveProperty('telephone');
    const list = at<Record<string, unknown>[]>(
      await caller.old('/topapi/v2/user/list', {
        dept_id: dingtalkDeptIdOf(person.departmentIds[0] ?? 0),
        cursor: 0,
        size: 100,
      }),
      'result.list',
    );
    const listed = list.find((one) => one.userid === person.account);
    expect(listed).toHaveProperty('leader');
    for (const field of ['manager_userid', 'leader_in_dept', 'dept_order_list', 'role_list'])
      expect(listed).not.toHaveProperty(field);
  });

  it('leaves fields out in silence when the permission for them is missing', async () => {
    const [person] = sandbox.company.people();
    sandbox.dingtalk.setApp({ readsMobile: false, readsPersonal: false });
    const user = at<object>(await caller.old('/topapi/v2/user/get', { userid: person?.account }), 'result');
    for (const field of ['mobile', 'state_code', 'email', 'work_place', 'extension'])
      expect(user).not.toHaveProperty(field);
    expect(user).toHaveProperty('org_email');
  });

  it('finds people by union id and by mobile; the userid compares with case', async () => {
    const [person] = sandbox.company.people();
    if (person === undefined) throw new Error('nobody');
    const unionid = dingtalkAccountOf(`person ${person.id}`).unionId;
    expect(await caller.old('/topapi/user/getbyunionid', { unionid })).toMatchObject({
      result: { contact_type: 0, userid: person.account },
    });
    const [contact] = sandbox.dingtalk.contacts.all();
    expect(
      await caller.old('/topapi/user/getbyunionid', {
        unionid: dingtalkAccountOf(`contact ${contact?.userid}`).unionId,
      }),
    ).toMatchObject({ result: { contact_type: 1, userid: contact?.userid } });
    expect(await caller.old('/topapi/user/getbyunionid', { unionid: 'nobody' })).toMatchObject({
      errcode: 60121,
    });
    expect(await caller.old('/topapi/v2/user/getbymobile', { mobile: person.mobile })).toMatchObject({
      result: { userid: person.account },
    });
    expect(await caller.old('/topapi/v2/user/getbymobile', { mobile: 'none' })).toMatchObject({
      errcode: 40104,
    });
    expect(await caller.old('/topapi/v2/user/get', { userid: person.account.toUpperCase() })).toMatchObject({
      errcode: 33012,
    });
  });

  it('counts, names the admins and tells who left', async () => {
    expect(await caller.old('/topapi/user/count', { only_active: false })).toMatchObject({
      result: { count: 160 },
    });
    const [first, second] = sandbox.company.people();
    expect(await caller.old('/topapi/user/listadmin')).toMatchObject({
      result: [{ userid: first?.account, sys_level: 1 }, { userid: second?.account, sys_level: 2 }, {}],
    });
    sandbox.mutations.dismiss(second?.account ?? '');
    const start = new Date(Date.now() - 60_000).toISOString();
    const left = await caller.fresh(
      'GET',
      `/v1.0/contact/empLeaveRecords?startTime=${encodeURIComponent(start)}&nextToken=0&maxResults=50`,
    );
    expect(left).toMatchObject({ status: 200, body: { records: [{ userId: second?.account }] } });
    expect(left.body).not.toHaveProperty('nextToken');
  });

  it('keeps the union id of somebody who comes back', async () => {
    const [, , person] = sandbox.company.people();
    const read = async (): Promise<unknown> =>
      at(await caller.old('/topapi/v2/user/get', { userid: person?.account }), 'result.unionid');
    const before = await read();
    sandbox.mutations.dismiss(person?.account ?? '');
    expect(await caller.old('/topapi/v2/user/get', { userid: person?.account })).toMatchObject({
      errcode: 33012,
    });
    sandbox.mutations.rehire(person?.account ?? '');
    expect(await read()).toBe(before);
    expect(await caller.old('/topapi/user/getbyunionid', { unionid: before })).toMatchObject({
      result: { userid: person?.account },
    });
  });

  it('refuses bad parameters with the code of each', async () => {
    const list = async (body: object): Promise<unknown> =>
      (await caller.old('/topapi/v2/user/list', body)).errcode;
    expect(await list({ dept_id: 1, cursor: 0, size: 101 })).toBe(40069);
    expect(await list({ dept_id: 1, cursor: -1, size: 10 })).toBe(40068);
    expect(await list({ dept_id: 1, cursor: 0 })).toBe(40035);
    expect(await list({ cursor: 0, size: 10 })).toBe(40035);
    expect(await list({ dept_id: 2, cursor: 0, size: 10 })).toBe(60003);
    expect(await list({ dept_id: '1', cursor: '0', size: '100' })).toBe(0);
    expect((await caller.old('/topapi/v2/department/get', {})).errcode).toBe(40035);
  });

  describe('contact range', () => {
    it('hides what is outside, except from the calls it does not bind', async () => {
      const inside = sandbox.company.children(1)[1] ?? 0;
      const [boss] = sandbox.company.people();
      const insider = [...sandbox.company.members(inside)][0];
      sandbox.dingtalk.setContactRange({ departments: [inside], users: [boss?.account ?? ''] });
      expect(
        await (await fetch(`${sandbox.url}/auth/scopes?access_token=${await caller.appToken()}`)).json(),
      ).toMatchObject({
        errcode: 0,
        auth_org_scopes: { authed_dept: [dingtalkDeptIdOf(inside)], authed_user: [boss?.account] },
      });
      expect(await caller.old('/topapi/v2/department/listsub', { dept_id: 1 })).toMatchObject({
        errcode: 50004,
      });
      expect(await caller.old('/topapi/v2/user/list', { dept_id: 1, cursor: 0, size: 1 })).toMatchObject({
        errcode: 50004,
      });
      expect(at(await caller.old('/topapi/user/listid', { dept_id: 1 }), 'result.userid_list')).toHaveLength(
        sandbox.company.members(1).size,
      );
      const outsider = sandbox.company
        .people()
        .find(
          (one) =>
            one !== boss && !one.departmentIds.some((id) => sandbox.company.subtree(inside).includes(id)),
        );
      expect(await caller.old('/topapi/v2/user/get', { userid: outsider?.account })).toMatchObject({
        errcode: 50002,
      });
      for (const seen of [boss, insider])
        expect(await caller.old('/topapi/v2/user/get', { userid: seen?.account })).toMatchObject({
          errcode: 0,
        });
      const { departments } = await crawl(dingtalkDeptIdOf(inside));
      expect(departments.size).toBe(sandbox.company.subtree(inside).length);
      const unionid = dingtalkAccountOf(`person ${outsider?.id}`).unionId;
      expect(await caller.old('/topapi/user/getbyunionid', { unionid })).toMatchObject({ errcode: 0 });
      sandbox.dingtalk.setFacts({ unionIdRangeChecked: true });
      expect(await caller.old('/topapi/user/getbyunionid', { unionid })).toMatchObject({ errcode: 50002 });
    });
  });

  it('fact homeSchoolBook: a pseudo department -1 with pupils', async () => {
    sandbox.dingtalk.setFacts({ homeSchoolBook: true });
    const children = at<{ dept_id: number }[]>(await caller.old('/topapi/v2/department/listsub'), 'result');
    expect(children.at(-1)?.dept_id).toBe(-1);
    expect(await caller.old('/topapi/v2/user/list', { dept_id: -1, cursor: 0, size: 9 })).toMatchObject({
      result: { list: [{ userid: 'pupil1' }, {}] },
    });
  });

  it('writes: custom fields replace each other unless told to add; the manager goes only by force', async () => {
    const [, person, boss] = sandbox.company.people();
    const userid = person?.account ?? '';
    expect(await caller.old('/topapi/v2/user/update', { userid, title: '店长' })).toMatchObject({
      errcode: 88,
      sub_code: '60011',
    });
    sandbox.dingtalk.setApp({ scopes: [...sandbox.dingtalk.app.scopes, 'qyapi_manage_addresslist'] });
    const write = async (body: object): Promise<unknown> =>
      (await caller.old('/topapi/v2/user/update', { userid, ...body })).errcode;
    expect(await write({ extension: '{"a":"1"}' })).toBe(0);
    expect(await write({ extension: '{"b":"2"}', ext_attrs_update_mode: 1 })).toBe(0);
    expect(person?.attributes).toEqual({ a: '1', b: '2' });
    expect(await write({ extension: '{"c":"3"}' })).toBe(0);
    expect(person?.attributes).toEqual({ c: '3' });
    expect(await write({ extension: { c: '3' } })).toBe(400002);
    expect(await write({ manager_userid: boss?.account, dept_id_list: `1,${dingtalkDeptIdOf(2)}` })).toBe(0);
    expect([person?.leaderIds, person?.departmentIds]).toEqual([[boss?.id], [1, 2]]);
    expect(await write({ manager_userid: '' })).toBe(0);
    expect(person?.leaderIds).toEqual([boss?.id]);
    expect(await write({ manager_userid: '', force_update_fields: 'manager_userid' })).toBe(0);
    expect(person?.leaderIds).toEqual([]);
    expect(await write({ dept_id_list: '77' })).toBe(60003);
  });
});
