import type { PlatformEventOutcome } from '@trainbridge/connections';
import { OutgoingEvents } from '@trainbridge/persistence';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CustomerSync } from '../../src/customers/customer-sync.js';
import { RunStore } from '../../src/runs/run-store.js';
import { EngineHarness } from '../engine-harness.js';
import { event } from '../events/event-harness.js';
import { CustomerPlatform } from './customer-platform.js';

describe('events about customers', () => {
  let harness: EngineHarness;
  let platform: CustomerPlatform;
  let published: string[];
  let con = '';
  let number = 0;
  beforeAll(async () => {
    harness = await EngineHarness.start();
  });
  afterAll(() => harness.database.drop());
  beforeEach(async () => {
    con = `con_${++number}`;
    published = [];
    platform = CustomerPlatform.withPeople(2);
    for (const id of ['wm1', 'wm2', 'wm3']) platform.addCustomer(id, ['p1']);
    await harness.sync(con, platform);
    platform.asked = [];
  });

  async function receive(...events: Parameters<CustomerSync['handle']>[1]): Promise<PlatformEventOutcome[]> {
    const outgoing = new OutgoingEvents();
    outgoing.onPublished(async (_manager, all) => void published.push(...all.map(({ type }) => type)));
    const sync = new CustomerSync({
      dataSource: harness.dataSource,
      store: new RunStore(harness.dataSource, outgoing),
      open: platform.open,
    });
    const outcomes = await sync.handle(con, events, new AbortController().signal);
    return events.map(({ id }) => outcomes.get(id)!);
  }
  const feed = () =>
    harness.query<{ type: string; external_id: string; cause: { runId: string; eventIds: string[] } }>(
      `select type, after->>'externalId' as external_id, cause from directory_changes
       where connection_id = $1 and type like 'customer.%' order by sequence offset 3`,
      [con],
    );

  it('reads each customer again once, in batches, and writes what changed as a run of its own', async () => {
    platform.rows[0]!.displayName = 'renamed';
    platform.addCustomer('wm4', ['p2']);
    const events = [
      event('customer.changed', 'wm1'),
      event('customer.changed', ['wm1', 'wm2']),
      event('customer.changed', 'wm4'),
    ];
    const outcomes = await receive(...events);
    expect(platform.asked).toEqual([['wm1', 'wm2', 'wm4']]);
    const changes = await feed();
    expect(changes.map(({ type, external_id }) => `${type} ${external_id}`)).toEqual([
      'customer.created wm4',
      'customer.updated wm1',
    ]);
    const { runId, eventIds } = changes[0]!.cause;
    expect(eventIds).toEqual(events.map(({ id }) => id));
    expect(outcomes[0]).toEqual({ status: 'applied', detail: `read again by run ${runId}` });
    expect(await harness.run(runId)).toMatchObject({
      mode: 'events', status: 'success', counts: { customers: { created: 1, updated: 1, unchanged: 1 } },
    }); // prettier-ignore
    // Whoever holds learning events for a customer looks again.
    expect(published).toEqual(['run.finished']);
    expect(await harness.query(`select 1 from staged_customers`)).toEqual([]);
  });

  it('leaves no run when nothing changed', async () => {
    const [outcome] = await receive(event('customer.changed', 'wm1'));
    expect(outcome).toEqual({ status: 'applied', detail: 'read again; nothing new' });
    expect(published).toEqual([]);
    expect(await feed()).toEqual([]);
  });

  it('removes only on proof, or on the word of the platform and no trace of them', async () => {
    platform.drop('wm1');
    platform.answers.set('wm2', 'unknown').set('wm3', 'notVisible');
    const outcomes = await receive(
      event('customer.changed', 'wm1'),
      event('customer.changed', 'wm2'),
      event('customer.removed', 'wm3'),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'ignored', 'ignored']);
    expect((await feed()).map(({ external_id }) => external_id)).toEqual(['wm1']);
    const [left] = await receive(event('customer.removed', 'wm2', { at: 5 }));
    expect(left).toMatchObject({ status: 'applied', detail: expect.stringMatching(/^removed by run run_/) });
    expect((await feed()).map(({ type, external_id }) => `${type} ${external_id}`)).toEqual([
      'customer.removed wm1',
      'customer.removed wm2',
    ]);
  });

  it('keeps whom another owner still has, and whom a later event shows again', async () => {
    platform.answers.set('wm2', 'unknown');
    const outcomes = await receive(
      event('customer.removed', 'wm1'),
      event('customer.removed', 'wm2', { at: 1 }),
      event('customer.changed', 'wm2', { at: 2 }),
    );
    expect(outcomes[0]).toEqual({ status: 'applied', detail: 'is still there, so kept; nothing new' });
    expect(outcomes[1]!.status).toBe('ignored');
    expect(await feed()).toEqual([]);
  });

  it('fails what cannot be read, finally when reading again would not help', async () => {
    platform.rows[0]!.tags = 'x' as never;
    const get = platform.customers.get.bind(platform.customers);
    platform.customers.get = async (context, input) => {
      if (input.externalIds.includes('wm2')) throw new Error('boom');
      return get(context, input);
    };
    const outcomes = await receive(
      event('customer.changed', 'wm1'),
      event('customer.changed', 'wm2'),
      event('customer.changed', ''),
    );
    expect(outcomes).toMatchObject([
      { status: 'failed', final: true, error: { code: 'bad_response' } },
      { status: 'failed', error: { code: 'internal' } },
      { status: 'ignored', detail: 'names nobody' },
    ]);
  });

  it('waits while a run has the connection', async () => {
    const runner = harness.dataSource.createQueryRunner();
    await runner.query(`select pg_advisory_lock(hashtextextended($1, 7262100462))`, [con]);
    try {
      expect(await receive(event('customer.changed', 'wm1'))).toEqual([{ status: 'later', afterMs: 2_000 }]);
    } finally {
      await runner.query(`select pg_advisory_unlock(hashtextextended($1, 7262100462))`, [con]);
      await runner.release();
    }
  });
});
