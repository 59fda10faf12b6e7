import { createTestDatabase, type TestDatabase } from '@trainbridge/persistence/testing';
import { InProcessJobQueue } from '@trainbridge/jobs';
import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ExchangeEntry } from '../src/index.js';
import { ExchangeLog, MOST_WAITING } from '../src/exchanges/exchange-log.js';
import { ExchangeRetention } from '../src/exchanges/exchange-retention.js';

const entry = (change: Partial<ExchangeEntry> = {}): ExchangeEntry => ({
  connectionId: 'con_1',
  direction: 'outbound',
  method: 'GET',
  url: 'https://x.example.com/',
  status: 200,
  durationMs: 12.6,
  at: new Date().toISOString(),
  ...change,
});

describe('ExchangeLog', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.dataSource.query(
      `insert into connections (id, name, connector, config) values ('con_1', 'x', 'x', '{}')`,
    );
  });
  afterAll(() => database?.drop());
  beforeEach(() => database.dataSource.query('truncate exchanges'));

  const count = async (): Promise<number> =>
    (await database.dataSource.query('select count(*)::int as count from exchanges'))[0].count;

  it('stores by itself within a quarter of a second', async () => {
    const log = new ExchangeLog(database.dataSource);
    log.record(entry());
    expect(await count()).toBe(0);
    await vi.waitFor(async () => expect(await count()).toBe(1), { timeout: 1_000, interval: 25 });
  });

  it('stores a thousand in a few statements, also what PostgreSQL takes badly', async () => {
    const query = vi.spyOn(database.dataSource, 'query');
    const log = new ExchangeLog(database.dataSource);
    for (let n = 0; n < 1_000; n++)
      log.record(entry({ url: `https://x/\u0000${n}`, responseBody: '\ud800 half' }));
    await log.flush();
    expect(query.mock.calls.length).toBeLessThan(10);
    query.mockRestore();
    expect(await count()).toBe(1_000);
    const [row] = await database.dataSource.query('select * from exchanges limit 1');
    expect(row).toMatchObject({ duration_ms: 13, attempt: 1, response_body: '\uFFFD half' });
  });

  it('drops what belongs to a connection that is gone, and keeps the rest', async () => {
    const log = new ExchangeLog(database.dataSource);
    log.record(entry({ connectionId: 'con_gone' }));
    log.record(entry());
    await log.flush();
    expect(await count()).toBe(1);
  });

  it('never fails a caller and never grows without end while the database is away', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    let release: () => void = () => undefined;
    const stuck = { query: () => new Promise((_, reject) => (release = () => reject(new Error('away')))) };
    const log = new ExchangeLog(stuck as never);
    for (let n = 0; n < MOST_WAITING + 1_000; n++) log.record(entry());
    expect((log as unknown as { waiting: unknown[] }).waiting.length).toBeLessThanOrEqual(MOST_WAITING);
    (log as unknown as { waiting: unknown[] }).waiting = [];
    release();
    await log.flush();
    expect(warn.mock.calls.flat().join()).toMatch(/could not be stored: away/);
    warn.mockRestore();
  });

  it('forgets successes after a week and failures after a month', async () => {
    const log = new ExchangeLog(database.dataSource);
    const days = (n: number): string => new Date(Date.now() - n * 86_400_000).toISOString();
    log.record(entry({ at: days(8) }));
    log.record(entry({ at: days(6) }));
    log.record(entry({ at: days(8), errorCode: 'unavailable' }));
    log.record(entry({ at: days(31), errorCode: 'unavailable' }));
    await log.flush();
    await new ExchangeRetention(database.dataSource, new InProcessJobQueue()).sweep();
    expect(await count()).toBe(2);
  });
});
