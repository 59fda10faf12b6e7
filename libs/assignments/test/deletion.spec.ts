import type { DuePlatformEvent } from '@trainbridge/connections';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TaskEvents } from '../src/tasks/task-events.js';
import { WorkApp } from './work-app.js';
import { WorkPlatform } from './work-platform.js';

describe('a connection that is deleted while its tasks are read', () => {
  let app: WorkApp;
  let con: string;
  let platform: WorkPlatform;
  const never = new AbortController().signal;

  beforeAll(async () => void (app = await WorkApp.start()));
  afterAll(() => app?.stop());
  beforeEach(async () => {
    platform = new WorkPlatform();
    con = await app.connect(platform, {});
    platform.addTask('t1', { form: { 姓名: '林' } });
    platform.onCall = async (call) => {
      if (call === 'get') await app.ok('DELETE', `/connections/${con}?people=erase`);
    };
  });

  const left = () => app.query(`select 1 from tasks where connection_id = $1`, [con]);

  it('has no form left afterwards, of an event', async () => {
    const event: DuePlatformEvent = {
      id: 'pev_1', kind: 'task.changed', ids: ['t1'], previousId: null, occurredAt: new Date(), receivedAt: new Date(),
      data: {}, attempt: 1,
    }; // prettier-ignore
    await app.get(TaskEvents).handle(con, [event], never);
    expect((await app.call('GET', `/connections/${con}`)).status).toBe(404);
    expect(await left()).toEqual([]);
  });

  it('has no form left afterwards, of a run', async () => {
    await app.ok('POST', `/connections/${con}/runs`, { kind: 'tasks', mode: 'full' });
    await app.until(
      async () => (await app.call('GET', `/connections/${con}`)).status === 404,
      'the deletion',
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await left()).toEqual([]);
  });
});
