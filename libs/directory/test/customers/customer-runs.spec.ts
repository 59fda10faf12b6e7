import { ConnectorError } from '@trainbridge/connector-kit';
import { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineHarness } from '../engine-harness.js';
import { CustomerPlatform } from './customer-platform.js';

interface Stored {
  id: string;
  external_id: string;
  display_name: string | null;
  owners: string[];
  tags: { id: string }[];
  removed: boolean;
}

describe('customers of a directory run', () => {
  let harness: EngineHarness;
  let platform: CustomerPlatform;
  let con = '';
  let number = 0;
  beforeAll(async () => {
    harness = await EngineHarness.start();
  });
  afterAll(() => harness.database.drop());
  beforeEach(() => {
    con = `con_${++number}`;
    platform = CustomerPlatform.withPeople(3);
  });

  const stored = (): Promise<Stored[]> =>
    harness.query(
      `select c.id, c.external_id, c.display_name, c.tags, c.removed_at is not null as removed,
         (select coalesce(array_agg(u.external_id order by u.external_id), '{}') from users u where u.id = any(c.owner_user_ids)) as owners
       from customers c where connection_id = $1 order by external_id`,
      [con],
    );
  const feed = (): Promise<{ type: string; subject_id: string; before: object | null; after: object }[]> =>
    harness.query(
      `select type, subject_id, before, after from directory_changes where connection_id = $1 and type like 'customer.%' order by sequence`,
      [con],
    );
  const sync = (run = {}) => harness.sync(con, platform, run);

  it('unites the rows of a customer and resolves owners, who come first', async () => {
    platform.customersPageSize = 2;
    platform.addCustomer('wm1', ['p1', 'P2']);
    platform.addCustomer('wm2', ['p1']);
    platform.addCustomer('wm1', ['p3', 'outsider'], { externalIds: [{ type: 'unionid', value: 'u1' }] });
    const run = await sync();
    expect(run).toMatchObject({
      status: 'success',
      counts: {
        users: { created: 3 },
        customers: { created: 2, updated: 0, unchanged: 0, removed: 0, restored: 0, rejected: 0 },
      },
      progress: { phase: 'done', customersRead: 5 },
    });
    const [first, second] = await stored();
    expect(first).toMatchObject({ external_id: 'wm1', display_name: '客户wm1', owners: ['p1', 'p2', 'p3'] });
    expect(first!.tags.map(({ id }) => id)).toEqual([
      'tag-of-P2', 'tag-of-outsider', 'tag-of-p1', 'tag-of-p3',
    ]); // prettier-ignore
    expect(second).toMatchObject({ external_id: 'wm2', owners: ['p1'] });
    expect((await feed()).map(({ type }) => type)).toEqual(['customer.created', 'customer.created']);
    expect((await feed())[0]!.after).toMatchObject({
      id: first!.id, externalId: 'wm1', externalIds: [{ type: 'unionid', value: 'u1' }],
      tags: expect.arrayContaining([{ id: 'tag-of-p1', name: 'p1的', group: '来源' }]),
    }); // prettier-ignore
  });

  it('writes nothing when nothing changed, in whatever order rows come', async () => {
    platform.addCustomer('wm1', ['p1', 'p2']);
    platform.addCustomer('wm2', ['p3']);
    await sync();
    const written = () =>
      harness.query(`select xmin, * from customers where connection_id = $1 order by id`, [con]);
    const before = await written();
    platform.rows.reverse();
    const run = await sync();
    expect(run.counts.customers).toMatchObject({ created: 0, updated: 0, unchanged: 2, removed: 0 });
    expect(await written()).toEqual(before);
    expect(await feed()).toHaveLength(2);
  });

  it('tells changed fields with what they were, and finds an owner who joined the directory later', async () => {
    platform.addCustomer('wm1', ['p1', 'later']);
    await sync();
    platform.addUser('later', ['1']);
    platform.rows[0]!.displayName = '改名';
    platform.rows[1]!.displayName = '改名';
    const run = await sync();
    expect(run.counts.customers).toMatchObject({ updated: 1, unchanged: 0 });
    const [, change] = await feed();
    expect(change).toMatchObject({ type: 'customer.updated', before: { displayName: '客户wm1' } });
    expect(Object.keys(change!.before!).sort()).toEqual(['displayName', 'ownerUserIds']);
    expect((await stored())[0]).toMatchObject({ owners: ['later', 'p1'] });
  });

  it('keeps what a row does not tell', async () => {
    platform.addCustomer('wm1', ['p1']);
    await sync();
    platform.rows.splice(0, 1, { externalId: 'wm1', raw: {} });
    const run = await sync();
    expect(run.counts.customers).toMatchObject({ updated: 0, unchanged: 1 });
    platform.rows.splice(0, 1, { externalId: 'wm1', displayName: null, raw: {} });
    await sync();
    expect((await stored())[0]).toMatchObject({ display_name: null, owners: ['p1'] });
  });

  it('removes who is no longer listed, and knows them again when they come back', async () => {
    for (let i = 1; i <= 20; i++) platform.addCustomer(`wm${i}`, ['p1']);
    await sync();
    const id = (await stored())[0]!.id;
    platform.drop('wm1');
    expect((await sync()).counts.customers).toMatchObject({ removed: 1, unchanged: 19 });
    expect((await stored())[0]).toMatchObject({ id, removed: true });
    platform.addCustomer('wm1', ['p2']);
    expect((await sync()).counts.customers).toMatchObject({ restored: 1, removed: 0 });
    expect((await stored())[0]).toMatchObject({ id, removed: false, owners: ['p2'] });
    expect((await feed()).slice(-2).map(({ type, subject_id }) => [type, subject_id])).toEqual([
      ['customer.removed', id],
      ['customer.restored', id],
    ]);
  });

  it('removes nobody when the listing is empty or implausibly short', async () => {
    for (let i = 1; i <= 60; i++) platform.addCustomer(`wm${i}`, ['p1']);
    await sync();
    platform.rows.splice(0, 30);
    const short = await sync();
    expect(short).toMatchObject({
      status: 'success', notes: { customers: { complete: true, kept: 30 } }, counts: { customers: { removed: 0 } },
    }); // prettier-ignore
    platform.rows.splice(0);
    const empty = await sync();
    expect(empty).toMatchObject({ status: 'success', notes: { customers: { kept: 60 } } });
    expect((await stored()).some(({ removed }) => removed)).toBe(false);
  });

  it('leaves people alone when customers may not be read, and says so', async () => {
    platform.onCustomersPage = () => {
      throw new ConnectorError('permission_denied', 'the app is not allowed to read customers', {
        vendorCode: '48002',
      });
    };
    expect(await sync()).toMatchObject({
      status: 'success',
      counts: { users: { created: 3 }, customers: { created: 0 } },
      notes: { customers: { error: { code: 'permission_denied', vendorCode: '48002' } } },
    });
  });

  it('keeps what a listing brought before it broke, removes nobody, and says so', async () => {
    for (let i = 1; i <= 20; i++) platform.addCustomer(`wm${String(i).padStart(2, '0')}`, ['p1']);
    await sync();
    platform.rows.splice(19, 1);
    platform.rows[0]!.displayName = 'new name';
    platform.customersPageSize = 5;
    platform.onCustomersPage = (page) => {
      if (page > 3) throw new ConnectorError('unavailable', 'the platform does not answer');
    };
    platform.customerPages = 0;
    expect(await sync()).toMatchObject({
      status: 'success',
      error: null,
      notes: { customers: { complete: false, error: { code: 'unavailable' } } },
      counts: { customers: { updated: 1, unchanged: 14, removed: 0 } },
    });
  });

  it('rejects a record nobody could keep, and takes the others', async () => {
    platform.addCustomer('wm1', ['p1']);
    platform.rows.push({ externalId: 'wm2', tags: 'x', raw: {} } as never, null as never);
    const run = await sync();
    expect(run).toMatchObject({
      status: 'success', notes: { customers: { complete: false, error: null } }, counts: { customers: { created: 1, rejected: 2 } },
    }); // prettier-ignore
    const rejected = await harness.query<{ external_id: string | null; reason: string }>(
      `select external_id, reason from rejected_records where run_id = $1 order by number`,
      [run.id],
    );
    expect(rejected).toEqual([
      { external_id: 'wm2', reason: 'tags cannot be read' },
      { external_id: null, reason: 'is not a record' },
    ]);
  });

  it('is not fooled by pages that repeat, and begins again when a cursor is too old', async () => {
    platform.customersPageSize = 1;
    platform.addCustomer('wm1', ['p1', 'p2', 'p3']);
    expect(await sync()).toMatchObject({ status: 'success', counts: { customers: { created: 1 } } });
    platform.customerPages = 0;
    platform.onCustomersPage = (page) => {
      if (page === 2) throw new ConnectorError('cursor_expired', 'too old');
    };
    expect(await sync()).toMatchObject({ status: 'success', counts: { customers: { unchanged: 1 } } });
    platform.addCustomer('wm2', ['p1']);
    platform.rows.push(platform.rows.at(-1)!);
    expect(await sync()).toMatchObject({ notes: { customers: { error: { code: 'bad_response' } } } });
  });

  it('reads no customers in a reconcile, nor before a dry run is applied', async () => {
    platform.addCustomer('wm1', ['p1']);
    expect(await sync({ mode: 'reconcile' })).toMatchObject({ status: 'success' });
    const planned = await sync({ dryRun: true });
    expect(planned.status).toBe('planned');
    expect(platform.customerPages).toBe(0);
    const applied = await harness.approve(planned.id, platform);
    expect(applied).toMatchObject({
      status: 'success', counts: { users: { created: 3 }, customers: { created: 1 } },
    }); // prettier-ignore
  });

  it('goes on at the next page after a crash, and counts once', async () => {
    platform.customersPageSize = 2;
    for (let i = 1; i <= 8; i++) platform.addCustomer(`wm${i}`, ['p1']);
    const engine = harness.engine();
    const id = await harness.queue(con);
    const killed = new AbortController();
    platform.onCustomersPage = (page) => {
      if (page < 3) return;
      killed.abort();
      throw new Error('the process is gone');
    };
    expect(await engine.work(id, platform.open, killed.signal)).toBe('interrupted');
    expect(await stored()).toEqual([]);
    platform.onCustomersPage = () => undefined;
    await engine.work(id, platform.open, new AbortController().signal);
    expect(platform.customerPages).toBe(5);
    expect(await harness.run(id)).toMatchObject({
      status: 'success', counts: { users: { created: 3 }, customers: { created: 8 } }, progress: { customersRead: 8 },
    }); // prettier-ignore
    // A process that dies after it wrote them and before it ended the run: the next one ends it and changes nothing.
    await harness.query(`update runs set status = 'running', phase = 'apply' where id = $1`, [id]);
    await engine.work(id, platform.open, new AbortController().signal);
    expect(platform.customerPages).toBe(5);
    expect((await harness.run(id)).counts.customers).toMatchObject({ created: 8, unchanged: 0 });
    expect(await harness.query(`select 1 from staged_customers`)).toEqual([]);
  });

  it('takes 20,000 customers in few statements', async () => {
    platform.customersPageSize = 1_000;
    for (let i = 1; i <= 20_000; i++) platform.addCustomer(`wm${i}`, [`p${(i % 3) + 1}`]);
    const statements = vi.spyOn(PostgresQueryRunner.prototype, 'query');
    try {
      expect((await sync()).counts.customers).toMatchObject({ created: 20_000 });
      expect((await sync()).counts.customers).toMatchObject({ unchanged: 20_000 });
      // A page costs a transaction of four statements, whatever is on it.
      expect(statements.mock.calls.length).toBeLessThan(2 * (20 * 6 + 100));
    } finally {
      statements.mockRestore();
    }
  });
});
