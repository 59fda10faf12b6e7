import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AudienceFollower } from '../src/audience/audience-follower.js';
import { RuleEngine } from '../src/rules/rule-engine.js';
import { RuleTriggers } from '../src/rules/rule-triggers.js';
import { storeTasks } from '../src/tasks/task-store.js';
import { WorkApp } from './work-app.js';
import { WorkPlatform } from './work-platform.js';

let app: WorkApp;
let platform: WorkPlatform;
let con: string;
let number = 0;
const never = new AbortController().signal;

beforeAll(async () => {
  app = await WorkApp.start();
  await app.ok('PUT', '/courses', {
    courses: [{ id: 'c-1', title: '信息安全基础', url: 'https://lms.example.com/c/1' }],
  });
});
afterAll(() => app?.stop());

beforeEach(async () => {
  platform = new WorkPlatform();
  con = await app.connect(platform);
  number += 1;
});

const rule = async (more: { when?: object; assign?: object; isActive?: boolean } = {}) =>
  (
    await app.ok('POST', '/rules', {
      name: `rule ${number}`, connectionId: con, ...more, when: { kind: 'task', ...more.when }, assign: { courseId: 'c-1', ...more.assign },
    })
  ).id as string; // prettier-ignore
const run = async (mode = 'full') =>
  app.ended((await app.ok('POST', `/connections/${con}/runs`, { kind: 'tasks', mode })).id as string);
const made = async (ruleId: string) =>
  (await app.ok('GET', `/assignments?ruleId=${ruleId}&limit=200`)).data as {
    id: string;
    source: object;
    dueAt: string;
    audience: { userIds: string[]; customerIds: string[] };
  }[];
const firings = async (ruleId: string) =>
  (await app.ok('GET', `/rules/${ruleId}/firings?limit=200`)).data as {
    outcome: string;
    detail: string | null;
  }[];
const decided = async (ruleId: string) => {
  await app.get(RuleEngine).drain(con, never);
  return app.until(async () => {
    const all = await firings(ruleId);
    return all.every(({ outcome }) => outcome !== 'pending') && all;
  }, 'the decision');
};
const person = async (key: string) => {
  await app.addPeople(con, { [key]: [] });
  return `usr_${key}`;
};

