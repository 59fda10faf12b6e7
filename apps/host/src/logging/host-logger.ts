import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import type { LogLevel } from '../settings/settings.js';

/** Names of fields that are never written, wherever in a logged object they stand (three levels down). */
const SECRET_FIELDS = [
  'authorization',
  'Authorization',
  'cookie',
  'password',
  'secret',
  'secrets',
  'token',
  'adminToken',
  'clientSecret',
  'secretKey',
  'databaseUrl',
  'proxyUrl',
];

/** One JSON line per entry on `destination` (standard output by default). */
export function createPino(level: LogLevel, destination?: DestinationStream): PinoLogger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: SECRET_FIELDS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
      censor: '[redacted]',
    },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** What Nest tells about its own start: a page of lines nobody asked for. */
const FRAMEWORK = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
]);

/** Nest logs what it cannot start with and throws it as well; `main` tells it, in one line where that is enough. */
const START_FAILURES = new Set(['ExceptionHandler', 'NestApplication']);

/**
 * Nest's logger on pino. Nest hands over a message, any number of further things and the context last; a stack becomes
 * `stack`, objects are merged into the line.
 */
export class HostLogger implements LoggerService {
  constructor(private readonly pino: PinoLogger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  private write(
    level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace',
    message: unknown,
    rest: unknown[],
  ): void {
    const last = rest.at(-1);
    const silenced = level === 'info' ? FRAMEWORK : level === 'error' ? START_FAILURES : null;
    if (typeof last === 'string' && silenced?.has(last)) level = 'debug';
    if (!this.pino.isLevelEnabled(level)) return;
    const fields: Record<string, unknown> = {};
    if (typeof last === 'string') {
      fields.context = last;
      rest = rest.slice(0, -1);
    }
    for (const item of rest) {
      if (item instanceof Error) fields.stack = item.stack ?? item.message;
      else if (typeof item === 'string') fields.stack = item;
      else if (isRecord(item)) Object.assign(fields, item);
    }
    if (message instanceof Error) this.pino[level]({ ...fields, stack: message.stack }, message.message);
    else if (isRecord(message)) this.pino[level]({ ...fields, ...message });
    else this.pino[level](fields, String(message));
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
