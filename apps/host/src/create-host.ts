import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiHttpAdapter } from '@trainbridge/http-api';
import type { PersistenceLog } from '@trainbridge/persistence';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Logger as PinoLogger } from 'pino';
import { AppModule, type ResolvedSettings } from './app.module.js';
import { createPino, HostLogger } from './logging/host-logger.js';
import { keptSecret } from './settings/kept-secret.js';
import { secretKey } from './settings/parse.js';
import { SettingError } from './settings/setting-error.js';
import type { HostSettings } from './settings/settings.js';

export const ADMIN_TOKEN_FILE = 'admin-token';
export const SECRET_KEY_FILE = 'secret-key';

export interface RunningHost {
  /** Where it listens, such as `http://127.0.0.1:3000`. */
  url: string;
  adminToken: string;
  /** Ends jobs, requests and pools, then an embedded database; resolves when nothing is left. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Starts a whole host in this process: what `main` does, and what tests and tools use with `port: 0`.
 * @throws {SettingError} when a setting cannot be used in this place (a port that is taken, say).
 * @throws {DatabaseStartError | DatabaseNewerError} when the database cannot be used; nothing is left running.
 */
export async function createHost(
  settings: HostSettings,
  log: PinoLogger = createPino(settings.logLevel),
): Promise<RunningHost> {
  const logger = new HostLogger(log);
  const resolved = await resolveSecrets(settings);
  // Nest keeps everything the modules log between here and `create` until it knows this logger.
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(resolved, persistenceLog(log)),
    new ApiHttpAdapter({ trustProxy: settings.trustProxy }),
    { logger, abortOnError: false },
  );
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= app.close());
  try {
    await app.listen(settings.port, settings.host);
  } catch (error) {
    await close();
    throw listenError(error, settings);
  }
  const url = await listeningUrl(app, settings.host);
  announce(log, { url, publicUrl: settings.publicUrl });
  if (settings.adminToken === null) {
    new Logger('Host').log(`the admin token is kept in ${path.join(settings.dataDir, ADMIN_TOKEN_FILE)}`);
  }
  return { url, adminToken: resolved.adminToken, close };
}

/** Supervisors and tools wait for this line: it is written at every level but `silent`. */
function announce(log: PinoLogger, fields: { url: string; publicUrl: string | null }): void {
  if (log.level !== 'silent') log.child({}, { level: 'info' }).info(fields, 'listening');
}

async function resolveSecrets(settings: HostSettings): Promise<ResolvedSettings> {
  const { dataDir } = settings;
  const adminToken =
    settings.adminToken ??
    (await keptSecret(dataDir, ADMIN_TOKEN_FILE, () => randomBytes(32).toString('base64url')));
  const key =
    settings.secretKey ??
    secretKey(
      path.join(dataDir, SECRET_KEY_FILE),
      await keptSecret(dataDir, SECRET_KEY_FILE, () => randomBytes(32).toString('base64')),
    );
  return { ...settings, adminToken, secretKey: key };
}

async function listeningUrl(app: NestFastifyApplication, host: string): Promise<string> {
  const url = new URL(await app.getUrl());
  if (host !== '0.0.0.0' && host !== '::') url.hostname = host.includes(':') ? `[${host}]` : host;
  return url.origin;
}

function listenError(error: unknown, { port, host }: HostSettings): unknown {
  switch ((error as NodeJS.ErrnoException | null)?.code) {
    case 'EADDRINUSE':
      return new SettingError(
        'PORT',
        `${port} on ${host} is in use by another process; choose another, or 0 for any`,
      );
    case 'EACCES':
      return new SettingError('PORT', `${port} may not be opened by this user; choose one above 1023`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new SettingError('HOST', `${host} is not an address of this machine`);
    default:
      return error;
  }
}

function persistenceLog(log: PinoLogger): PersistenceLog {
  return (level, message, fields) => log[level]({ context: 'Persistence', ...fields }, message);
}
