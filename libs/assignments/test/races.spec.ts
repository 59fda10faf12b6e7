import { setTimeout as sleep } from 'node:timers/promises';
import { DirectoryReader } from '@trainbridge/directory';
import type { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AudienceFollower } from '../src/audience/audience-follower.js';
import { takeFeedPosition } from '../src/audience/feed-position.js';
import { RuleEngine } from '../src/rules/rule-engine.js';
import { RuleTriggers } from '../src/rules/rule-triggers.js';
import { storeTasks } from '../src/tasks/task-store.js';
import { WorkApp } from './work-app.js';
import { WorkPlatform } from './work-platform.js';

let app: WorkApp;
let con: string;
let dataSource: DataSource;
const never = new AbortController().signal;

beforeAll(async () => {
  app = await WorkApp.start();
  dataSource = app.database.dataSource;
  await app.ok('PUT', '/courses', {
    courses: [{ id: 'c-1', title: '信息安全基础', url: 'https://lms.example.com/c/1' }],
  });
});
afterAll(() => app?.stop());
beforeEach(async () => void (con = await app.connect(new WorkPlatform(), {})));
afterEach(() => void vi.restoreAllMocks());

/** Another process in the middle of following the feed: it has enrolled somebody, and has not committed. */
async function whileFollowing(
  assignmentId: string,
  userId: string,
  meanwhile: () => Promise<void>,
): Promise<void> {
  await dataSource.transaction(async (manager) => {
    await takeFeedPosition(manager);
    await manager.query(
      `insert into enrollments (id, assignment_id, connection_id, user_id, course_id, due_at)
       select $1, id, $2, $3, course_id, due_at from assignments where id = $4`,
      [`enr_${userId}`, con, userId, assignmentId],
    );
    await meanwhile();
  });
}

describe('an assignment that changes while people join its audience', () => {
  const live = async (key: string): Promise<string> => {
    await app.addDepartment(con, [`dep_${key}`]);
    await app.addPeople(con, { [`first${key}`]: [`dep_${key}`] });
    const departments = [{ id: `dep_${key}` }];
    const made = await app.ok('POST', '/assignments', {
      courseId: 'c-1',
      audience: { departments, live: true },
    });
    return made.id as string;
  };

  it('is withdrawn for them, too', async () => {
    const id = await live('withdrawn');
    let patched: Promise<unknown> = Promise.resolve();
    await whileFollowing(id, 'usr_joiner1', async () => {
      patched = app.ok('PATCH', `/assignments/${id}`, { status: 'withdrawn' });
      await sleep(300);
    });
    await patched;
    const statuses = (await app.enrollments(`assignmentId=${id}`)).map(({ status }) => status as string);
    expect(statuses).toEqual(['withdrawn', 'withdrawn']);
  });

  it('is due for them when it is for everybody', async () => {
    const id = await live('due');
    const dueAt = '2027-03-01T00:00:00.000Z';
    let patched: Promise<unknown> = Promise.resolve();
    await whileFollowing(id, 'usr_joiner2', async () => {
      patched = app.ok('PATCH', `/assignments/${id}`, { dueAt });
      await sleep(300);
    });
    await patched;
    const dates = (await app.enrollments(`assignmentId=${id}`)).map((one) => one.dueAt as string);
    expect(dates).toEqual([dueAt, dueAt]);
  });
});

describe('a rule that waits for a person', () => {
  it('hears of one who arrives while it decides', async () => {
    const rule = await app.ok('POST', '/rules', {
      name: 'r', connectionId: con, when: { kind: 'task' }, assign: { courseId: 'c-1' },
    }); // prettier-ignore
    const directory = app.get(DirectoryReader);
    const resolve = directory.resolveLearners.bind(directory);
    let followed: Promise<void> = Promise.resolve();
    vi.spyOn(directory, 'resolveLearners').mockImplementationOnce(async (...asked) => {
      const found = await resolve(...asked);
      await app.addPeople(con, { late: [] });
      followed = app.get(AudienceFollower).follow(never);
      await Promise.race([followed, sleep(500)]);
      return found;
    });
    await dataSource.transaction(async (manager) => {
      const stored = await storeTasks(manager, con, [
        {
          externalId: 't1', kind: 'tpl', title: 'T', status: 'approved', applicantExternalId: 'late',
          form: {}, updatedAt: new Date().toISOString(), raw: {},
        },
      ]); // prettier-ignore
      await app.get(RuleTriggers).tasksChanged(manager, stored);
    });
    await app.get(RuleEngine).drain(con, never);
    await followed;
    await app.until(async () => {
      const { data } = await app.ok('GET', `/rules/${rule.id}/firings`);
      return data[0].outcome === 'fired';
    }, 'the assignment');
  });

  it('looks again when somebody may have arrived, and not whenever a colleague changes', async () => {
    const rule = await app.ok('POST', '/rules', {
      name: 'r', connectionId: con, when: { kind: 'task' }, assign: { courseId: 'c-1' },
    }); // prettier-ignore
    await app.addPeople(con, { known: [] });
    await app.get(AudienceFollower).follow(never);
    await app.query(
      `insert into tasks (id, connection_id, external_id, kind, title, status, applicant_external_id, form, raw, content_hash, changed_at)
       values ('tsk_2', $1, 't2', 'tpl', 'T', 'approved', 'ou:missing', '{}', '{}', '', now())`,
      [con],
    );
    await app.query(
      `insert into rule_firings (rule_id, subject_id, connection_id, outcome) values ($1, 'tsk_2', $2, 'held')`,
      [rule.id, con],
    );
    const looks = async (type: string, before: object) => {
      await app.query(`update rule_firings set outcome = 'held', decided_at = null where rule_id = $1`, [
        rule.id,
      ]);
      await app.told(con, type, ['usr_known'], { before });
      await app.get(AudienceFollower).follow(never);
      await app.get(RuleEngine).drain(con, never);
      // Or the host's own job, which may have been faster.
      const firing = await app.until(async () => {
        const [row] = await app.query<{ outcome: string; decided_at: Date | null }>(
          `select outcome, decided_at from rule_firings where rule_id = $1`,
          [rule.id],
        );
        return row?.outcome === 'held' && row;
      }, 'the decision');
      return firing.decided_at !== null;
    };
    expect(await looks('user.updated', { jobTitle: 'before' })).toBe(false);
    expect(await looks('user.updated', { externalIds: [] })).toBe(true);
    expect(await looks('user.updated', { externalId: 'before' })).toBe(true);
    expect(await looks('user.created', {})).toBe(true);
  });
});
