import { SecretUnreadableError } from '@trainbridge/connections';
import { DatabaseStartError, MoveDatabaseError } from '@trainbridge/persistence';

/** An error whose message was written for whoever runs the host: one line, no stack needed. */
export function isOperatorError(error: unknown): error is Error {
  return [DatabaseStartError, MoveDatabaseError, SecretUnreadableError].some((kind) => error instanceof kind);
}
