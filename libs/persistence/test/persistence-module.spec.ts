import { Global, Injectable, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { createTestDatabase } from '@trainbridge/persistence/testing';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatabaseHandle } from '../src/database-handle.js';
import { findPostmaster } from '../src/embedded/postmaster-file.js';
import { OutgoingEvents } from '../src/outgoing-events.js';
import { PersistenceModule } from '../src/persistence.module.js';

/** As every feature may: still writes while the application goes down. */
@Injectable()
class Drains implements OnApplicationShutdown, OnModuleInit {
  drained: unknown;

  constructor(
    readonly dataSource: DataSource,
    readonly events: OutgoingEvents,
    readonly database: DatabaseHandle,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.dataSource.query('select 1');
  }

  async onApplicationShutdown(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 20));
    this.drained = await this.dataSource.transaction((manager) =>
      this.events.publish(manager, [{ type: 'last', data: {} }]),
    );
  }
}

@Global()
@Module({ providers: [Drains] })
class Feature {}

describe('PersistenceModule', { timeout: 60_000 }, () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'trainbridge-module-'));
    chmodSync(dataDir, 0o711);
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  it('opens the embedded database, migrates it, and closes it after everybody else', async () => {
    const application = await Test.createTestingModule({
      imports: [PersistenceModule.forRoot({ dataDir, log: () => undefined }), Feature],
    }).compile();
    await application.init();
    const feature = application.get(Drains);
    expect(feature.database.embedded).toBe(true);
    expect(await feature.dataSource.query('select count(*)::int as n from outgoing_events')).toEqual([
      { n: 0 },
    ]);
    expect(findPostmaster(join(dataDir, 'postgres'))).not.toBeNull();
    await application.close();
    expect(feature.drained).toHaveLength(1);
    expect(feature.dataSource.isInitialized).toBe(false);
    expect(findPostmaster(join(dataDir, 'postgres'))).toBeNull();
  });

  it('uses a deployed database and leaves it running', async () => {
    const database = await createTestDatabase();
    try {
      const application = await Test.createTestingModule({
        imports: [PersistenceModule.forRoot({ url: database.url, log: () => undefined }), Feature],
      }).compile();
      await application.init();
      const feature = application.get(Drains);
      expect(feature.database.embedded).toBe(false);
      await application.close();
      expect(await database.dataSource.query('select type from outgoing_events')).toEqual([{ type: 'last' }]);
    } finally {
      await database.drop();
    }
  });

  it('says in one line, without the password, that it cannot connect', async () => {
    const url = 'postgres://someone:s3cret@127.0.0.1:1/nowhere';
    const compiling = Test.createTestingModule({
      imports: [PersistenceModule.forRoot({ url, log: () => undefined })],
    }).compile();
    const error = await compiling.catch((reason: Error) => reason);
    expect((error as Error).message).toMatch(
      /^cannot connect to the database at 127\.0\.0\.1:1: .*ECONNREFUSED.*$/,
    );
    expect((error as Error).message).not.toContain('s3cret');
  });

  it('leaves no server behind when the schema is of a newer version', async () => {
    const open = () =>
      Test.createTestingModule({
        imports: [PersistenceModule.forRoot({ dataDir, log: () => undefined })],
      }).compile();
    const application = await open();
    await application
      .get(DataSource)
      .query(`insert into migrations (timestamp, name) values (9000, 'Future0000000009000')`);
    await application.close();
    await expect(open()).rejects.toThrow(/newer version/);
    expect(findPostmaster(join(dataDir, 'postgres'))).toBeNull();
  });
});
