import { DataSource, MigrationExecutor, type DataSourceOptions } from 'typeorm';
import { DatabaseStartError } from './database-start-error.js';
import { silentLog, type PersistenceLog } from './log.js';
import { MIGRATIONS } from './migrations/index.js';

export interface CreateDataSourceOptions {
  /** Most connections the pool opens. Default 10. */
  poolSize?: number;
  /** Entity classes of the features that use repositories. Tables come from migrations, never from these. */
  entities?: Extract<DataSourceOptions['entities'], unknown[]>;
  /** Shown in pg_stat_activity. Default `trainbridge`. */
  applicationName?: string;
  /** Default: all of `MIGRATIONS`. */
  migrations?: typeof MIGRATIONS;
  log?: PersistenceLog;
}

/** A DataSource over a pg pool; not connected yet (`initialize()`). Its tables come from `runMigrations` alone. */
export function createDataSource(url: string, options: CreateDataSourceOptions = {}): DataSource {
  const log = options.log ?? silentLog;
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    applicationName: options.applicationName ?? 'trainbridge',
    poolSize: options.poolSize ?? 10,
    connectTimeoutMS: 10_000,
    // Without a listener an idle connection ended by the server would end the process.
    poolErrorHandler: (error: Error) => {
      // After `destroy` the server may be quicker to end a connection than we are: nothing was lost.
      if (dataSource.isInitialized)
        log('warn', 'a pooled database connection was lost', { reason: error.message });
    },
    extra: { keepAlive: true },
    installExtensions: false,
    synchronize: false,
    migrationsRun: false,
    migrations: options.migrations ?? MIGRATIONS,
    migrationsTableName: 'migrations',
    entities: options.entities ?? [],
  });
  return dataSource;
}

/** Any constant will do; it only has to be the same in every version. */
const MIGRATION_LOCK = 7_262_100_451;

/** The database holds migrations this code does not have. `message` is one line for the operator. */
export class DatabaseNewerError extends DatabaseStartError {
  constructor(unknownMigrations: string[]) {
    super(
      `the database was made by a newer version of Trainbridge (it holds ${unknownMigrations.join(', ')}); start that version or a later one`,
    );
  }
}

/**
 * Brings the schema up to this code's version, all or nothing, and answers the names of what was run. Hosts that
 * start together take turns behind an advisory lock.
 * @throws {DatabaseNewerError} when the database is ahead of the code; nothing is changed.
 */
export async function runMigrations(dataSource: DataSource): Promise<string[]> {
  const queryRunner = dataSource.createQueryRunner();
  try {
    await queryRunner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      const executor = new MigrationExecutor(dataSource, queryRunner);
      const known = new Set(dataSource.migrations.map((migration) => migration.name));
      const executed = (await executor.getExecutedMigrations()).map((migration) => migration.name);
      const unknown = executed.filter((name) => !known.has(name));
      if (unknown.length > 0) throw new DatabaseNewerError(unknown);
      return (await executor.executePendingMigrations()).map((migration) => migration.name);
    } finally {
      await queryRunner.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  } finally {
    await queryRunner.release();
  }
}
