import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest';
import { TodoQueue, type TodoBatch } from '../src/todos/todo-queue.js';
import { WorkApp } from './work-app.js';

let app: WorkApp;
let dataSource: DataSource;

beforeAll(async () => {
  app = await WorkApp.start();
  dataSource = app.database.dataSource;
});
afterAll(() => app?.stop());

describe('to-dos of a batch', () => {
  const ids = ['enr_1', 'enr_2', 'enr_3'];
  const batch = {
    id: 'tdb_x',
    rows: ids.map((enrollmentId) => ({ enrollmentId, leaseNo: 1, attempts: 1 })),
  } as TodoBatch;
  const error = { code: 'unavailable', message: 'down' } as const;
  // Of no connection, so that nobody but the test takes them.
  const nobodys = 'con_nobody';

  beforeEach(async () => {
    await app.query(`delete from todos`);
    // The last first on the disk, so that whoever takes rows as they lie takes them crosswise.
    for (const id of [...ids].reverse()) {
      await app.query(
        `insert into todos (enrollment_id, connection_id, due_at, batch_id, batch_place, lease_no, action, sent, sent_at, sent_no)
         values ($1, $2, now() - interval '1 s', 'tdb_x', 0, 1, 'upsert', '{}', now(), 1)`,
        [id, nobodys],
      );
    }
  });

  const takers: [string, (queue: TodoQueue) => Promise<unknown>][] = [
    ['kept for later', (queue) => queue.keep(batch, error, 1_000)],
    ['dissolved', (queue) => queue.dissolve(batch)],
    ['sent again', (queue) => queue.claimUnknown(nobodys)],
  ];
  for (const [what, take] of takers) {
    it(`are ${what} without blocking a change of their enrollments for good`, async () => {
      let taken: Promise<unknown> = Promise.resolve();
      // As TodoOutbox.want takes them: in the order of their ids.
      await dataSource.transaction(async (manager) => {
        await manager.query(`select from todos where enrollment_id = 'enr_1' for update`);
        taken = take(new TodoQueue(dataSource));
        await sleep(200);
        await manager.query(`select from todos where enrollment_id = 'enr_3' for update`);
      });
      await taken;
    });
  }
});