describe('a rule about tasks', () => {
  it('turns an approval into an assignment with a to-do, once, whatever happens again', async () => {
    const userId = await person(`zw${number}`);
    const ruleId = await rule({
      when: { taskKind: 'tpl-training' },
      assign: { dueInDays: 14, isMandatory: true },
    });
    const task = platform.addTask('t1', { applicantExternalId: `zw${number}` });
    await run();
    expect(await made(ruleId)).toEqual([]);
    platform.decide('t1', 'approved');
    await fetch(`${app.fixture.url}/callbacks/${con}`, {
      method: 'POST',
      body: JSON.stringify([{ key: 'e1', kind: 'task.changed', ids: ['t1'] }]),
    });
    const [assignment] = await app.until(async () => {
      const all = await made(ruleId);
      return all.length > 0 && all;
    }, 'the assignment');
    expect(assignment).toMatchObject({
      source: { ruleId, kind: 'task', externalId: task.externalId }, courseId: 'c-1', title: '信息安全基础', isMandatory: true,
      audience: { userIds: [userId] }, connectionIds: [con],
    }); // prettier-ignore
    expect(new Date(assignment!.dueAt).getTime() - Date.now()).toBeGreaterThan(13.9 * 86_400_000);
    await app.until(async () => platform.todos.size === 1, 'the to-do');
    await run();
    await run('incremental');
    platform.decide('t1', 'withdrawn');
    await run();
    platform.decide('t1', 'approved');
    await run();
    await decided(ruleId);
    expect(await made(ruleId)).toHaveLength(1);
    expect(await app.ok('GET', `/rules/${ruleId}`)).toMatchObject({
      firedCount: 1,
      lastFiredAt: expect.any(String),
    });
    expect(
      app.published.filter(({ type, data }) => type === 'assignment.created' && data.id === assignment!.id),
    ).toHaveLength(1);
  });

  it('matches by kind, status and condition', async () => {
    await person(`zw${number}`);
    const applicantExternalId = `zw${number}`;
    const safety = await rule({ when: { condition: 'form.培训类型 = "安全"' } });
    const otherKind = await rule({ when: { taskKind: 'tpl-other' } });
    const rejected = await rule({ when: { status: 'rejected' } });
    const broken = await rule({ when: { condition: '$error("no")' } });
    const inactive = await rule({ isActive: false });
    platform.addTask('a', { applicantExternalId, status: 'approved', form: { 培训类型: '安全' } });
    platform.addTask('b', { applicantExternalId, status: 'approved', form: { 培训类型: '英语' } });
    platform.addTask('c', { applicantExternalId, status: 'rejected' });
    await run();
    const outcomes = async (id: string) => (await decided(id)).map(({ outcome }) => outcome).sort();
    expect(await outcomes(safety)).toEqual(['fired', 'not_matched']);
    expect(await outcomes(otherKind)).toEqual([]);
    expect(await outcomes(rejected)).toEqual(['fired']);
    expect(await outcomes(broken)).toEqual(['failed', 'failed']);
    expect(await outcomes(inactive)).toEqual([]);
    expect((await firings(broken))[0]!.detail).toContain('the condition failed');
    // A form that is corrected is looked at again.
    platform.addTask('b', {
      applicantExternalId,
      status: 'approved',
      form: { 培训类型: '安全' },
      updatedAt: new Date().toISOString(),
    });
    platform.decide('b', 'open');
    await run();
    platform.decide('b', 'approved');
    await run();
    expect(await outcomes(safety)).toEqual(['fired', 'fired']);
  });

  it('assigns to whomever its expression names, by any of their ids', async () => {
    const [a, b] = [await person(`a${number}`), await person(`b${number}`)];
    const ruleId = await rule({ assign: { to: 'form.参训人员' } });
    platform.addTask('t1', {
      status: 'approved',
      form: { 参训人员: [`a${number}`, `open_id:ou_b${number}`, 'stranger'] },
    });
    platform.addTask('t2', { status: 'approved', form: { 参训人员: { name: 'Anna' } } });
    platform.addTask('t3', { status: 'approved', form: {} });
    await run();
    const details = (await decided(ruleId)).map(({ outcome, detail }) => `${outcome}: ${detail}`).sort();
    expect(details).toEqual([
      'failed: `to` gave something that is not an external id',
      'failed: `to` names nobody',
      'fired: not known here: stranger',
    ]);
    expect((await made(ruleId))[0]!.audience.userIds).toEqual([a, b].sort());
  });

  it('makes nothing of an expression that gives what no id can be, and goes on with the others', async () => {
    await person(`zw${number}`);
    const odd = await rule({ assign: { to: String.raw`"a\u0000b"` } });
    const heavy = await rule({ assign: { to: '[1..1000000].("p" & $)' } });
    const good = await rule();
    platform.addTask('t1', { status: 'approved', applicantExternalId: `zw${number}` });
    await run();
    expect((await decided(odd))[0]).toMatchObject({
      outcome: 'failed',
      detail: '`to` gave something that is not an external id',
    });
    expect((await decided(heavy))[0]!.outcome).toBe('failed');
    expect((await decided(good))[0]!.outcome).toBe('fired');
  });

  it('waits for a person whom the directory does not know yet, and has nothing for one who is disabled', async () => {
    const ruleId = await rule();
    platform.addTask('t1', { status: 'approved', applicantExternalId: `open_id:ou_new${number}` });
    platform.addTask('t2', { status: 'approved', applicantExternalId: null });
    await app.addPeople(con, { [`off${number}`]: [] }, 'disabled');
    platform.addTask('t3', { status: 'approved', applicantExternalId: `off${number}` });
    await run();
    expect((await decided(ruleId)).map(({ outcome, detail }) => `${outcome}: ${detail}`).sort()).toEqual([
      'failed: the person is disabled',
      'failed: the task names no applicant',
      `held: waits until the directory knows open_id:ou_new${number}`,
    ]);
    const userId = await person(`new${number}`);
    await app.get(AudienceFollower).follow(never);
    await app.until(async () => (await made(ruleId)).length === 1, 'the held assignment');
    expect((await made(ruleId))[0]!.audience.userIds).toEqual([userId]);
  });

  it('does not assign for what was decided long before it was made, unless told to', async () => {
    await person(`zw${number}`);
    const old = {
      status: 'approved' as const,
      applicantExternalId: `zw${number}`,
      updatedAt: '2026-01-05T08:00:00Z',
    };
    const fresh = await rule();
    const since = await rule({ when: { since: '2026-01-01T00:00:00Z' } });
    platform.addTask('t1', old);
    await run();
    expect(await decided(fresh)).toEqual([]);
    expect((await decided(since)).map(({ outcome }) => outcome)).toEqual(['fired']);
  });

  it('decides once when many do so at the same time, and again after a process died before deciding', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, (_, i) => person(`m${number}-${i}`)));
    const ruleId = await rule();
    for (const [i] of ids.entries())
      platform.addTask(`t${i}`, { status: 'approved', applicantExternalId: `m${number}-${i}` });
    const engine = app.get(RuleEngine);
    const failing = app.database.dataSource.transaction(async (manager) => {
      const stored = await storeTasks(manager, con, [...platform.tasks.values()]);
      await app.get(RuleTriggers).tasksChanged(manager, stored);
      throw new Error('killed before the commit');
    });
    await expect(failing).rejects.toThrow('killed');
    expect(await firings(ruleId)).toEqual([]);
    await run();
    await Promise.all([engine.drain(con, never), engine.drain(con, never), engine.drain(con, never)]);
    await decided(ruleId);
    expect(await made(ruleId)).toHaveLength(12);
  });
});

