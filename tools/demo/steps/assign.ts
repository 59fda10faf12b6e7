import { must, until } from '../api.js';
import { accountOf, onEachPlatform, type Lane, type Stage } from '../lane.js';
import { seconds } from '../screen.js';

export const COURSE = { id: 'safety-2026', title: '安全生产 2026' };

/** An approval on the platform becomes a course to learn, and the course a to-do on the platform. */
export async function assign(stage: Stage): Promise<void> {
  const { admin, sandbox } = stage;
  const course = { ...COURSE, url: `${sandbox.lmsUrl}/courses/${COURSE.id}` };
  must(await admin.PUT('/api/v1/courses', { body: { courses: [course] } }));
  const heading = {
    zh: '5. 审批通过 → 规则 → 学习任务 → 平台待办',
    en: '5. Approval → rule → assignment → to-do on the platform',
  };
  await onEachPlatform(stage, heading, async (lane) => {
    await makeRule(stage, lane);
    const applicant = await applicantOf(stage, lane);
    const account = accountOf(applicant);
    const { platform } = lane;
    const id = platform.submitApproval({
      account,
      title: '培训申请',
      form: { 课程: COURSE.title, 事由: '转岗' },
    });
    const began = Date.now();
    platform.decideApproval(id, 'approved');
    const { found: todo } = await until('the to-do', () =>
      platform.todos().find((one) => one.account === account && one.status === 'open'),
    );
    lane.figures.todoMs = Date.now() - began;
    lane.applicant = applicant;
    const query = { connectionId: lane.connectionId, userId: applicant.id };
    const [enrollment] = must(await admin.GET('/api/v1/enrollments', { params: { query } })).data;
    if (!enrollment) throw new Error('there is a to-do and no enrollment');
    return `${applicant.displayName}：「${todo.title}」 · ${enrollment.id} · ${seconds(lane.figures.todoMs)}`;
  });
}

async function makeRule({ admin }: Stage, { connectionId }: Lane): Promise<void> {
  must(
    await admin.POST('/api/v1/rules', {
      body: {
        name: '培训申请 Training application',
        connectionId,
        when: { kind: 'task', condition: `form.\`课程\` = "${COURSE.title}"` },
        assign: { courseId: COURSE.id, dueInDays: 14, isMandatory: true },
      },
    }),
  );
}

async function applicantOf({ admin }: Stage, { connectionId }: Lane) {
  const query = { connectionId, status: 'active' as const, limit: 2 };
  const user = must(await admin.GET('/api/v1/users', { params: { query } })).data[1];
  if (!user) throw new Error('the directory is empty');
  return user;
}
