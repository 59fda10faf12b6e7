import { createDataSource, moveDatabase, openDatabase, runMigrations } from '@trainbridge/persistence';
import path from 'node:path';
import { SECRET_KEY_FILE } from '../create-host.js';
import { postgresUrl } from '../settings/parse.js';
import { SettingError } from '../settings/setting-error.js';
import type { HostSettings } from '../settings/settings.js';

/**
 * `move-database --to URL`: copies the embedded database into another PostgreSQL, which must be empty. The embedded one
 * is only read and stays as it is; no host may run on it meanwhile.
 */
export async function moveDatabaseCommand(
  settings: HostSettings,
  args: readonly string[],
  print: (line: string) => void,
): Promise<void> {
  const to = postgresUrl('--to', target(args));
  if (settings.databaseUrl !== null) {
    throw new SettingError(
      'DATABASE_URL',
      'must not be set: the embedded database under DATA_DIR is what is moved',
    );
  }
  const database = await openDatabase({ dataDir: settings.dataDir }, (_level, message) => print(message));
  try {
    const source = createDataSource(database.url, { poolSize: 1 });
    try {
      await source.initialize();
      await runMigrations(source);
    } finally {
      if (source.isInitialized) await source.destroy();
    }
    const { tables } = await moveDatabase({
      from: database.url,
      to,
      onProgress: ({ table, rows }) => print(`  ${table}: ${rows.toLocaleString('en')} rows`),
    });
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    print(`Moved ${rows.toLocaleString('en')} rows of ${tables.length} tables, and compared both sides.`);
    print('Start the host from now on with:');
    print('  DATABASE_URL=…            the address you gave as --to');
    if (settings.secretKey === null) {
      print(`  TRAINBRIDGE_SECRET_KEY=…  the content of ${path.join(settings.dataDir, SECRET_KEY_FILE)}`);
    }
  } finally {
    await database.stop();
  }
}

function target(args: readonly string[]): string {
  const [name, value, ...rest] = args.flatMap((arg) =>
    arg.startsWith('--to=') ? ['--to', arg.slice(5)] : [arg],
  );
  if (name !== '--to' || !value || rest.length > 0) {
    throw new SettingError('move-database', 'takes exactly --to postgres://user:password@host:5432/database');
  }
  return value;
}