describe('rules about people', () => {
  it('assign to a customer who gets a tag, once', async () => {
    const ruleId = await rule({ when: { kind: 'customer', condition: `"gold${number}" in tags.name` } });
    const customer = await app.addCustomer(con, `wm${number}`, []);
    await app.get(AudienceFollower).follow(never);
    expect((await decided(ruleId)).map(({ outcome }) => outcome)).toEqual(['not_matched']);
    for (const tags of [[`gold${number}`], [], [`gold${number}`]]) {
      await app.addCustomer(con, `wm${number}`, tags);
      await app.get(AudienceFollower).follow(never);
      await decided(ruleId);
    }
    const all = await made(ruleId);
    expect(all.map(({ source, audience }) => [source, audience.customerIds])).toEqual([
      [{ ruleId, kind: 'customer', externalId: `wm${number}` }, [customer]],
    ]);
  });

  it('assign to new employees by what the directory knows of them', async () => {
    await app.addDepartment(con, [`dep${number}`]);
    const ruleId = await rule({ when: { kind: 'user', condition: `"dep${number}" in departments.id` } });
    await app.addPeople(con, { [`n${number}`]: [`dep${number}`], [`o${number}`]: [] });
    await app.get(AudienceFollower).follow(never);
    await decided(ruleId);
    expect((await made(ruleId)).map(({ audience }) => audience.userIds)).toEqual([[`usr_n${number}`]]);
  });
});

