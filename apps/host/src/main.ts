import type { RunningHost } from './create-host.js';
import { createPino } from './logging/host-logger.js';
import { SettingError } from './settings/setting-error.js';
import { readSettings, type HostSettings } from './settings/settings.js';

process.env.NODE_ENV ??= 'production';

/** In-flight requests and jobs get this long; a supervisor's own patience is usually 10 to 30 seconds. */
const SHUTDOWN_TIMEOUT_MS = 25_000;

const USAGE = `usage: main.js                           start the host; settings come from the environment
       main.js move-database --to URL    copy the embedded database into another PostgreSQL`;

async function main([command, ...args]: string[]): Promise<void> {
  if (command === '--help' || command === '-h') return void console.log(USAGE);
  const settings = readSettings(process.env);
  if (command === undefined) return serve(settings);
  if (command === 'move-database') {
    const { moveDatabaseCommand } = await import('./commands/move-database.js');
    return moveDatabaseCommand(settings, args, console.log);
  }
  console.error(`unknown command ${command}\n${USAGE}`);
  process.exitCode = 2;
}

async function serve(settings: HostSettings): Promise<void> {
  const log = createPino(settings.logLevel);
  let starting: Promise<RunningHost> | undefined;
  let stopping = false;
  const stop = async (reason: string, exitCode: number): Promise<void> => {
    if (stopping) {
      log.warn({ reason }, 'stopping at once');
      process.exit(1);
    }
    stopping = true;
    log.info({ reason }, 'stopping');
    setTimeout(() => {
      log.error('stopping took too long');
      process.exit(1);
    }, SHUTDOWN_TIMEOUT_MS).unref();
    try {
      await (await starting)?.close();
    } catch (error) {
      log.error({ stack: error instanceof Error ? error.stack : String(error) }, 'stopping failed');
      exitCode = 1;
    }
    log.info('stopped');
    log.flush();
    process.exit(exitCode);
  };
  process.on('SIGTERM', () => void stop('SIGTERM', 0));
  process.on('SIGINT', () => void stop('SIGINT', 0));
  process.on('uncaughtException', (error) => {
    log.fatal({ stack: error.stack }, 'uncaught error');
    void stop('uncaught error', 1);
  });
  // Loaded now and not above: a bad setting is told in a tenth of a second.
  starting = import('./create-host.js').then(({ createHost }) => createHost(settings, log));
  await starting;
}

/** What the operator can mend is told in one line; everything else with its stack. */
async function fail(error: unknown): Promise<void> {
  const line = await operatorLine(error);
  console.error(line ?? (error instanceof Error ? error.stack : String(error)));
  process.exit(1);
}

async function operatorLine(error: unknown): Promise<string | null> {
  if (error instanceof SettingError) return error.message;
  const { DatabaseStartError, MoveDatabaseError } = await import('@trainbridge/persistence');
  const { SecretUnreadableError } = await import('@trainbridge/connections');
  const known = [DatabaseStartError, MoveDatabaseError, SecretUnreadableError].some(
    (kind) => error instanceof kind,
  );
  return known ? (error as Error).message : null;
}

main(process.argv.slice(2)).catch(fail);
