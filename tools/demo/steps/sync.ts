import { setTimeout as sleep } from 'node:timers/promises';
import type { components } from '@trainbridge/api-client';
import { must } from '../api.js';
import { onEachPlatform, type Lane, type Stage } from '../lane.js';
import { clearProgress, count, note, progress, seconds } from '../screen.js';

type Run = components['schemas']['RunDto'];

/** The company comes in by three ways, and once more to show that nothing is done twice. */
export async function sync(stage: Stage): Promise<void> {
  const heading = {
    zh: '2. 同步通讯录：同一家公司，三个平台',
    en: '2. Sync the company: the same people on each platform',
  };
  const bar = new Bar(stage);
  await onEachPlatform(stage, heading, async (lane) => {
    const { run, durationMs } = await fullRun(stage, lane, bar);
    const { users, departments } = await statsOf(stage, lane);
    lane.figures.firstSyncMs = durationMs;
    lane.figures.created = run.counts.users.created;
    lane.figures.people = users.active + users.pending;
    lane.figures.disabled = users.disabled;
    lane.figures.departments = departments;
    return `新增 ${count(run.counts.users.created)} 人 people, ${count(departments)} 部门 departments · ${seconds(durationMs)}`;
  });
  const again = { zh: '再次同步，没有变化', en: 'Again, with nothing new' };
  await onEachPlatform(stage, again, async (lane) => {
    const { run, durationMs } = await fullRun(stage, lane, bar);
    const { unchanged, ...others } = run.counts.users;
    const touched = Object.values(others).reduce((sum, number) => sum + number, 0);
    if (touched > 0) throw new Error(`a second sync changed people: ${JSON.stringify(run.counts.users)}`);
    lane.figures.unchanged = unchanged;
    lane.figures.secondSyncMs = durationMs;
    return `不变 ${count(unchanged)} 人 unchanged · ${seconds(durationMs)}`;
  });
  note(
    '钉钉每个接口每秒限 20 次调用，因此较慢；主机自行控制频率。',
    'DingTalk takes longest because it allows 20 calls a second per API; the host keeps to that by itself.',
  );
}

async function statsOf({ admin }: Stage, { connectionId: id }: Lane) {
  return must(await admin.GET('/api/v1/connections/{id}/stats', { params: { path: { id } } }));
}

async function fullRun({ admin }: Stage, lane: Lane, bar: Bar): Promise<{ run: Run; durationMs: number }> {
  const began = Date.now();
  const started = must(
    await admin.POST('/api/v1/connections/{id}/runs', {
      params: { path: { id: lane.connectionId } },
      body: { kind: 'directory', mode: 'full' },
    }),
  );
  for (;;) {
    const run = must(await admin.GET('/api/v1/runs/{id}', { params: { path: { id: started.id } } }));
    if (run.status !== 'queued' && run.status !== 'running') {
      const durationMs = Date.now() - began;
      bar.end(lane);
      if (run.status !== 'success')
        throw new Error(
          `同步 sync ${run.status}: ${JSON.stringify(run.error)} ${JSON.stringify(run.counts)}`,
        );
      return { run, durationMs };
    }
    bar.show(lane, run.progress.usersRead ?? 0);
    await sleep(100);
  }
}

/** One bar for all runs under way. */
class Bar {
  private readonly read = new Map<Lane, number>();

  constructor(private readonly stage: Stage) {}

  show(lane: Lane, usersRead: number): void {
    this.read.set(lane, usersRead);
    const all = [...this.read];
    const text = all.map(([{ name }, people]) => `${name.zh} ${count(people)}`).join(' · ');
    const sum = all.reduce((total, [, people]) => total + people, 0);
    progress(sum, all.length * this.stage.sandbox.company.personCount, text);
  }

  end(lane: Lane): void {
    this.read.delete(lane);
    clearProgress();
  }
}
