import type { DataSource, EntityManager } from 'typeorm';
import { OutgoingEvents } from '@trainbridge/persistence';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RunEngine } from '../src/runs/run-engine.js';
import { sweepStaging } from '../src/runs/sweep.js';
import { EngineHarness } from './engine-harness.js';
import { FakePlatform } from './fake-platform.js';

const OPTIONS = { retryDelaysMs: [], chunkLines: 7, writer: { flushRecords: 20, flushAfterMs: 1 } };

/** A process that dies when a transaction has committed, before it knows, as soon as `isTime` says so. */
function dying(
  dataSource: DataSource,
  isTime: (transactions: number) => boolean | Promise<boolean>,
): DataSource {
  let transactions = 0;
  let dead = false;
  return new Proxy(dataSource, {
    get(target, property) {
      if (property !== 'transaction') {
        const value = Reflect.get(target, property) as unknown;
        return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
      }
      return async (work: (manager: EntityManager) => Promise<unknown>) => {
        if (dead) throw new Error('killed');
        const result = await target.transaction(work);
        dead ||= await isTime(++transactions);
        if (dead) throw new Error('killed');
        return result;
      };
    },
  });
}

describe('a killed process', () => {
  let harness: EngineHarness;
  let con: string;
  let number = 0;

  beforeAll(async () => {
    harness = await EngineHarness.start();
  });
  afterAll(() => harness.database.drop());
  beforeEach(() => {
    con = `con_${++number}`;
  });

  const company = () => {
    const platform = FakePlatform.company(60, 6);
    platform.pageSize = 5;
    return platform;
  };
  const applied = (id: string, lines: number) => async () =>
    ((await harness.run(id)).progress.applied ?? 0) >= lines;
  const changed = (platform: FakePlatform) => {
    for (let i = 1; i <= 8; i++) platform.remove(`p${i}`);
    for (let i = 10; i < 20; i++) platform.move(`p${i}`, ['2', '3']);
    for (let i = 100; i < 130; i++) platform.addUser(`p${i}`, ['4'], { managerExternalId: 'p101' });
    for (const i of [23, 29, 35, 41, 47, 53, 59]) platform.move(`p${i}`, ['5']);
    platform.departments.delete('6');
    platform.addDepartment('7', '2', '新部门', { leaderExternalIds: ['p100'] });
    return platform;
  };

  it('S9: killed after every single transaction in turn, the run ends in the same directory', async () => {
    let reference: string | undefined;
    for (let n = 1000; ; n = n === 1000 ? 1 : n + 1) {
      const connection = `${con}_${n}`;
      await harness.sync(connection, company());
      const platform = changed(company());
      const id = await harness.queue(connection);
      const engine = new RunEngine(
        dying(harness.dataSource, (count) => count >= n),
        new OutgoingEvents(),
        OPTIONS,
      );
      const outcome = await engine
        .work(id, platform.open, new AbortController().signal)
        .catch((error: Error) => error.message);
      if (outcome === 'killed') {
        await harness.engine(OPTIONS).work(id, platform.open, new AbortController().signal);
      }
      expect(await harness.run(id)).toMatchObject({
        status: 'success',
        counts: {
          users: { created: 30, updated: 10 + 7, disabled: 8 },
          departments: { created: 1, disabled: 1 },
        },
      });
      reference ??= await harness.fingerprint(connection);
      expect(await harness.fingerprint(connection)).toBe(reference);
      const twice = await harness.query(
        `select subject_id, type from directory_changes where cause->>'runId' = $1 group by 1, 2 having count(*) > 1`,
        [id],
      );
      expect(twice).toEqual([]);
      await sweepStaging(harness.dataSource);
      expect(await harness.query(`select 1 from staged_users union all select 1 from run_walks`)).toEqual([]);
      if (n < 1000 && outcome === 'ended') {
        expect(n).toBeGreaterThan(12);
        return;
      }
    }
  }, 60_000);

  it('does not read again what was read before the kill', async () => {
    const platform = company();
    const id = await harness.queue(con);
    const abort = new AbortController();
    platform.fault = ({ listing, cursor }) => {
      if (listing === 'department:5' && cursor === '5') {
        setTimeout(() => abort.abort(), 60);
        return new Promise(() => undefined) as never;
      }
    };
    const hanging = platform.directory.listUsers.bind(platform.directory);
    platform.directory.listUsers = async (context, input) =>
      Promise.race([
        hanging(context, input),
        new Promise<never>((_, reject) =>
          abort.signal.addEventListener('abort', () => reject(abort.signal.reason as Error)),
        ),
      ]);
    expect(await harness.engine(OPTIONS).work(id, platform.open, abort.signal)).toBe('interrupted');
    expect(await harness.run(id)).toMatchObject({ status: 'running', progress: { phase: 'fetch' } });
    platform.calls.length = 0;
    platform.fault = null;
    platform.directory.listUsers = hanging;
    expect(await harness.engine(OPTIONS).work(id, platform.open, new AbortController().signal)).toBe('ended');
    expect(await harness.run(id)).toMatchObject({ status: 'success', counts: { users: { created: 60 } } });
    expect(platform.calls.filter((call) => call.startsWith('department:'))).toEqual(['department:5@5']);
  });

  it('a process that slept through its replacement writes nothing any more', async () => {
    const platform = company();
    const id = await harness.queue(con);
    let replaced = false;
    platform.fault = ({ listing }) => {
      if (listing === 'department:4' && !replaced) replaced = true;
    };
    const engine = harness.engine(OPTIONS);
    const open = async () => {
      const source = await platform.open();
      await harness.query(`update runs set attempt = attempt + 1 where id = $1`, [id]);
      return source;
    };
    expect(await engine.work(id, open, new AbortController().signal)).toBe('interrupted');
    expect(await harness.query(`select 1 from users where connection_id = $1`, [con])).toEqual([]);
    expect(await harness.query(`select 1 from staged_users where run_id = $1`, [id])).toEqual([]);
  });

  it.each(['fetch', 'apply'])(
    'a PostgreSQL crash that empties the staging tables during %s makes the run read again',
    async (phase) => {
      const platform = company();
      const id = await harness.queue(con);
      let crashed = false;
      const crash = async () => {
        if (crashed) return;
        crashed = true;
        // In the order in which pages are written: the other way round the two may deadlock.
        await harness.query('truncate staged_departments, staged_users, run_walks');
      };
      if (phase === 'fetch') {
        const listUsers = platform.directory.listUsers.bind(platform.directory);
        platform.directory.listUsers = async (context, input) => {
          if (input.departmentId === '3') await crash();
          return listUsers(context, input);
        };
        await harness.engine(OPTIONS).work(id, platform.open, new AbortController().signal);
      } else {
        const engine = new RunEngine(
          dying(harness.dataSource, applied(id, 20)),
          new OutgoingEvents(),
          OPTIONS,
        );
        await engine.work(id, platform.open, new AbortController().signal).catch(() => undefined);
        expect((await harness.run(id)).progress).toMatchObject({
          phase: 'apply',
          applied: expect.any(Number),
        });
        await crash();
        await harness.engine(OPTIONS).work(id, platform.open, new AbortController().signal);
      }
      expect(await harness.run(id)).toMatchObject({
        status: 'success',
        counts: { users: { created: 60, unchanged: 0 }, departments: { created: 6 } },
      });
      const [count] = await harness.query(`select count(*)::int as n from users where connection_id = $1`, [
        con,
      ]);
      expect(count).toEqual({ n: 60 });
    },
  );

  it('one run at a time: a second one cannot be queued, and who comes second to the lock is told so', async () => {
    const platform = company();
    const id = await harness.queue(con);
    await expect(harness.queue(con)).rejects.toThrow('a run is open');
    let second: string | null = null;
    const open = async () => {
      second = await harness.engine(OPTIONS).work(id, platform.open, new AbortController().signal);
      return platform.open();
    };
    expect(await harness.engine(OPTIONS).work(id, open, new AbortController().signal)).toBe('ended');
    expect(second).toBe('busy');
  });

  it('stops when it is canceled, and keeps what was applied', async () => {
    const platform = company();
    const id = await harness.queue(con);
    const engine = new RunEngine(dying(harness.dataSource, applied(id, 20)), new OutgoingEvents(), OPTIONS);
    await engine.work(id, platform.open, new AbortController().signal).catch(() => undefined);
    await harness.dataSource.transaction((manager) => harness.engine().store.cancel(manager, id));
    expect(await harness.engine(OPTIONS).work(id, platform.open, new AbortController().signal)).toBe('ended');
    const run = await harness.run(id);
    expect(run.status).toBe('canceled');
    const [count] = await harness.query<{ n: number }>(
      `select count(*)::int as n from users where connection_id = $1`,
      [con],
    );
    expect(count!.n).toBeGreaterThan(0);
    expect(run.counts.users.created).toBe(count!.n);
    expect((await harness.sync(con, platform, {}, OPTIONS)).counts.users).toMatchObject({
      created: 60 - count!.n,
      unchanged: count!.n,
    });
  });
});
