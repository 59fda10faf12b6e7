import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '@trainbridge/sandbox';
import { appReceiver, type CallbackReceiver } from './callback-receiver.js';
import { Caller, records, type Answer } from './caller.js';

type Json = Record<string, unknown>;

describe('WeCom customers', () => {
  let sandbox: Sandbox;
  let caller: Caller;
  let accounts: string[];

  beforeEach(async () => {
    sandbox = await startSandbox({ people: 60, departments: 8, wecom: { customers: 0 } });
    caller = new Caller(sandbox);
    accounts = sandbox.company.people().map(({ account }) => account);
  });
  afterEach(() => sandbox.close());

  const contact = (path: string, body?: unknown): Promise<Answer> =>
    caller.app(`externalcontact/${path}`, body);
  const get = (id: string): Promise<Answer> => contact(`get?external_userid=${id}`);
  const batch = (body: object): Promise<Answer> => contact('batch/get_by_user', body);
  const mark = (id: string, body: object): Promise<Answer> =>
    contact('mark_tag', { userid: accounts[0], external_userid: id, ...body });
  const [A, B] = [0, 1];
  const account = (index: number): string => accounts[index] ?? '';

  it('exist from the start, the same for everybody who starts', async () => {
    const [one, two] = await Promise.all([startSandbox({ people: 60 }), startSandbox({ people: 60 })]);
    const view = ({ wecom }: Sandbox): unknown =>
      wecom.customers
        .all()
        .map(({ name, externalUserId, relations }) => [name, externalUserId, relations.size]);
    expect(one.wecom.customers.all()).toHaveLength(8);
    expect(view(one)).toEqual(view(two));
    expect(one.wecom.customers.all().some(({ relations }) => relations.size > 1)).toBe(true);
    await Promise.all([one.close(), two.close()]);
  });

  it('of an app that is listed in the console, and of no other', async () => {
    expect((await caller.contacts('externalcontact/get_follow_user_list')).errcode).toBe(48002);
    sandbox.wecom.setApp({ customers: false });
    expect((await contact('get_follow_user_list')).errcode).toBe(48002);
    expect((await contact('get_corp_tag_list', {})).errcode).toBe(48002);
  });

  it('one with two followers: two rows in batches, one record with two followers', async () => {
    const tagId = sandbox.wecom.corpTags.find('etSimTagAAAA000002')?.tag.id ?? '';
    const { externalUserId: id } = sandbox.wecom.customers.add({
      name: '周敏',
      ownerAccount: account(A),
      state: 'class-2026a',
      tagIds: [tagId],
      personalTags: ['爱喝茶'],
    });
    sandbox.wecom.customers.follow(id, account(B), { remark: '周总' });
    const { follow_user: followers, external_contact: record, ...rest } = await get(id);
    expect(rest).toEqual({ errcode: 0, errmsg: 'ok' });
    expect(record).toMatchObject({ external_userid: id, name: '周敏', type: 1, unionid: expect.any(String) });
    expect(followers).toMatchObject([
      {
        userid: account(A),
        state: 'class-2026a',
        tags: [
          { group_name: '客户等级', tag_name: '普通', type: 1, tag_id: tagId },
          { tag_name: '爱喝茶', type: 2 },
        ],
      },
      { userid: account(B), remark: '周总', tags: [] },
    ]);
    const answer = await batch({ userid_list: [account(A), account(B)] });
    expect(answer.next_cursor).toBe('');
    const rows = records(answer, 'external_contact_list');
    expect(rows.map((row) => (row.external_contact as Json).external_userid)).toEqual([id, id]);
    expect(rows[0]?.follow_info).toMatchObject({ userid: account(A), tag_id: [tagId] });
    expect(rows[0]?.follow_info).not.toHaveProperty('tags');
    expect((await contact(`list?userid=${account(A)}`)).external_userid).toEqual([id]);
  });

  it('one from another corporation brings its name, and no union id', async () => {
    const { externalUserId: id } = sandbox.wecom.customers.add({
      name: '许朗',
      type: 2,
      corpName: '远山食品',
    });
    const { external_contact: record } = await get(id);
    expect(record).toMatchObject({ type: 2, corp_name: '远山食品', corp_full_name: '远山食品有限公司' });
    expect(record).not.toHaveProperty('unionid');
  });

  it('of nobody: refused or an empty list', async () => {
    expect((await contact(`list?userid=${account(A)}`)).errcode).toBe(84061);
    sandbox.wecom.setFacts({ customersOfNobody: 'empty' });
    expect(await contact(`list?userid=${account(A)}`)).toMatchObject({ errcode: 0, external_userid: [] });
  });

  it('batches in pages; cursors belong to their list', async () => {
    for (let made = 0; made < 7; made += 1)
      sandbox.wecom.customers.add({ name: `客户${made}`, ownerAccount: account(A) });
    const names: unknown[] = [];
    let cursor: unknown = '';
    do {
      const answer = await batch({ userid_list: [account(A)], limit: 3, cursor });
      names.push(
        ...records(answer, 'external_contact_list').map((row) => (row.external_contact as Json).name),
      );
      cursor = answer.next_cursor;
    } while (cursor !== '');
    expect(names).toEqual([0, 1, 2, 3, 4, 5, 6].map((made) => `客户${made}`));
    const first = await batch({ userid_list: [account(A)], limit: 3 });
    expect((await batch({ userid_list: [account(B)], limit: 3, cursor: first.next_cursor })).errcode).toBe(
      50100,
    );
    expect((await batch({ userid_list: [account(A)], cursor: 'AAAA' })).errcode).toBe(50100);
    expect((await batch({ userid_list: [] })).errcode).toBe(40031);
    expect((await batch({ userid_list: Array.from({ length: 101 }, () => account(A)) })).errcode).toBe(40032);
    expect((await batch({ userid_list: [account(A)], limit: 101 })).errcode).toBe(40058);
  });

  it('followers in pages of 500', async () => {
    const crowd = await startSandbox({ people: 520, wecom: { customers: 0 } });
    const [first, ...others] = crowd.company.people();
    const customer = crowd.wecom.customers.add({ name: '名人', ownerAccount: first?.account ?? '' });
    for (const person of others) crowd.wecom.customers.follow(customer.externalUserId, person.account);
    const own = new Caller(crowd);
    const page = `externalcontact/get?external_userid=${customer.externalUserId}`;
    const answer = await own.app(page);
    expect(answer.follow_user).toHaveLength(500);
    const rest = await own.app(`${page}&cursor=${String(answer.next_cursor)}`);
    expect(rest.follow_user).toHaveLength(20);
    expect(rest).not.toHaveProperty('next_cursor');
    await crowd.close();
  });

  it('of members out of view are not shown', async () => {
    const { externalUserId: id } = sandbox.wecom.customers.add({ name: '周敏', ownerAccount: account(A) });
    sandbox.wecom.customers.follow(id, account(B));
    sandbox.wecom.setVisibleRange({ users: [account(B)] });
    expect((await get(id)).follow_user).toMatchObject([{ userid: account(B) }]);
    expect((await contact('get_follow_user_list')).follow_user).toEqual([account(B)]);
    expect((await contact(`list?userid=${account(A)}`)).errcode).toBe(60011);
    expect((await batch({ userid_list: [account(A), account(B)] })).errcode).toBe(60011);
    sandbox.wecom.setFacts({ invisibleFollowerInBatch: 'skipped' });
    expect((await batch({ userid_list: [account(A), account(B)] })).external_contact_list).toHaveLength(1);
    sandbox.wecom.setVisibleRange({ users: [account(2)] });
    expect((await get(id)).errcode).toBe(40096);
    expect((await mark(id, { add_tag: ['x'] })).errcode).toBe(60011);
  });

  it('leave in two ways: one-way relations still count, ended ones may linger', async () => {
    const { externalUserId: id } = sandbox.wecom.customers.add({ name: '周敏', ownerAccount: account(A) });
    sandbox.wecom.customers.leave(id, account(A));
    expect((await mark(id, { add_tag: ['etSimTagAAAA000002'] })).errcode).toBe(0);
    sandbox.wecom.customers.follow(id, account(B));
    sandbox.wecom.customers.drop(id, account(A));
    expect((await get(id)).follow_user).toHaveLength(1);
    expect((await mark(id, { add_tag: ['etSimTagAAAA000002'] })).errcode).toBe(84061);
    sandbox.wecom.setFacts({ formerFollowerLingers: true });
    expect((await get(id)).follow_user).toHaveLength(2);
    sandbox.wecom.customers.drop(id, account(B));
    expect((await get(id)).errcode).toBe(40096);
  });

  it('remarks: at least one, replaced where sent', async () => {
    const { externalUserId: id } = sandbox.wecom.customers.add({ name: '周敏', ownerAccount: account(A) });
    const remark = (body: object): Promise<Answer> =>
      contact('remark', { userid: account(A), external_userid: id, ...body });
    expect((await remark({})).errcode).toBe(40063);
    expect((await remark({ remark: '长'.repeat(21) })).errcode).toBe(40058);
    await remark({ description: '已结业', remark_mobiles: ['13900001111'], remark_company: '青禾' });
    expect((await get(id)).follow_user).toMatchObject([
      { remark: '周敏', description: '已结业', remark_mobiles: ['13900001111'], remark_corp_name: '青禾' },
    ]);
    await remark({ remark_mobiles: [''] });
    expect((await get(id)).follow_user).toMatchObject([{ description: '已结业', remark_mobiles: [] }]);
  });

  describe('tags', () => {
    const list = (body: object = {}): Promise<Answer> => contact('get_corp_tag_list', body);
    const add = (body: object): Promise<Answer> => contact('add_corp_tag', body);
    const groupNamed = async (name: string): Promise<Json | undefined> =>
      records(await list(), 'tag_group').find((group) => group.group_name === name);

    it('are listed by group, by group id, by tag id', async () => {
      const groups = records(await list(), 'tag_group');
      expect(groups.map((group) => group.group_name)).toEqual(['客户等级', '培训']);
      const [level, training] = groups;
      const tag = (training?.tag as Json[])[1];
      expect(records(await list({ tag_id: [tag?.id] }), 'tag_group')).toMatchObject([{ tag: [tag] }]);
      const both = await list({ tag_id: [tag?.id], group_id: [level?.group_id] });
      expect(records(both, 'tag_group')).toEqual([level]);
    });

    it('are added to groups by name or id, once each', async () => {
      const made = await add({
        group_name: '课程',
        tag: [{ name: '安全' }, { name: '安全' }, { name: '服务' }],
      });
      const group = made.tag_group as Json & { tag: Json[] };
      expect(group.tag.map(({ name }) => name)).toEqual(['安全', '服务']);
      const again = await add({ group_name: '课程', tag: [{ name: '质量' }] });
      expect(again.tag_group).toMatchObject({ group_id: group.group_id, tag: [{ name: '质量' }] });
      expect((await add({ group_id: group.group_id, tag: [{ name: '质量' }] })).errcode).toBe(40071);
      expect((await groupNamed('课程'))?.tag).toHaveLength(3);
      expect((await add({ group_name: '空', tag: [] })).errcode).toBe(40063);
      expect((await add({ group_id: 'none', tag: [{ name: 'x' }] })).errcode).toBe(40068);
      expect((await add({ group_name: 'x', tag: [{ name: '长'.repeat(31) }] })).errcode).toBe(40072);
      const many = Array.from({ length: 3000 }, (_value, index) => ({ name: `t${index}` }));
      expect((await add({ group_name: '多', tag: many })).errcode).toBe(40126);
    });

    it('are put on a relation by id, whoever made them', async () => {
      const { externalUserId: id } = sandbox.wecom.customers.add({ name: '周敏', ownerAccount: account(A) });
      const tagId = String(((await groupNamed('培训'))?.tag as Json[])[1]?.id);
      expect((await mark(id, {})).errcode).toBe(40063);
      expect((await mark(id, { add_tag: ['none'] })).errcode).toBe(40068);
      expect((await mark('nobody', { add_tag: [tagId] })).errcode).toBe(40096);
      expect((await mark(id, { userid: account(B), add_tag: [tagId] })).errcode).toBe(84061);
      expect((await mark(id, { add_tag: [tagId] })).errcode).toBe(0);
      expect(sandbox.wecom.customers.relation(id, account(A)).tagIds).toEqual(new Set([tagId]));
      expect((await mark(id, { remove_tag: [tagId] })).errcode).toBe(0);
      expect(sandbox.wecom.customers.relation(id, account(A)).tagIds.size).toBe(0);
    });

    it('are changed and deleted by the app that made them', async () => {
      const level = await groupNamed('客户等级');
      expect((await contact('edit_corp_tag', { id: level?.group_id, name: 'x' })).errcode).toBe(81011);
      const made = (await add({ group_name: '课程', tag: [{ name: '安全' }] })).tag_group as Json & {
        tag: Json[];
      };
      expect((await contact('edit_corp_tag', { id: made.tag[0]?.id, name: '安全生产' })).errcode).toBe(0);
      expect((await groupNamed('课程'))?.tag).toMatchObject([{ name: '安全生产' }]);
      expect((await contact('del_corp_tag', { tag_id: [made.tag[0]?.id] })).errcode).toBe(0);
      expect(await groupNamed('课程')).toBeUndefined();
      expect(records(await list({ group_id: [made.group_id] }), 'tag_group')).toMatchObject([
        { deleted: true },
      ]);
    });
  });

  describe('events', () => {
    let receiver: CallbackReceiver;
    beforeEach(async () => {
      receiver = await appReceiver();
      expect(await sandbox.wecom.setAppCallback({ url: receiver.url })).toMatchObject({ ok: true });
    });
    afterEach(() => receiver.close());

    it('tell what people do, to the app, in its envelope', async () => {
      const { customers } = sandbox.wecom;
      const { externalUserId: id } = customers.add({ name: '周敏', ownerAccount: account(A), state: 'c1' });
      customers.follow(id, account(B), { half: true });
      customers.edit(id, account(A), { remark: '周总' });
      customers.edit(id, account(A), { mobiles: ['1'] });
      customers.leave(id, account(B));
      customers.drop(id, account(A), true);
      customers.refuseTransfer(id, account(B));
      await sandbox.wecom.idle();
      expect(receiver.types()).toEqual([
        'add_external_contact', 'add_half_external_contact', 'edit_external_contact', 'del_follow_user',
        'del_external_contact', 'transfer_fail',
      ]); // prettier-ignore
      expect(new Set(receiver.texts('Event'))).toEqual(new Set(['change_external_contact']));
      expect(receiver.texts('UserID')).toEqual([A, B, A, B, A, B].map(account));
      expect(new Set(receiver.texts('ExternalUserID'))).toEqual(new Set([id]));
      expect(receiver.texts('State')).toEqual(['c1', 'c1']);
      expect(receiver.texts('WelcomeCode')).toHaveLength(2);
      expect([receiver.texts('Source'), receiver.texts('FailReason')]).toEqual([
        ['DELETE_BY_TRANSFER'],
        ['customer_refused'],
      ]);
      expect(receiver.events[0]?.envelope).toContain('<AgentID><![CDATA[1000002]]></AgentID>');
    });

    it('tell nothing of what the API does, of members out of view, or an app that is not listed', async () => {
      const { externalUserId: id } = sandbox.wecom.customers.add({ name: '周敏', ownerAccount: account(A) });
      await sandbox.wecom.idle();
      receiver.events.length = 0;
      await mark(id, { add_tag: ['etSimTagAAAA000002'] });
      await contact('remark', { userid: account(A), external_userid: id, remark: '周' });
      await contact('add_corp_tag', { group_name: '课程', tag: [{ name: '安全' }] });
      sandbox.wecom.setVisibleRange({ users: [account(B)] });
      await sandbox.wecom.idle();
      receiver.events.length = 0;
      sandbox.wecom.customers.edit(id, account(A), { remark: '远' });
      sandbox.wecom.setApp({ customers: false });
      sandbox.wecom.customers.follow(id, account(B));
      await sandbox.wecom.idle();
      expect(receiver.events).toEqual([]);
    });

    it('tell of tags changed in the console, in either spelling of their kind', async () => {
      const { corpTags } = sandbox.wecom;
      const id = corpTags.add('课程', '安全');
      corpTags.rename(id, '安全生产');
      sandbox.wecom.setFacts({ customerTagTypes: ['TAG', 'TAG_GROUP'] });
      corpTags.remove(id);
      await sandbox.wecom.idle();
      expect(receiver.types()).toEqual(['create', 'create', 'update', 'delete']);
      expect(receiver.texts('TagType')).toEqual(['tag_group', 'tag', 'tag', 'TAG']);
    });
  });

  describe('faults', () => {
    const names = (answer: Answer): unknown[] =>
      records(answer, 'external_contact_list').map((row) => (row.external_contact as Json).name);

    it('bend the pages', async () => {
      for (let made = 0; made < 5; made += 1)
        sandbox.wecom.customers.add({ name: `客户${made}`, ownerAccount: account(A) });
      const read = async (kind: 'duplicate_page' | 'skip_page' | 'cursor_loop'): Promise<unknown[]> => {
        sandbox.wecom.faults.clear();
        sandbox.wecom.faults.add({ kind });
        const first = await batch({ userid_list: [account(A)], limit: 2 });
        const next = { userid_list: [account(A)], limit: 2, cursor: first.next_cursor };
        return names(await batch(next));
      };
      expect(await read('duplicate_page')).toEqual(['客户0', '客户1']);
      expect(await read('skip_page')).toEqual(['客户4']);
      expect(await read('cursor_loop')).toEqual(['客户0', '客户1']);
    });

    it('take people and customers away, or everybody', async () => {
      const { externalUserId: id } = sandbox.wecom.customers.add({ name: '周敏', ownerAccount: account(A) });
      const fault = sandbox.wecom.faults.add({ kind: 'vanish_person', account: id });
      expect((await get(id)).errcode).toBe(40096);
      expect(names(await batch({ userid_list: [account(A)] }))).toEqual([]);
      sandbox.wecom.faults.remove(fault);
      sandbox.wecom.faults.add({ kind: 'vanish_person', account: account(A) });
      expect((await batch({ userid_list: [account(A)] })).errcode).toBe(60111);
      sandbox.wecom.faults.clear();
      sandbox.wecom.faults.add({ kind: 'empty_company' });
      expect((await contact('get_follow_user_list')).follow_user).toEqual([]);
    });
  });
});
