import { Inject, Logger, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource, EntityManager } from 'typeorm';
import { createDataSource, runMigrations, type CreateDataSourceOptions } from './data-source.js';
import { DatabaseStartError } from './database-start-error.js';
import { DatabaseHandle } from './database-handle.js';
import type { PersistenceLog } from './log.js';
import { openDatabase, type DatabaseLocation } from './open-database.js';
import { OutgoingEvents } from './outgoing-events.js';

export type PersistenceOptions = DatabaseLocation & Omit<CreateDataSourceOptions, 'applicationName'>;

/**
 * Opens the database, brings its schema up to date and provides DataSource, EntityManager, OutgoingEvents and
 * DatabaseHandle to every module. Pools close, and an embedded server stops, in `onApplicationShutdown`: after the HTTP
 * server and every module that drains.
 */
@Module({})
export class PersistenceModule implements OnApplicationShutdown {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(DatabaseHandle) private readonly database: DatabaseHandle,
  ) {}

  static forRoot(options: PersistenceOptions): DynamicModule {
    const log = options.log ?? nestLog;
    return {
      module: PersistenceModule,
      global: true,
      providers: [
        { provide: DatabaseHandle, useFactory: () => openDatabase(options, log) },
        {
          provide: DataSource,
          inject: [DatabaseHandle],
          useFactory: (database: DatabaseHandle) => connect(database, { ...options, log }),
        },
        {
          provide: EntityManager,
          inject: [DataSource],
          useFactory: (dataSource: DataSource) => dataSource.manager,
        },
        OutgoingEvents,
      ],
      exports: [DatabaseHandle, DataSource, EntityManager, OutgoingEvents],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
    await this.database.stop();
  }
}

async function connect(database: DatabaseHandle, options: CreateDataSourceOptions): Promise<DataSource> {
  const dataSource = createDataSource(database.url, options);
  try {
    await dataSource.initialize().catch((cause: Error) => {
      throw new DatabaseStartError(
        `cannot connect to the database at ${new URL(database.url).host}: ${reason(cause)}`,
        { cause },
      );
    });
    await checkServer(dataSource);
    const applied = await runMigrations(dataSource);
    if (applied.length > 0) options.log?.('info', 'database schema brought up to date', { applied });
    return dataSource;
  } catch (error) {
    // Nest gives up on the application and calls no hook: nothing may stay behind.
    if (dataSource.isInitialized) await dataSource.destroy();
    await database.stop();
    throw error;
  }
}

/** Refusals of several addresses come as one error without a message of its own. */
function reason(error: Error): string {
  return error instanceof AggregateError && !error.message
    ? (error.errors as Error[]).map(reason).join(', ')
    : error.message;
}

async function checkServer(dataSource: DataSource): Promise<void> {
  const [server] = await dataSource.query<{ version: number; encoding: string }[]>(
    `select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding`,
  );
  const { version, encoding } = server!;
  if (version < 150_000) {
    throw new DatabaseStartError(
      `the database is PostgreSQL ${Math.floor(version / 10_000)}; Trainbridge needs 15 or later`,
    );
  }
  if (encoding !== 'UTF8')
    throw new DatabaseStartError(`the database's encoding is ${encoding}; Trainbridge needs UTF8`);
}

const nestLog: PersistenceLog = (level, message, fields) => {
  const logger = new Logger('Persistence');
  const line = fields === undefined ? message : `${message} ${JSON.stringify(fields)}`;
  if (level === 'info') logger.log(line);
  else logger[level](line);
};
