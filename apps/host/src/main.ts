import { setFlagsFromString } from 'node:v8';
import { createPino } from './logging/host-logger.js';
import { SettingError } from './settings/setting-error.js';
import { readSettings, type HostSettings } from './settings/settings.js';

process.env.NODE_ENV ||= 'production';

/*
 * On a machine with much memory V8 lets garbage grow to four times what lives before it looks. A first sync of 100,000
 * people then peaks at 650 MiB instead of 380, at the same speed (measured, `npm run bench`).
 */
setFlagsFromString('--heap-growing-percent=30');

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
  // Loaded now and not above: a bad setting is told in a tenth of a second.
  const starting = import('./create-host.js').then(({ createHost }) => createHost(settings, log));
  let stoppingSince: number | null = null;
  const stop = async (reason: string, exitCode: number): Promise<void> => {
    if (stoppingSince !== null) {
      // One Ctrl-C arrives twice when npm stands between: from the terminal and from npm.
      if (Date.now() - stoppingSince < 1_000) return;
      log.warn({ reason }, 'stopping at once');
      process.exit(1);
    }
    stoppingSince = Date.now();
    log.info({ reason }, 'stopping');
    setTimeout(() => {
      log.error('stopping took too long');
      process.exit(1);
    }, SHUTDOWN_TIMEOUT_MS).unref();
    try {
      await (await starting).close();
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
  await starting;
}

/** What the operator can mend is told in one line; everything else with its stack. */
async function fail(error: unknown): Promise<void> {
  const line = error instanceof SettingError ? error.message : await operatorLine(error);
  console.error(line ?? (error instanceof Error ? error.stack : String(error)));
  process.exit(1);
}

async function operatorLine(error: unknown): Promise<string | null> {
  const { isOperatorError } = await import('./operator-error.js');
  return isOperatorError(error) ? error.message : null;
}

main(process.argv.slice(2)).catch(fail);
