import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Person, type Sandbox } from '@trainbridge/sandbox';
import { FeishuCaller, items, type FeishuAnswer } from './feishu-caller.js';

describe('Feishu contacts', () => {
  let sandbox: Sandbox;
  let caller: FeishuCaller;
  let clock: number;

  beforeEach(async () => {
    clock = 1767225600_000;
    sandbox = await startSandbox({
      people: 200,
      departments: 16,
      now: () => clock,
      feishu: { limits: { enforced: false } },
    });
    caller = new FeishuCaller(sandbox);
  });
  afterEach(() => sandbox.close());

  const openId = (person: Person): string => sandbox.feishu.ids.openId(person.id);
  const openDepartment = (id: number): string => sandbox.feishu.ids.department(id, 'open_department_id');
  const children = (query = ''): Promise<FeishuAnswer> =>
    caller.get(`contact/v3/departments/0/children?page_size=50${query}`);
  const members = (id: number, query = '&page_size=50'): Promise<FeishuAnswer> =>
    caller.get(`contact/v3/users/find_by_department?department_id=${openDepartment(id)}${query}`);
  const someone = (): Person =>
    sandbox.company.people().find(({ status, id }) => status === 'active' && id > 5) as Person;

  describe('departments', () => {
    it('lists direct children by default and the tree on request, never the parent', async () => {
      const direct = items(await children());
      expect(direct.map((item) => item.open_department_id).sort()).toEqual(
        sandbox.company.children(1).map(openDepartment).sort(),
      );
      const all = items(await children('&fetch_child=true'));
      expect(all).toHaveLength(15);
      const parent = all.find((item) => item.parent_department_id !== '0');
      expect(all.some((item) => item.open_department_id === parent?.parent_department_id)).toBe(true);
      sandbox.feishu.setFacts({ childrenIncludeParent: true });
      const own = await caller.get(`contact/v3/departments/${openDepartment(2)}/children`);
      expect(items(own)[0]).toMatchObject({ open_department_id: openDepartment(2) });
    });

    it('shows records with ids of the kind asked for', async () => {
      const department = sandbox.company.department(2);
      const [record] = items(await children('&department_id_type=department_id&user_id_type=user_id'));
      const leader = [...sandbox.company.members(2)].find((person) =>
        person.memberships.some((at) => at.isLeader),
      );
      expect(record).toMatchObject({
        name: department?.name,
        department_id: 'D0002',
        open_department_id: openDepartment(2),
        parent_department_id: '0',
        leader_user_id: leader?.account,
        leaders: [{ leaderType: 1, leaderID: leader?.account }],
        status: { is_deleted: false },
      });
      expect(typeof record?.order).toBe('string');
    });

    it('refuses ids of the wrong kind and of nothing', async () => {
      expect(await caller.get('contact/v3/departments/D0002')).toMatchObject({ status: 400, code: 99992357 });
      const custom = await caller.get('contact/v3/departments/D9999?department_id_type=department_id');
      expect(custom).toMatchObject({ status: 400, code: 99992358 });
      expect(await caller.get('contact/v3/departments/x/children?department_id_type=y')).toMatchObject({
        code: 99992402,
      });
      const founded = sandbox.mutations.createDepartment({ name: '临时' });
      sandbox.mutations.removeDepartment(founded.id);
      const path = `contact/v3/departments/${openDepartment(founded.id)}`;
      expect(await caller.get(path)).toMatchObject({ status: 400, code: 40015 });
      sandbox.feishu.setFacts({ deletedDepartment: 'is_deleted' });
      expect((await caller.get(path)).data).toMatchObject({ department: { status: { is_deleted: true } } });
      sandbox.feishu.setFacts({ deletedDepartment: 99992357 });
      expect((await caller.get(path)).code).toBe(99992357);
    });

    it('batches repeat the key; ids of nothing are passed over', async () => {
      const ids = [2, 3].map(openDepartment);
      const query = [...ids, 'od-nothing'].map((id) => `department_ids=${id}`).join('&');
      expect(items(await caller.get(`contact/v3/departments/batch?${query}`))).toHaveLength(2);
      expect(
        items(await caller.get(`contact/v3/departments/batch?department_ids=${ids.join(',')}`)),
      ).toHaveLength(0);
      const many = Array.from({ length: 51 }, () => `department_ids=${ids[0]}`).join('&');
      expect(await caller.get(`contact/v3/departments/batch?${many}`)).toMatchObject({ code: 99992402 });
    });

    it('goes up to the child of the root', async () => {
      const deep = [...sandbox.company.departments()].find(({ parentId }) => parentId > 1);
      const chain = items(
        await caller.get(`contact/v3/departments/parent?department_id=${openDepartment(deep?.id ?? 0)}`),
      );
      expect(chain[0]).toMatchObject({ open_department_id: openDepartment(deep?.parentId ?? 0) });
      expect(chain.at(-1)).toMatchObject({ parent_department_id: '0' });
    });
  });

  describe('paging', () => {
    it('gives ten unless asked and fifty at most', async () => {
      expect(items(await caller.get('contact/v3/departments/0/children?fetch_child=true'))).toHaveLength(10);
      expect(await children('&page_size=51')).toMatchObject({ code: 0 });
      expect(await caller.get('contact/v3/departments/0/children?page_size=51')).toMatchObject({
        status: 400,
        code: 40011,
      });
    });

    it('walks with tokens that hold for their question only', async () => {
      const first = await members(2, '&page_size=1');
      const token = encodeURIComponent(String(first.data.page_token));
      expect(first.data.has_more).toBe(true);
      const second = await members(2, `&page_size=1&page_token=${token}`);
      expect(items(second)[0]?.open_id).not.toBe(items(first)[0]?.open_id);
      expect(await members(3, `&page_size=1&page_token=${token}`)).toMatchObject({
        status: 400,
        code: 40012,
      });
      expect(await members(2, '&page_token=abc')).toMatchObject({ code: 40012 });
      sandbox.feishu.setFacts({ pageTokenSeconds: 1 });
      clock += 1000;
      expect(await members(2, `&page_size=1&page_token=${token}`)).toMatchObject({ code: 40012 });
    });

    it('leaves an empty list out, or shows it', async () => {
      const empty = sandbox.mutations.createDepartment({ name: '空' });
      expect((await members(empty.id)).data).toEqual({ has_more: false });
      sandbox.feishu.setFacts({ emptyItems: 'empty' });
      expect((await members(empty.id)).data).toEqual({ has_more: false, items: [] });
    });
  });

  describe('users', () => {
    it('lists direct members; people of two departments come in both', async () => {
      const twice = sandbox.company.people().find(({ memberships }) => memberships.length > 1) as Person;
      const [one = 0, two = 0] = twice.departmentIds;
      for (const id of [one, two]) {
        const found = items(await members(id)).map((item) => item.open_id);
        expect(found).toContain(openId(twice));
      }
      const record = items(await members(one)).find((item) => item.open_id === openId(twice));
      expect(record?.department_ids).toEqual(twice.departmentIds.map(openDepartment));
      const orders = record?.orders as { department_order: number; is_primary_dept: boolean }[];
      const largest = Math.max(...orders.map((order) => order.department_order));
      expect(orders.find((order) => order.is_primary_dept)?.department_order).toBe(largest);
    });

    it('shows the root as 0, or not at all', async () => {
      const boss = sandbox.company.people()[0] as Person;
      const read = async (): Promise<unknown> =>
        ((await caller.get(`contact/v3/users/${openId(boss)}`)).data.user as { department_ids: unknown })
          .department_ids;
      expect(await read()).toEqual(['0']);
      sandbox.feishu.setFacts({ rootMembership: 'absent' });
      expect(await read()).toEqual([]);
    });

    it('shows whole records and what their flags say', async () => {
      const person = someone();
      const read = async (account: string): Promise<Record<string, unknown>> =>
        (await caller.get(`contact/v3/users/${account}?user_id_type=user_id`)).data.user as Record<
          string,
          unknown
        >;
      expect(await read(person.account)).toMatchObject({
        open_id: openId(person),
        union_id: sandbox.feishu.ids.unionId(person.id),
        user_id: person.account,
        name: person.name,
        mobile: `+86${person.mobile}`,
        employee_no: person.employeeNumber,
        job_title: person.position,
        status: {
          is_activated: true,
          is_frozen: false,
          is_unjoin: false,
          is_resigned: false,
          is_exited: false,
        },
      });
      sandbox.mutations.edit(person.account, { status: 'disabled' });
      expect((await read(person.account)).status).toMatchObject({ is_frozen: true });
      sandbox.mutations.edit(person.account, { status: 'inactive' });
      expect((await read(person.account)).status).toMatchObject({ is_unjoin: true, is_activated: false });
    });

    it('still answers for who left, but lists him nowhere', async () => {
      const person = someone();
      sandbox.mutations.dismiss(person.account);
      const { data } = await caller.get(`contact/v3/users/${openId(person)}`);
      expect(data.user).toMatchObject({ status: { is_resigned: true }, name: person.name });
      expect(items(await caller.get(`contact/v3/users/batch?user_ids=${openId(person)}`))).toEqual([]);
      sandbox.feishu.setFacts({ resignedInBatch: true });
      expect(items(await caller.get(`contact/v3/users/batch?user_ids=${openId(person)}`))).toHaveLength(1);
      const listed = items(await members(person.primaryDepartmentId)).map((item) => item.open_id);
      expect(listed).not.toContain(openId(person));
    });

    it('names ids of nobody by their kind', async () => {
      const codes = [];
      for (const type of ['open_id', 'union_id', 'user_id']) {
        codes.push((await caller.get(`contact/v3/users/nobody?user_id_type=${type}`)).code);
      }
      expect(codes).toEqual([99992351, 99992353, 99992352]);
    });

    it('finds ids by mobile and mail, and names of anybody', async () => {
      const person = someone();
      const { data } = await caller.post('contact/v3/users/batch_get_id?user_id_type=user_id', {
        mobiles: [`+86${person.mobile}`, '13000000000'],
        emails: [person.email],
      });
      expect(data.user_list).toEqual([
        { email: person.email, user_id: person.account },
        { mobile: `+86${person.mobile}`, user_id: person.account },
        { mobile: '13000000000' },
      ]);
      sandbox.feishu.setRange({});
      const names = await caller.post('contact/v3/users/basic_batch', { user_ids: [openId(person)] });
      expect(names.data.users).toMatchObject([{ user_id: openId(person), name: person.name }]);
    });
  });

  describe('scopes and range', () => {
    it('leaves keys out without a word when their scope is missing', async () => {
      const person = someone();
      for (const scope of [
        'contact:user.phone:readonly',
        'contact:user.email:readonly',
        'contact:user.employee_id:readonly',
      ])
        sandbox.feishu.setScope(scope, false);
      const { code, data } = await caller.get(`contact/v3/users/${openId(person)}`);
      expect(code).toBe(0);
      for (const key of ['mobile', 'email', 'user_id']) expect(data.user).not.toHaveProperty(key);
      expect(data.user).toHaveProperty('employee_no');
      // The broad scope opens most fields, but not these.
      sandbox.feishu.setApp({ scopes: ['contact:contact:readonly_as_app'] });
      const broad = (await caller.get(`contact/v3/users/${openId(person)}`)).data.user;
      expect(broad).toHaveProperty('job_title');
      expect(broad).not.toHaveProperty('mobile');
    });

    it('refuses loudly for the call, and for user ids without their scope', async () => {
      sandbox.feishu.setScope('contact:user.employee_id:readonly', false);
      const refused = await children('&user_id_type=user_id');
      expect(refused).toMatchObject({ status: 400, code: 99991672 });
      expect(refused.error.permission_violations).toEqual([
        { type: 'field_scope_required', subject: 'contact:user.employee_id:readonly' },
      ]);
      sandbox.feishu.setApp({ scopes: [] });
      const none = await children();
      expect(none).toMatchObject({ status: 400, code: 99991672 });
      expect(none.error.permission_violations).toContainEqual({
        type: 'action_scope_required',
        subject: 'contact:contact.base:readonly',
      });
    });

    it('shows the nodes of the range, people before departments on shared pages', async () => {
      const all = await caller.get('contact/v3/scopes');
      expect(all.data.user_ids).toHaveLength(3);
      expect(all.data.department_ids).toEqual(sandbox.company.children(1).map(openDepartment));
      const page = await caller.get('contact/v3/scopes?page_size=4');
      expect(page.data).toMatchObject({ has_more: true, department_ids: [openDepartment(2)] });
      sandbox.feishu.setRange({ users: [someone().account], departments: [3] });
      const some = await caller.get('contact/v3/scopes');
      expect(some.data).toMatchObject({
        user_ids: [openId(someone())],
        department_ids: [openDepartment(3)],
        group_ids: [],
        has_more: false,
      });
    });

    it('a partial range closes the root and what is outside', async () => {
      const outside = [...sandbox.company.members(2)].find(
        ({ departmentIds }) => departmentIds.length === 1,
      ) as Person;
      sandbox.feishu.setRange({ departments: [3] });
      expect(await children()).toMatchObject({ status: 403, code: 40004 });
      expect(await members(2)).toMatchObject({ status: 403, code: 40004 });
      expect(await members(3)).toMatchObject({ status: 200, code: 0 });
      expect(await caller.get(`contact/v3/users/${openId(outside)}`)).toMatchObject({
        status: 400,
        code: 41050,
      });
      expect(items(await caller.get(`contact/v3/users/batch?user_ids=${openId(outside)}`))).toEqual([]);
    });
  });

  describe('custom fields', () => {
    it('are defined, written and read', async () => {
      const person = someone();
      const defined = items(await caller.get('contact/v3/custom_attrs'));
      expect(defined).toMatchObject([
        { type: 'TEXT' },
        { i18n_name: [{ locale: 'zh_cn', value: '最近证书' }] },
      ]);
      const id = defined[1]?.id;
      const patch = (attrs: unknown): Promise<FeishuAnswer> =>
        caller.call('PATCH', `contact/v3/users/${openId(person)}`, { custom_attrs: attrs });
      const written = await patch([{ type: 'TEXT', id, value: { text: '消防安全 2026' } }]);
      expect(written.data.user).toMatchObject({
        custom_attrs: [{ type: 'TEXT', id, value: { text: '消防安全 2026' } }],
      });
      expect(person.attributes['最近证书']).toBe('消防安全 2026');
      expect(await patch([{ type: 'TEXT', id: 'C-0', value: { text: 'x' } }])).toMatchObject({
        status: 400,
        code: 41045,
      });
      expect((await patch([{ type: 'TEXT', id, value: { text: 'x'.repeat(101) } }])).code).toBe(41046);
      sandbox.feishu.setApp({ customFieldsOpen: false });
      expect((await patch([{ type: 'TEXT', id, value: { text: 'x' } }])).code).toBe(41044);
      expect((await caller.get(`contact/v3/users/${openId(person)}`)).data.user).not.toHaveProperty(
        'custom_attrs',
      );
    });

    it('are not written for who left or never joined, nor without the scope', async () => {
      const person = someone();
      const patch = (): Promise<FeishuAnswer> =>
        caller.call('PATCH', `contact/v3/users/${openId(person)}`, { job_title: '讲师' });
      expect((await patch()).data.user).toMatchObject({ job_title: '讲师' });
      sandbox.mutations.edit(person.account, { status: 'inactive' });
      expect(await patch()).toMatchObject({ status: 400, code: 44010 });
      sandbox.mutations.dismiss(person.account);
      expect((await patch()).code).toBe(42006);
      sandbox.feishu.setScope('contact:contact', false);
      expect((await patch()).code).toBe(99991672);
    });

    it('numbers of employees are taken once', async () => {
      const person = someone();
      const other = sandbox.company.people().find((candidate) => candidate !== person);
      const answer = await caller.call('PATCH', `contact/v3/users/${openId(person)}`, {
        employee_no: other?.employeeNumber,
      });
      expect(answer.code).toBe(44051);
    });
  });
});