describe('trying a rule', () => {
  it('tells what it would do with a stored task or a made-up one, and does nothing', async () => {
    const userId = await person(`zw${number}`);
    const ruleId = await rule({
      when: { condition: 'form.ok = true' },
      assign: { dueInDays: 7 },
      isActive: false,
    });
    platform.addTask('t1', { status: 'approved', applicantExternalId: `zw${number}`, form: { ok: true } });
    await run();
    const [task] = (await app.ok('GET', `/tasks?connectionId=${con}`)).data;
    const test = (body: object) => app.call('POST', `/rules/${ruleId}/test`, body);
    expect((await test({ taskId: task.id })).body).toMatchObject({
      wouldFire: true, detail: null, existingAssignmentId: null, learners: [{ externalId: `zw${number}`, userId }],
      assignment: { courseId: 'c-1', title: '信息安全基础', url: 'https://lms.example.com/c/1', source: { ruleId, kind: 'task', externalId: 't1' } },
    }); // prettier-ignore
    const record = { status: 'approved', applicantExternalId: 'nobody', form: { ok: true } };
    expect((await test({ record })).body).toMatchObject({
      wouldFire: false,
      learners: [{ externalId: 'nobody', userId: null }],
    });
    expect((await test({ record: { ...record, form: {} } })).body).toMatchObject({
      wouldFire: false,
      detail: 'the condition is not true',
    });
    expect((await test({ record: { ...record, status: 'open' } })).body.detail).toBe(
      'the rule waits for status approved',
    );
    expect((await test({})).status).toBe(400);
    expect((await test({ taskId: 'tsk_none' })).status).toBe(404);
    expect([await made(ruleId), await firings(ruleId)]).toEqual([[], []]);
  });
});

describe('the rules themselves', () => {
  it('are checked when they are made and changed, kept on the audit record, and deleted', async () => {
    const create = (more: object) =>
      app.call('POST', '/rules', {
        name: 'x',
        connectionId: con,
        when: { kind: 'task' },
        assign: { courseId: 'c-1' },
        ...more,
      });
    const path = async (more: object) => (await create(more)).body.errors?.[0].path as string;
    expect(await path({ when: { kind: 'task', condition: 'form.(' } })).toBe('/when/condition');
    expect(await path({ assign: { courseId: 'c-1', to: '$eval("1")' } })).toBe('/assign/to');
    expect(await path({ assign: { courseId: 'nowhere' } })).toBe('/assign/courseId');
    expect(await path({ when: { kind: 'customer', taskKind: 'x' } })).toBe('/when/taskKind');
    expect(await path({ when: { kind: 'process' } })).toBe('/when/kind');
    expect((await create({ connectionId: 'con_none' })).status).toBe(404);
    const { body } = await create({});
    expect(body).toMatchObject({
      isActive: true,
      when: { kind: 'task' },
      assign: { courseId: 'c-1' },
      firedCount: 0,
      lastFiredAt: null,
    });
    const changed = await app.ok('PATCH', `/rules/${body.id}`, {
      isActive: false,
      assign: { courseId: 'c-1', dueInDays: 3 },
    });
    expect(changed).toMatchObject({ name: 'x', isActive: false, assign: { dueInDays: 3 } });
    const limited = await app.client(
      ['assignments:read', 'assignments:write'],
      [await app.connect(new WorkPlatform())],
    );
    expect((await limited.call('GET', `/rules/${body.id}`)).status).toBe(404);
    expect(
      (
        await limited.call('POST', '/rules', {
          name: 'x',
          connectionId: con,
          when: { kind: 'task' },
          assign: { courseId: 'c-1', title: 'x' },
        })
      ).status,
    ).toBe(404);
    expect((await app.call('DELETE', `/rules/${body.id}`)).status).toBe(204);
    expect((await app.call('GET', `/rules/${body.id}`)).status).toBe(404);
    const actions = (await app.ok('GET', '/audit-entries?limit=200')).data
      .filter(({ subject }: { subject: { id: string } }) => subject.id === body.id)
      .map(({ action }: { action: string }) => action);
    expect(actions.sort()).toEqual(['rule.created', 'rule.deleted', 'rule.updated']);
  });
});
