import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@trainbridge/api-client';
import type { Sandbox } from '@trainbridge/sandbox';
import { count, done, failed, progress, seconds, title } from './screen.js';

/** What came of it, for the report. */
export interface Story {
  ok: boolean;
  /** Active, or invited and not there yet. */
  people: number;
  disabled: number;
  departments: number;
  created: number;
  unchanged: number;
  firstSyncMs: number;
  secondSyncMs: number;
  /** Milliseconds from the change in WeCom to the directory: joiner, mover, leaver. */
  changes: number[];
  eventsAccepted: number;
  acceptMs: number;
  delivered: number;
  deliveryMs: number;
  lost: number;
  duplicates: number;
}

export interface StorySetting {
  sandbox: Sandbox;
  hostUrl: string;
  adminToken: string;
}

type Client = ReturnType<typeof createClient>;
type Answer<T> = { data?: T; error?: unknown; response: Response };

const LEARNERS = 200;

/** Connect, check, sync, follow three changes, hand over results: through the public API only, as an LMS would. */
export async function runStory({ sandbox, hostUrl, adminToken }: StorySetting): Promise<Story> {
  const admin = createClient({ baseUrl: hostUrl, token: adminToken });
  const story: Story = {
    ok: true, people: 0, disabled: 0, departments: 0, created: 0, unchanged: 0, firstSyncMs: 0, secondSyncMs: 0, changes: [],
    eventsAccepted: 0, acceptMs: 0, delivered: 0, deliveryMs: 0, lost: 0, duplicates: 0,
  }; // prettier-ignore

  title('1. 连接企业微信（模拟）', '1. Connect to WeCom (simulated)');
  const connectionId = await connect(admin, sandbox);
  story.ok = (await check(admin, connectionId)) && story.ok;

  title('2. 同步通讯录', '2. Sync the company');
  const first = await sync(admin, connectionId);
  story.firstSyncMs = first.durationMs;
  story.created = first.run.counts.users.created;
  story.ok = first.run.status === 'success' && story.ok;
  const second = await sync(admin, connectionId);
  story.secondSyncMs = second.durationMs;
  story.unchanged = second.run.counts.users.unchanged;
  story.ok = second.run.status === 'success' && story.ok;
  const stats = must(
    await admin.GET('/api/v1/connections/{id}/stats', { params: { path: { id: connectionId } } }),
  );
  story.people = stats.users.active + stats.users.pending;
  story.disabled = stats.users.disabled;
  story.departments = stats.departments;

  title('3. 入职、调岗、离职（加密回调）', '3. A joiner, a mover, a leaver (encrypted callbacks)');
  await followChanges(admin, sandbox, connectionId, story);

  title('4. 学习结果回传', '4. Learning results out');
  await deliverResults(admin, hostUrl, sandbox, connectionId, story);
  return story;
}

async function connect(admin: Client, sandbox: Sandbox): Promise<string> {
  const connection = must(
    await admin.POST('/api/v1/connections', {
      body: {
        name: '演示公司 Demo company',
        connector: 'wecom',
        config: { ...sandbox.wecomConnection() },
        // New WeCom apps get no mobile and no email: the employee number is what an LMS can match people by.
        mapping: { user: { employeeNumber: "extattr.attrs[name='工号'].text.value" } },
      },
    }),
  );
  done(`已建立连接 ${connection.id}`, `connection ${connection.id}, callback ${connection.callbackUrl}`);
  if (connection.callbackUrl) {
    const verified = await sandbox.wecom.setCallback({ url: connection.callbackUrl });
    if (!verified.ok) throw new Error(`the callback URL was not verified: ${JSON.stringify(verified)}`);
    done(
      '企业微信已验证回调地址',
      `WeCom verified the callback URL in ${Math.round(verified.durationMs)} ms`,
    );
  }
  return connection.id;
}

async function check(admin: Client, connectionId: string): Promise<boolean> {
  const result = must(
    await admin.POST('/api/v1/connections/{id}/check', { params: { path: { id: connectionId } } }),
  );
  for (const { step, ok, message, advice } of result.findings) {
    if (ok) done(`检查 ${step}`, message);
    else failed(`检查 ${step}`, `${message}${advice ? `\n    → ${advice}` : ''}`);
  }
  return result.ok;
}

async function sync(admin: Client, connectionId: string) {
  const began = Date.now();
  const started = must(
    await admin.POST('/api/v1/connections/{id}/runs', {
      params: { path: { id: connectionId } },
      body: { kind: 'directory', mode: 'full' },
    }),
  );
  for (;;) {
    const run = must(await admin.GET('/api/v1/runs/{id}', { params: { path: { id: started.id } } }));
    if (run.status !== 'queued' && run.status !== 'running') {
      const durationMs = Date.now() - began;
      const { created, updated, unchanged, disabled } = run.counts.users;
      const tell = run.status === 'success' ? done : failed;
      tell(
        `同步 ${run.status}：新增 ${count(created)}，更新 ${count(updated)}，不变 ${count(unchanged)}，停用 ${count(disabled)}，${seconds(durationMs)}`,
        `sync ${run.status}: ${count(created)} created, ${count(updated)} updated, ${count(unchanged)} unchanged, ${count(disabled)} disabled` +
          (run.error ? ` — ${JSON.stringify(run.error)}` : ''),
      );
      return { run, durationMs };
    }
    const { usersRead = 0, phase = '', departmentsDone = 0, departmentsTotal = 0 } = run.progress;
    progress(departmentsDone, departmentsTotal, `${phase} · ${count(usersRead)} 人 people`);
    await sleep(100);
  }
}

