import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '@trainbridge/sandbox';
import { Caller, type Answer } from './caller.js';

describe('writing with the contacts secret', () => {
  let sandbox: Sandbox;
  let caller: Caller;

  beforeEach(async () => {
    sandbox = await startSandbox({ people: 30, departments: 10 });
    caller = new Caller(sandbox);
  });
  afterEach(() => sandbox.close());

  const update = (body: object): Promise<Answer> => caller.contacts('user/update', body);
  const create = (body: object): Promise<Answer> =>
    caller.contacts('user/create', { name: '接口', department: [2], mobile: '13900001111', ...body });
  const text = (name: string, value: string): object => ({ type: 0, name, text: { value } });

  it('creates, refusing taken ids whatever their case, bad ids and people without mobile or mail', async () => {
    expect(await create({ userid: 'By.Api', position: '讲师' })).toMatchObject({
      errcode: 0,
      errmsg: 'created',
    });
    expect(sandbox.company.person('by.api')).toMatchObject({
      status: 'inactive',
      mobile: '13900001111',
      position: '讲师',
    });
    expect((await create({ userid: 'BY.API' })).errcode).toBe(60102);
    expect((await create({ userid: '-bad' })).errcode).toBe(40003);
    expect((await create({ userid: 'x', mobile: undefined })).errcode).toBe(60129);
    expect((await create({ userid: 'x', department: [999] })).errcode).toBe(60003);
  });

  it('updates only what is sent; a mobile only before activation', async () => {
    await create({ userid: 'new.one' });
    expect((await update({ userid: 'new.one', mobile: '13900002222', name: '新名' })).errmsg).toBe('updated');
    const person = sandbox.company.person('new.one');
    expect(person).toMatchObject({ mobile: '13900002222', name: '新名', departmentIds: [2] });
    await update({
      userid: 'new.one',
      enable: 1,
      department: [2, 3],
      is_leader_in_dept: [0, 1],
      main_department: 3,
    });
    expect(person).toMatchObject({ status: 'active', primaryDepartmentId: 3 });
    expect(person?.memberships.map((at) => at.isLeader)).toEqual([false, true]);
    await update({ userid: 'new.one', mobile: '13900003333' });
    expect(person?.mobile).toBe('13900002222');
    expect((await update({ userid: 'nobody' })).errcode).toBe(60111);
    expect((await update({ userid: 'new.one', department: [2], is_leader_in_dept: [1, 0] })).errcode).toBe(
      60132,
    );
  });

  it('fact departmentMax', async () => {
    const department = [1, 2, 3];
    expect((await create({ userid: 'a', department })).errcode).toBe(0);
    sandbox.wecom.setFacts({ departmentMax: 2 });
    expect((await create({ userid: 'b', department })).errcode).toBe(60110);
  });

  it('fact partialExtattrWipes; unknown names are ignored', async () => {
    await create({ userid: 'scored' });
    const person = sandbox.company.person('scored');
    await update({
      userid: 'scored',
      extattr: { attrs: [text('培训积分', '88'), text('没有的', 'x'), text('工号', 'T1')] },
    });
    await update({ userid: 'scored', extattr: { attrs: [text('最近证书', '消防')] } });
    expect(person).toMatchObject({ employeeNumber: 'T1', attributes: { 培训积分: '88', 最近证书: '消防' } });
    sandbox.wecom.setFacts({ partialExtattrWipes: true });
    await update({ userid: 'scored', extattr: { attrs: [text('最近证书', '电工')] } });
    expect(person?.attributes).toEqual({ 最近证书: '电工' });
    const shown = await caller.app('user/get?userid=scored');
    expect(shown.extattr).toMatchObject({ attrs: [text('工号', ''), text('最近证书', '电工')] });
  });

  it('a userid changes once, and only one the platform made up', async () => {
    const system = sandbox.mutations.hire({ systemAccount: true });
    const ordinary = sandbox.mutations.hire({ account: 'fixed' });
    expect((await update({ userid: ordinary.account, new_userid: 'other' })).errcode).toBe(301036);
    expect((await update({ userid: system.account, new_userid: 'chosen' })).errcode).toBe(0);
    expect((await update({ userid: 'chosen', new_userid: 'again' })).errcode).toBe(301036);
  });

  it('departments', async () => {
    const made = await caller.contacts('department/create', { name: '直播组', parentid: 2 });
    expect(made).toMatchObject({ errcode: 0, errmsg: 'created' });
    expect((await caller.contacts('department/create', { name: '直播组', parentid: 2 })).errcode).toBe(60008);
    expect((await caller.contacts('department/create', { name: 'a:b', parentid: 2 })).errcode).toBe(60001);
    expect(
      (await caller.contacts('department/update', { id: made.id, parentid: 3, name: '短视频组' })).errcode,
    ).toBe(0);
    expect(sandbox.company.department(Number(made.id))).toMatchObject({ name: '短视频组', parentId: 3 });
    expect((await caller.contacts('department/update', { id: 1, parentid: 0 })).errcode).toBe(60004);
    expect((await caller.contacts('department/update', { id: 1, parentid: null })).errcode).toBe(0);
    expect((await caller.contacts('department/delete?id=2')).errcode).toBe(60005);
    expect((await caller.contacts('department/delete?id=4')).errcode).toBe(60006);
    expect((await caller.contacts(`department/delete?id=${String(made.id)}`)).errcode).toBe(0);
  });

  it('deletes one or several', async () => {
    const [first, second, third] = sandbox.company.people().map((person) => person.account);
    expect((await caller.contacts(`user/delete?userid=${first}`)).errmsg).toBe('deleted');
    expect((await caller.contacts('user/batchdelete', { useridlist: [second, third] })).errcode).toBe(0);
    expect(sandbox.company.personCount).toBe(27);
    expect((await caller.contacts('user/batchdelete', { useridlist: [] })).errcode).toBe(40031);
  });
});
