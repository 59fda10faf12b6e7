import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WorkApp } from './work-app.js';
import { WorkPlatform } from './work-platform.js';

describe('a host whose connector does not listen when it is told to stop', () => {
  let app: WorkApp;
  let con: string;
  let platform: WorkPlatform;
  let called: string[];

  beforeEach(async () => {
    app = await WorkApp.start();
    platform = new WorkPlatform();
    con = await app.connect(platform);
    called = [];
    platform.onCall = async (what) => {
      called.push(what);
      await new Promise(() => undefined);
    };
  });
  afterEach(() => app?.stop());

  const stops = () =>
    Promise.race([
      app.restart(async () => void (platform.onCall = async () => undefined)),
      sleep(5_000, 'hangs'),
    ]);

  it('stops, and the next one tells of the to-dos', async () => {
    await app.addPeople(con, { lin: [] });
    const url = 'https://lms.example.com/c/1';
    await app.ok('POST', '/assignments', {
      courseId: 'c-1',
      title: 'T',
      url,
      audience: { userIds: ['usr_lin'] },
    });
    await app.until(async () => called.includes('upsert'), 'the call');
    expect(await stops()).toBe(undefined);
    await app.until(async () => platform.todos.size === 1, 'the to-do');
  });

  it('stops, and the next one reads the tasks', async () => {
    platform.addTask('t1');
    const run = await app.ok('POST', `/connections/${con}/runs`, { kind: 'tasks', mode: 'full' });
    await app.until(async () => called.includes('list'), 'the call');
    expect(await stops()).toBe(undefined);
    expect(await app.ended(run.id as string)).toMatchObject({ status: 'success' });
  });
});
