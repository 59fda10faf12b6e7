import { createTestDatabase, type TestDatabase } from '@trainbridge/persistence/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../src/id.js';
import { OutgoingEvents, type OutgoingEvent } from '../src/outgoing-events.js';

describe('OutgoingEvents', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await createTestDatabase()));
  afterAll(() => database.drop());

  const stored = (): Promise<Record<string, unknown>[]> =>
    database.dataSource.query('select * from outgoing_events order by id');

  it('records events and tells listeners inside the same transaction', async () => {
    const events = new OutgoingEvents();
    const seen: OutgoingEvent[] = [];
    let rowsSeenByListener = 0;
    const stop = events.onPublished(async (manager, published) => {
      seen.push(...published);
      const [row] = await manager.query<{ n: number }[]>('select count(*)::int as n from outgoing_events');
      rowsSeenByListener = row!.n;
    });
    const published = await database.dataSource.transaction((manager) =>
      events.publish(manager, [
        {
          id: newId('lev'),
          type: 'course.completed',
          clientId: 'cli_1',
          data: { name: '王小明', quote: '\'"\\' },
        },
        {
          type: 'user.created',
          connectionId: 'con_1',
          subjectId: 'usr_1',
          data: {},
          occurredAt: '2026-01-02T03:04:05+08:00',
        },
      ]),
    );
    expect(seen).toEqual(published);
    expect(rowsSeenByListener).toBe(2);
    expect(published[1]).toMatchObject({
      id: expect.stringMatching(/^evt_/),
      clientId: null,
      occurredAt: '2026-01-01T19:04:05.000Z',
    });
    expect(await stored()).toMatchObject(
      [...published]
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .map((event) => ({
          id: event.id,
          type: event.type,
          client_id: event.clientId,
          data: event.data,
          occurred_at: new Date(event.occurredAt),
        })),
    );
    stop();
    await database.dataSource.transaction((manager) => events.publish(manager, [{ type: 'x', data: {} }]));
    expect(seen).toHaveLength(2);
  });

  it('undoes everything when a listener fails', async () => {
    const before = (await stored()).length;
    const events = new OutgoingEvents();
    events.onPublished(async () => {
      throw new Error('no room');
    });
    const publishing = database.dataSource.transaction((manager) =>
      events.publish(manager, [{ type: 'x', data: {} }]),
    );
    await expect(publishing).rejects.toThrow('no room');
    expect(await stored()).toHaveLength(before);
  });
});

describe('ids', () => {
  it('have the same form in SQL and JS, and sort by time', async () => {
    const database = await createTestDatabase();
    try {
      const before = newId('usr');
      await new Promise((resolve) => setTimeout(resolve, 5));
      const [row] = await database.dataSource.query<{ id: string; distinct: number }[]>(
        `select tb_id('usr') as id, (select count(distinct tb_id('usr'))::int from generate_series(1, 5000)) as distinct`,
      );
      await new Promise((resolve) => setTimeout(resolve, 5));
      const after = newId('usr');
      for (const id of [before, row!.id, after]) expect(id).toMatch(/^usr_[0-9a-f]{28}$/);
      expect([after, row!.id, before].sort()).toEqual([before, row!.id, after]);
      expect(row!.distinct).toBe(5000);
    } finally {
      await database.drop();
    }
  });
});
