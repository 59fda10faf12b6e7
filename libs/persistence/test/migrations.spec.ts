import { createTestDatabase } from '@trainbridge/persistence/testing';
import { describe, expect, it } from 'vitest';
import { createDataSource, runMigrations } from '../src/data-source.js';
import { MIGRATIONS } from '../src/migrations/index.js';

describe('runMigrations', () => {
  it('runs each migration once when several hosts start together', async () => {
    const database = await createTestDatabase();
    const hosts = [1, 2, 3].map(() => createDataSource(database.url, { poolSize: 1 }));
    try {
      await database.dataSource.query('drop schema public cascade');
      await database.dataSource.query('create schema public');
      await Promise.all(hosts.map((host) => host.initialize()));
      const applied = await Promise.all(hosts.map((host) => runMigrations(host)));
      expect(applied.flat().sort()).toEqual(MIGRATIONS.map((migration) => new migration().name!).sort());
      expect(await runMigrations(hosts[0]!)).toEqual([]);
    } finally {
      await Promise.all(hosts.map((host) => host.destroy()));
      await database.drop();
    }
  });

  it('refuses a database that a newer version made, in one line', async () => {
    const database = await createTestDatabase();
    try {
      await database.dataSource.query(
        `insert into migrations (timestamp, name) values (9000, 'Future0000000009000')`,
      );
      await expect(runMigrations(database.dataSource)).rejects.toThrow(
        /^.*newer version.*Future0000000009000.*$/,
      );
    } finally {
      await database.drop();
    }
  });
});
