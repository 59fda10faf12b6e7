import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { defaultFactsForTests, startSandbox, type Sandbox } from './sandbox-under-test.js';
import { Caller, records } from './caller.js';

const sensitive = ['avatar', 'gender', 'mobile', 'email', 'biz_mail', 'qr_code', 'address'];

describe('reading the directory', () => {
  let sandbox: Sandbox;
  let caller: Caller;

  // One company for all tests of the file; settings are put back before each.
  beforeEach(async () => {
    sandbox ??= await startSandbox({ people: 300 });
    caller ??= new Caller(sandbox);
    sandbox.wecom.setFacts(defaultFactsForTests);
    sandbox.wecom.setApp({ restricted: true, range: { users: [], parties: [1], tags: [] } });
    sandbox.wecom.setContacts({ legacyCaller: false });
    sandbox.wecom.tags.clear();
    sandbox.wecom.faults.clear();
  });
  afterAll(() => sandbox.close());

  const codeOf = async (path: string): Promise<number> => (await caller.app(path)).errcode;
  const ids = (list: Record<string, unknown>[]): number[] => list.map((row) => Number(row.id));

  describe('which secret may do what', () => {
    it('contacts: ids only', async () => {
      for (const path of [
        'user/get?userid=x',
        'user/list?department_id=1',
        'user/simplelist?department_id=1',
      ]) {
        expect((await caller.contacts(path)).errcode).toBe(48009);
      }
      expect((await caller.contacts('department/list')).errcode).toBe(48009);
      expect((await caller.contacts('department/get?id=1')).errcode).toBe(48009);
      expect((await caller.contacts('agent/get?agentid=1000002')).errcode).toBe(48002);
      const { department_id } = await caller.contacts('department/simplelist');
      expect(department_id).toHaveLength(sandbox.company.departmentCount);
      expect(Object.keys((department_id as object[])[3] ?? {})).toEqual(['id', 'parentid', 'order']);
    });

    it('contacts from an address of before 2022-08: details, with the sensitive fields', async () => {
      sandbox.wecom.setContacts({ legacyCaller: true });
      const [member] = records(await caller.contacts('user/list?department_id=2'), 'userlist');
      for (const field of sensitive) expect(member).toHaveProperty(field);
    });

    it('app: no list_id (fact listIdWrongTokenCode), no writes', async () => {
      expect((await caller.app('user/list_id', {})).errcode).toBe(48002);
      sandbox.wecom.setFacts({ listIdWrongTokenCode: 48009 });
      expect((await caller.app('user/list_id', {})).errcode).toBe(48009);
      expect((await caller.app('user/update', { userid: 'x' })).errcode).toBe(48002);
    });

    it("app: only its own agent's view", async () => {
      const answer = await caller.app('agent/get?agentid=1000002');
      expect(answer).toMatchObject({
        agentid: 1000002,
        allow_partys: { partyid: [1] },
        allow_userinfos: { user: [] },
      });
      expect(await codeOf('agent/get?agentid=1000003')).toBe(301002);
      expect(await codeOf('agent/get')).toBe(40056);
      expect((await caller.app('getcallbackip')).ip_list).toContain('127.0.0.1');
    });
  });

  describe('departments', () => {
    it('lists all, or one with everything below it', async () => {
      const all = records(await caller.app('department/list'), 'department');
      expect(all).toHaveLength(sandbox.company.departmentCount);
      expect(Object.keys(all[1] ?? {})).toEqual([
        'id',
        'name',
        'name_en',
        'department_leader',
        'parentid',
        'order',
      ]);
      const below = ids(records(await caller.app('department/list?id=2'), 'department'));
      expect(below.sort()).toEqual(sandbox.company.subtree(2).sort());
      expect(below.length).toBeLessThan(all.length);
      const one = await caller.app('department/get?id=2');
      expect(one.department).toEqual(all.find((row) => row.id === 2));
    });

    it('fact rootParentId', async () => {
      expect(records(await caller.app('department/list'), 'department')[0]).toHaveProperty('parentid', 0);
      sandbox.wecom.setFacts({ rootParentId: 'absent' });
      expect(records(await caller.app('department/list'), 'department')[0]).not.toHaveProperty('parentid');
      expect(records(await caller.contacts('department/simplelist'), 'department_id')[0]).not.toHaveProperty(
        'parentid',
      );
    });

    it('fact unknownDepartmentCode; nonsense is 40058', async () => {
      for (const code of [60003, 60123, 40066] as const) {
        sandbox.wecom.setFacts({ unknownDepartmentCode: code });
        expect(await codeOf('department/list?id=99999')).toBe(code);
        expect(await codeOf('user/list?department_id=99999')).toBe(code);
      }
      expect(await codeOf('department/list?id=abc')).toBe(40058);
      expect(await codeOf('user/list')).toBe(40063);
    });
  });

  describe('members', () => {
    it('lists direct members with the arrays of one index', async () => {
      const members = records(await caller.app('user/list?department_id=2'), 'userlist');
      expect(members.map((member) => member.userid)).toEqual(
        [...sandbox.company.members(2)].map((one) => one.account),
      );
      for (const member of members) {
        const { department, order, is_leader_in_dept } = member as Record<string, unknown[]>;
        expect(order).toHaveLength(department?.length ?? 0);
        expect(is_leader_in_dept).toHaveLength(department?.length ?? 0);
      }
      const simple = records(await caller.app('user/simplelist?department_id=2'), 'userlist');
      expect(Object.keys(simple[0] ?? {})).toEqual(['userid', 'name', 'department']);
    });

    it('shows one member at the top level, whatever the case of the userid', async () => {
      const person = sandbox.company.people()[10];
      const answer = await caller.app(`user/get?userid=${person?.account.toUpperCase()}`);
      expect(answer).toMatchObject({
        errcode: 0,
        userid: person?.account,
        name: person?.name,
        status: 1,
        enable: 1,
      });
      expect(answer.extattr).toMatchObject({
        attrs: [{ type: 0, name: '工号', text: { value: person?.employeeNumber } }],
      });
      expect(await codeOf('user/get?userid=nobody')).toBe(60111);
      expect(await codeOf('user/get')).toBe(40063);
    });

    it('a restricted app lacks the keys of the sensitive fields, an older one has them', async () => {
      const userid = sandbox.company.people()[5]?.account;
      const withheld = await caller.app(`user/get?userid=${userid}`);
      for (const field of [...sensitive, 'thumb_avatar']) expect(withheld).not.toHaveProperty(field);
      sandbox.wecom.setApp({ restricted: false });
      const full = await caller.app(`user/get?userid=${userid}`);
      for (const field of [...sensitive, 'thumb_avatar']) expect(full).toHaveProperty(field);
      expect(full.gender).toMatch(/^[12]$/);
    });

    it('facts thumbAvatarWithheld, enableField, legacyFields', async () => {
      const userid = sandbox.company.people()[5]?.account;
      sandbox.wecom.setFacts({ thumbAvatarWithheld: false, enableField: false, legacyFields: false });
      const answer = await caller.app(`user/get?userid=${userid}`);
      expect(answer).toHaveProperty('thumb_avatar');
      for (const field of ['enable', 'isleader', 'hide_mobile', 'english_name'])
        expect(answer).not.toHaveProperty(field);
    });

    it('fact directLeaderMax', async () => {
      const person = sandbox.company.people().find((one) => one.leaderIds.length === 2);
      const leaders = async (): Promise<unknown> =>
        (await caller.app(`user/get?userid=${person?.account}`)).direct_leader;
      expect(await leaders()).toHaveLength(1);
      sandbox.wecom.setFacts({ directLeaderMax: 5 });
      expect(await leaders()).toHaveLength(2);
    });

    it('finds userids by mobile and mail', async () => {
      const person = sandbox.company.people()[7];
      expect(await caller.app('user/getuserid', { mobile: person?.mobile })).toMatchObject({
        userid: person?.account,
      });
      expect(await caller.app('user/getuserid', { mobile: '10000000000' })).toMatchObject({ errcode: 46004 });
      expect(await caller.app('user/get_userid_by_email', { email: person?.bizMail })).toMatchObject({
        userid: person?.account,
      });
      expect(
        await caller.app('user/get_userid_by_email', { email: person?.email, email_type: 2 }),
      ).toMatchObject({
        userid: person?.account,
      });
    });

    it('45029 when a department is too large', async () => {
      sandbox.wecom.setLimits({ userListMax: 2 });
      expect(await codeOf('user/list?department_id=2')).toBe(45029);
      sandbox.wecom.setLimits({ userListMax: 0 });
    });
  });

  describe('the visible range', () => {
    it('a department with what is below it; the top has a parent that is not in the list', async () => {
      sandbox.wecom.setVisibleRange({ parties: [3] });
      const list = records(await caller.app('department/list'), 'department');
      expect(ids(list).sort()).toEqual(sandbox.company.subtree(3).sort());
      expect(ids(list)).not.toContain(Number(list[0]?.parentid));
      expect(await codeOf('department/list?id=1')).toBe(60011);
      expect(await codeOf('user/list?department_id=1')).toBe(60011);
      sandbox.wecom.setFacts({ invisibleDepartmentCode: 60003 });
      expect(await codeOf('department/list?id=1')).toBe(60003);
      // The skeleton of contacts sync is not cut.
      expect((await caller.contacts('department/simplelist')).department_id).toHaveLength(
        sandbox.company.departmentCount,
      );
    });

    it('cuts department, order, leader flags, main department and direct leaders to what is in view', async () => {
      const { mutations, wecom } = sandbox;
      const boss = mutations.hire({ departmentIds: [2] });
      const person = mutations.hire({
        departmentIds: [2, 3, 4],
        primaryDepartmentId: 2,
        leaders: [boss.account],
      });
      mutations.makeLeader(person.account, 4);
      wecom.setVisibleRange({ parties: [4] });
      const answer = await caller.app(`user/get?userid=${person.account}`);
      expect(answer).toMatchObject({
        department: [4],
        order: [0],
        is_leader_in_dept: [1],
        direct_leader: [],
      });
      expect(answer).not.toHaveProperty('main_department');
      wecom.setVisibleRange({ parties: [2] });
      const other = await caller.app(`user/get?userid=${person.account}`);
      expect(other).toMatchObject({ main_department: 2, direct_leader: [boss.account] });
      expect(other.department).toEqual([2, 3, 4]);
    });

    it('people alone: visible, with empty arrays; fact emptyRangeDepartmentList', async () => {
      const person = sandbox.company.people()[20];
      sandbox.wecom.setVisibleRange({ users: [person?.account.toUpperCase() ?? ''] });
      expect(await caller.app(`user/get?userid=${person?.account}`)).toMatchObject({
        errcode: 0,
        department: [],
        is_leader_in_dept: [],
      });
      expect(await caller.app('department/list')).toMatchObject({ errcode: 0, department: [] });
      expect(await caller.app('agent/get?agentid=1000002')).toMatchObject({
        allow_userinfos: { user: [{ userid: person?.account }] },
      });
      sandbox.wecom.setFacts({ emptyRangeDepartmentList: 'error' });
      expect(await codeOf('department/list')).toBe(60011);
    });

    it('tags: their people and their departments', async () => {
      const person = [...sandbox.company.members(2)][1];
      sandbox.wecom.putTag(12, '新员工', { users: [person?.account ?? ''], parties: [5] });
      sandbox.wecom.setVisibleRange({ tags: [12] });
      expect(await codeOf(`user/get?userid=${person?.account}`)).toBe(0);
      expect(ids(records(await caller.app('department/list'), 'department')).sort()).toEqual(
        sandbox.company.subtree(5).sort(),
      );
      expect(await caller.app('tag/get?tagid=12')).toMatchObject({ tagname: '新员工', partylist: [5] });
      expect((await caller.app('tag/list')).taglist).toEqual([{ tagid: 12, tagname: '新员工' }]);
      expect(await codeOf('tag/get?tagid=13')).toBe(40068);
    });

    it('fact invisibleUserCode', async () => {
      const outside = [...sandbox.company.members(1)][0]?.account;
      sandbox.wecom.setVisibleRange({ parties: [9] });
      expect(await codeOf(`user/get?userid=${outside}`)).toBe(60011);
      sandbox.wecom.setFacts({ invisibleUserCode: 60111 });
      expect(await codeOf(`user/get?userid=${outside}`)).toBe(60111);
    });

    it('follows the company: who moves out of view disappears', async () => {
      const person = sandbox.mutations.hire({ departmentIds: [9] });
      sandbox.wecom.setVisibleRange({ parties: [9] });
      expect(await codeOf(`user/get?userid=${person.account}`)).toBe(0);
      sandbox.mutations.move(person.account, [8]);
      expect(await codeOf(`user/get?userid=${person.account}`)).toBe(60011);
      const left = records(await caller.app('user/list?department_id=9'), 'userlist');
      expect(left.map((member) => member.userid)).not.toContain(person.account);
    });
  });

  it('several apps, each with a view and a secret of its own', async () => {
    const second = await startSandbox({
      people: 30,
      wecom: {
        moreApps: [
          {
            agentId: 1000003,
            secret: 'second-secret',
            name: '考试',
            restricted: false,
            range: { users: [], parties: [2], tags: [] },
            trustedIps: null,
            disabled: false,
          },
        ],
      },
    });
    const other = new Caller(second);
    const token = String((await other.getToken('second-secret')).access_token);
    const answer = await other.raw(`department/list?access_token=${token}`);
    expect(((await answer.json()) as { department: unknown[] }).department).toHaveLength(
      second.company.subtree(2).length,
    );
    expect((await other.app('department/list')).department).toHaveLength(second.company.departmentCount);
    await second.close();
  });

  it('warm answers are the cold ones, and grow stale with the company', async () => {
    const members = async (): Promise<unknown> => (await caller.app('user/list?department_id=6')).userlist;
    const rows = async (): Promise<unknown> =>
      (await caller.contacts('user/list_id', { limit: 10_000 })).dept_user;
    const cold = [await members(), await rows()];
    sandbox.wecom.setFacts({});
    sandbox.wecom.warm();
    expect([await members(), await rows()]).toEqual(cold);
    const hired = sandbox.mutations.hire({ departmentIds: [6] });
    expect(JSON.stringify(await members())).toContain(hired.account);
    expect(JSON.stringify(await rows())).toContain(hired.account);
  });

  it('messages: recorded, with invalid recipients in lower case', async () => {
    const reachable = sandbox.company.people()[11]?.account ?? '';
    const body = {
      touser: `${reachable}|No.Body`,
      msgtype: 'text',
      agentid: 1000002,
      text: { content: '你好' },
    };
    expect(await caller.app('message/send', body)).toMatchObject({ errcode: 0, invaliduser: 'no.body' });
    expect(sandbox.wecom.messages.at(-1)).toMatchObject({
      recipients: [reachable],
      content: { text: { content: '你好' } },
    });
    expect((await caller.app('message/send', { ...body, touser: 'No.Body' })).errcode).toBe(81013);
    expect((await caller.app('message/send', { ...body, agentid: 5 })).errcode).toBe(301002);
  });
});
