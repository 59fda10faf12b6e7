import { createTestDatabase } from '@trainbridge/persistence/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataSource } from '../src/data-source.js';

describe('createDataSource', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  beforeAll(async () => void (database = await createTestDatabase()));
  afterAll(() => database.drop());

  it('tells of an idle connection that the server ended, and of none after destroy', async () => {
    const told: string[] = [];
    const dataSource = createDataSource(database.url, {
      applicationName: 'idle',
      log: (level, message) => void told.push(`${level}: ${message}`),
    });
    await dataSource.initialize();
    await dataSource.query('select 1');
    await database.dataSource.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'idle'`,
    );
    await expect.poll(() => told).toEqual(['warn: a pooled database connection was lost']);
    await dataSource.destroy();
    const { poolErrorHandler } = dataSource.options as { poolErrorHandler?: (error: Error) => void };
    poolErrorHandler!(new Error('terminating connection due to administrator command'));
    expect(told).toHaveLength(1);
  });
});
