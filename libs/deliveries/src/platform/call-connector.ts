import type { ConnectionContext } from '@trainbridge/connections';
import {
  isConnectorError,
  type ConnectorErrorData,
  type ItemOutcome,
  type ResultItem,
} from '@trainbridge/connector-kit';
import { untilAborted } from '@trainbridge/connector-runtime';
import type { PlatformBatch, PlatformDelivery } from './platform-queue.js';
import type { Recipient } from './recipients.js';
import { resultText } from './result-text.js';

/**
 * One call of a connector's `results.report`; answers outcomes by key, without the connection's secrets. Does not wait for a
 * connector that does not listen to its signal. Throws what the connector throws, or the signal's reason.
 */
export async function callConnector(
  { action, options }: PlatformBatch,
  items: readonly PlatformDelivery[],
  people: ReadonlyMap<string, Recipient>,
  connection: ConnectionContext,
): Promise<Map<string, ItemOutcome>> {
  const { connector, context } = connection;
  const { results } = connector;
  if (!results) throw new TypeError('the connector has no results');
  const { locale } = connection.connection.settings;
  const resultItems = items.map(({ deliveryId, subjectId, event }): ResultItem => {
    const { name, recipient } = people.get(subjectId)!;
    return { key: deliveryId, recipient, event, text: resultText(event, name, locale, options.text) };
  });
  const told: unknown = await untilAborted(context.signal, () =>
    results.report(context, { action, options, items: resultItems }),
  );
  if (!Array.isArray(told)) throw new TypeError('the connector answered no list');
  const outcomes = new Map<string, ItemOutcome>();
  for (const outcome of told as (ItemOutcome | null)[])
    if (typeof outcome?.key === 'string') outcomes.set(outcome.key, withoutSecrets(outcome, connection));
  return outcomes;
}

/**
 * Why a call failed as a whole, without the connection's secrets. What is not a ConnectorError is a fault of the connector,
 * and its text is not shown. A call that took too long may have been heard all the same.
 */
export function errorOf(thrown: unknown, connection: ConnectionContext): ConnectorErrorData {
  if (isConnectorError(thrown)) return redacted(thrown.data, connection);
  if (thrown instanceof Error && thrown.name === 'TimeoutError')
    return { code: 'unavailable', message: 'The connector did not come to an end.' };
  const name = thrown instanceof Error ? thrown.name : 'unknown error';
  return { code: 'internal', message: `the connector failed: ${name}` };
}

function withoutSecrets(outcome: ItemOutcome, connection: ConnectionContext): ItemOutcome {
  if (outcome.status !== 'failed') return outcome;
  const { error } = outcome as { error?: ConnectorErrorData };
  const told = error ?? { code: 'bad_response', message: 'The connector gave no reason.' };
  return { ...outcome, error: redacted(told, connection) };
}

function redacted(error: ConnectorErrorData, { redact }: ConnectionContext): ConnectorErrorData {
  const { message, vendorMessage } = error;
  return {
    ...error,
    message: redact(String(message)),
    ...(vendorMessage === undefined ? {} : { vendorMessage: redact(String(vendorMessage)) }),
  };
}
