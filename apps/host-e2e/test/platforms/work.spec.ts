import type { SimulatedTodo } from '@trainbridge/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectedCompany, PLATFORM_IDS, type ConnectedCompany } from '../../src/connected-platforms.js';
import { dataOf } from '../../src/expect-data.js';
import { COURSE, LearningSystem } from '../../src/learning-system.js';

/** Work in: an approval of a platform assigns a course, which is a to-do there until it is learned. */
describe('work', () => {
  let company: ConnectedCompany;
  let lms: LearningSystem;

  beforeAll(async () => {
    company = await connectedCompany({}, { todos: { enabled: true } });
    lms = await LearningSystem.begin(company.host);
    for (const id of PLATFORM_IDS) await lms.assignOnApproval(company.platform(id).connectionId);
  });
  afterAll(() => company?.close());

  describe.each(PLATFORM_IDS)('on %s', (id) => {
    const todosOf = (account: string): SimulatedTodo[] =>
      company
        .platform(id)
        .simulator.todos()
        .filter((todo) => todo.account === account);

    async function applyFor(account: string, course: string, decision: 'approved' | 'rejected') {
      const { simulator } = company.platform(id);
      const form = { 课程: course, 事由: '转岗' };
      const approval = simulator.submitApproval({ account, title: '培训申请', form });
      simulator.decideApproval(approval, decision);
      await company.platform(id).settled();
      return approval;
    }

    it('an approval becomes a to-do, and learning closes it', async () => {
      const platform = company.platform(id);
      const [user] = await platform.people(1);
      const account = platform.accountOf(user!);
      const approval = await applyFor(account, COURSE.title, 'approved');

      const enrollment = await lms.enrollmentOf(
        user!.id,
        'the open to-do',
        (one) => one.todo?.status === 'open',
      );
      expect(enrollment).toMatchObject({ courseId: COURSE.id, status: 'assigned', userId: user!.id });
      const params = { path: { id: enrollment.assignmentId } };
      const assignment = dataOf(await lms.client.GET('/api/v1/assignments/{id}', { params }));
      expect(assignment.source).toMatchObject({ kind: 'task', externalId: approval });
      expect(todosOf(account)).toEqual([
        expect.objectContaining({ status: 'open', title: COURSE.title, url: COURSE.url }),
      ]);

      await lms.completed({ userId: user!.id });
      const learned = await lms.enrollmentOf(
        user!.id,
        'the closed to-do',
        (one) => one.todo?.status === 'closed',
      );
      expect(learned).toMatchObject({ id: enrollment.id, status: 'completed' });
      const [todo, ...others] = todosOf(account);
      // WeCom's card is taken back, the others' to-dos are done.
      expect(todo!.status).toBe(id === 'wecom' ? 'removed' : 'done');
      expect(others).toEqual([]);
    });

    it('what is withdrawn disappears from the platform', async () => {
      const platform = company.platform(id);
      const user = (await platform.people(2))[1]!;
      const account = platform.accountOf(user);
      await applyFor(account, COURSE.title, 'approved');
      const open = await lms.enrollmentOf(user.id, 'the open to-do', (one) => one.todo?.status === 'open');
      const params = { path: { id: open.assignmentId } };
      const body = { status: 'withdrawn' as const };
      dataOf(await lms.client.PATCH('/api/v1/assignments/{id}', { params, body }));
      await lms.enrollmentOf(user.id, 'the closed to-do', (one) => one.todo?.status === 'closed');
      expect(todosOf(account).map(({ status }) => status)).toEqual(['removed']);
    });

    it('assigns nothing for an approval that was rejected, or is about something else', async () => {
      const platform = company.platform(id);
      const user = (await platform.people(3))[2]!;
      const account = platform.accountOf(user);
      await applyFor(account, COURSE.title, 'rejected');
      await applyFor(account, '英语', 'approved');
      // Decided after the two, so they are decided too when it is.
      await applyFor(account, COURSE.title, 'approved');
      await lms.enrollmentOf(user.id, 'the open to-do', (one) => one.todo?.status === 'open');
      const { data } = dataOf(
        await lms.client.GET('/api/v1/enrollments', { params: { query: { userId: user.id } } }),
      );
      expect(data.length).toBe(1);
      expect(todosOf(account).length).toBe(1);
    });
  });
});