async function followChanges(
  admin: Client,
  sandbox: Sandbox,
  connectionId: string,
  story: Story,
): Promise<void> {
  const find = async (externalId: string) =>
    must(await admin.GET('/api/v1/users', { params: { query: { connectionId, externalId, limit: 1 } } }))
      .data[0];
  const departments = [...sandbox.company.departments()];
  const [home, target] = [departments[10], departments[11]];
  if (!home || !target) throw new Error('the sandbox company is too small for the story');

  const joiner = sandbox.mutations.hire({ name: '林小满', position: '培训专员', departmentIds: [home.id] });
  await tellChange(
    story,
    '入职',
    'joined',
    async () => (await find(joiner.account))?.displayName === '林小满',
  );

  sandbox.mutations.move(joiner.account, [target.id]);
  await tellChange(story, '调岗', 'moved', async () => {
    const user = await find(joiner.account);
    const page = must(
      await admin.GET('/api/v1/departments', {
        params: { query: { connectionId, externalId: String(target.id) } },
      }),
    );
    return user?.memberships.length === 1 && user.memberships[0]?.departmentId === page.data[0]?.id;
  });

  sandbox.mutations.dismiss(joiner.account);
  await tellChange(story, '离职', 'left', async () => (await find(joiner.account))?.status === 'disabled');
}

async function tellChange(
  story: Story,
  zh: string,
  en: string,
  happened: () => Promise<boolean>,
): Promise<void> {
  const began = Date.now();
  while (!(await happened())) {
    if (Date.now() - began > 30_000) {
      story.ok = false;
      return failed(`${zh}：30 秒内没有生效`, `${en}: not in the directory after 30 s`);
    }
    await sleep(50);
  }
  const tookMs = Date.now() - began;
  story.changes.push(tookMs);
  done(`${zh}：${seconds(tookMs)} 后在通讯录生效`, `${en}: in the directory after ${seconds(tookMs)}`);
}

async function deliverResults(
  admin: Client,
  hostUrl: string,
  sandbox: Sandbox,
  connectionId: string,
  story: Story,
): Promise<void> {
  const credentials = must(
    await admin.POST('/api/v1/clients', {
      body: {
        name: 'Demo LMS',
        scopes: [
          'directory:read',
          'learning-events:read',
          'learning-events:write',
          'subscriptions:write',
          'deliveries:read',
        ],
      },
    }),
  );
  const lms = createClient({ baseUrl: hostUrl, clientCredentials: credentials });
  const subscription = must(
    await lms.POST('/api/v1/subscriptions', {
      body: { url: `${sandbox.lmsUrl}/webhooks`, eventTypes: ['course.*', 'exam.*'] },
    }),
  );
  sandbox.lms.configure({ secrets: [subscription.secret] });
  done('LMS 已订阅 course.*、exam.*', `the LMS subscribed and keeps the signing secret`);

  const users = must(
    await lms.GET('/api/v1/users', {
      params: { query: { connectionId, status: 'active', limit: LEARNERS } },
    }),
  );
  const now = new Date().toISOString();
  const events = users.data.flatMap((user, index) => [
    {
      id: `demo-${index}-course`, type: 'course.completed' as const, learner: { userId: user.id }, occurredAt: now,
      course: { id: 'safety-2026', title: '安全生产 2026' }, result: { completion: true, progress: 1 },
    },
    {
      id: `demo-${index}-exam`, type: index % 10 === 0 ? ('exam.failed' as const) : ('exam.passed' as const),
      learner: { connectionId, externalId: user.externalId }, occurredAt: now,
      exam: { id: 'safety-2026-exam' }, result: { success: index % 10 !== 0, score: { raw: 60 + (index % 40), max: 100 } },
    },
  ]); // prettier-ignore

  const began = Date.now();
  const accepted = must(await lms.POST('/api/v1/learning-events', { body: { events } }));
  story.acceptMs = Date.now() - began;
  story.eventsAccepted = accepted.accepted;
  done(
    `已为 ${count(users.data.length)} 人接收 ${count(accepted.accepted)} 条学习事件，已落盘`,
    `${count(accepted.accepted)} learning events of ${count(users.data.length)} people accepted and durable in ${seconds(story.acceptMs)}`,
  );
  while (sandbox.lms.counts.unique < accepted.accepted && Date.now() - began < 30_000) {
    progress(
      sandbox.lms.counts.unique,
      accepted.accepted,
      `${count(sandbox.lms.counts.unique)} 已送达 delivered`,
    );
    await sleep(20);
  }
  story.deliveryMs = Date.now() - began;
  story.delivered = sandbox.lms.counts.unique;
  story.duplicates = sandbox.lms.counts.duplicates;
  story.lost = accepted.accepted - story.delivered;
  const good = story.lost === 0 && accepted.accepted === events.length && sandbox.lms.counts.rejected === 0;
  story.ok = good && story.ok;
  (good ? done : failed)(
    `LMS 收到 ${count(story.delivered)} 条，验签全部通过`,
    `the LMS received ${count(story.delivered)} signed webhooks, ${sandbox.lms.counts.rejected} with a bad signature`,
  );
}

/** The data of a good answer. @throws an Error with the problem the host described. */
function must<T>({ data, error, response }: Answer<T>): T {
  if (data !== undefined) return data;
  throw new Error(`${new URL(response.url).pathname} answered ${response.status}: ${JSON.stringify(error)}`);
}
