import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type components } from '@trainbridge/api-client';
import { must, until, type Client } from '../api.js';
import { accountOf, onEachPlatform, type Lane, type Stage, type User } from '../lane.js';
import { count, done, failed, progress, seconds, title } from '../screen.js';
import { COURSE } from './assign.js';

type LearningEvent = components['schemas']['LearningEventDto'];

/** What the LMS's part came to, for the report. */
export interface Outcome {
  ok: boolean;
  accepted: number;
  acceptMs: number;
  delivered: number;
  deliveryMs: number;
  lost: number;
  duplicates: number;
}

/** Of all three platforms together. */
const LEARNERS = 200;
const LMS_NAME = { zh: '学习系统', en: 'LMS' };

/** The LMS posts what people learned: it comes out as signed webhooks, and on each platform as messages and closed to-dos. */
export async function deliverResults(stage: Stage): Promise<Outcome> {
  title('6. 学习结果：签名 Webhook 与平台回写', '6. Results: signed webhooks, and back to the platforms');
  const lms = await subscribe(stage);
  const learners = await learnersOf(stage, lms);
  const began = Date.now();
  const outcome = await post(stage, lms, learners);

  const heading = {
    zh: '平台回写：消息送达，待办关闭',
    en: 'Told to the platforms: messages sent, to-dos closed',
  };
  await onEachPlatform(stage, heading, async (lane) => {
    const { platform, figures, applicant } = lane;
    const accounts = new Set((learners.get(lane) ?? []).map(accountOf));
    const messages = () => platform.inbox().filter(({ account }) => accounts.has(account));
    const texts = () =>
      messages().filter(({ text }) => text.includes(COURSE.title) && text.includes('已完成'));
    figures.messagesDue = accounts.size;
    await until(`${accounts.size} messages`, () => (texts().length >= accounts.size ? true : undefined));
    const mine = platform.todos().filter(({ account }) => applicant && account === accountOf(applicant));
    await until('the closed to-do', () =>
      platform.todos().some(({ id, status }) => id === mine[0]?.id && status !== 'open') ? true : undefined,
    );
    figures.closedMs = Date.now() - began;
    figures.messages = texts().length;
    return `${count(figures.messages)} 条消息 messages · 待办已关闭 to-do closed · ${seconds(figures.closedMs)} · “${texts()[0]?.text ?? ''}”`;
  });
  return outcome;
}

async function subscribe({ admin, sandbox, hostUrl }: Stage): Promise<Client> {
  const credentials = must(
    await admin.POST('/api/v1/clients', {
      body: {
        name: 'Demo LMS',
        scopes: ['directory:read', 'learning-events:write', 'subscriptions:write', 'deliveries:read'],
      },
    }),
  );
  const lms = createClient({ baseUrl: hostUrl, clientCredentials: credentials });
  const { secret } = must(
    await lms.POST('/api/v1/subscriptions', {
      body: { url: `${sandbox.lmsUrl}/webhooks`, eventTypes: ['course.*', 'exam.*'] },
    }),
  );
  sandbox.lms.configure({ secrets: [secret] });
  return lms;
}

/** The same number of people of each platform; the applicants of the approvals are among them. */
async function learnersOf({ lanes }: Stage, lms: Client): Promise<Map<Lane, User[]>> {
  const learners = new Map<Lane, User[]>();
  for (const [place, lane] of lanes.entries()) {
    const limit = Math.floor((LEARNERS + place) / lanes.length);
    const query = { connectionId: lane.connectionId, status: 'active' as const, limit };
    if (lane.ok) learners.set(lane, must(await lms.GET('/api/v1/users', { params: { query } })).data);
  }
  return learners;
}

async function post({ sandbox }: Stage, lms: Client, learners: Map<Lane, User[]>): Promise<Outcome> {
  const now = new Date().toISOString();
  const people = [...learners].flatMap(([{ connectionId }, users]) =>
    users.map((user) => ({ connectionId, user })),
  );
  const events = people.flatMap(({ connectionId, user }, index): LearningEvent[] => [
    {
      id: `demo-${index}-course`, type: 'course.completed', learner: { userId: user.id }, occurredAt: now,
      course: { id: COURSE.id, title: COURSE.title }, result: { completion: true, progress: 1, score: { raw: 60 + (index % 40), max: 100 } },
    },
    {
      id: `demo-${index}-exam`, type: index % 10 === 0 ? 'exam.failed' : 'exam.passed',
      learner: { connectionId, externalId: user.externalId }, occurredAt: now,
      exam: { id: `${COURSE.id}-exam` }, result: { success: index % 10 !== 0, score: { raw: 60 + (index % 40), max: 100 } },
    },
  ]); // prettier-ignore
  const began = Date.now();
  const { accepted } = must(await lms.POST('/api/v1/learning-events', { body: { events } }));
  const acceptMs = Date.now() - began;
  while (sandbox.lms.counts.unique < accepted && Date.now() - began < 30_000) {
    progress(sandbox.lms.counts.unique, accepted, `${count(sandbox.lms.counts.unique)} 已送达 delivered`);
    await sleep(20);
  }
  const deliveryMs = Date.now() - began;
  const { unique: delivered, duplicates, rejected } = sandbox.lms.counts;
  const lost = accepted - delivered;
  const ok = events.length > 0 && accepted === events.length && lost === 0 && rejected === 0;
  (ok ? done : failed)(
    LMS_NAME,
    `${count(people.length)} 人 people · ${count(accepted)} 条事件已落盘 events durable in ${seconds(acceptMs)} · ` +
      `${count(delivered)} 条送达 webhooks, ${rejected} 条验签失败 with a bad signature`,
  );
  return { ok, accepted, acceptMs, delivered, deliveryMs, lost, duplicates };
}
