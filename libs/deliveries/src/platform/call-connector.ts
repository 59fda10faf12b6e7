import type { ConnectionContext } from '@trainbridge/connections';
import type { ConnectorErrorData, ItemOutcome, ResultItem } from '@trainbridge/connector-kit';
import { redactedError, untilAborted } from '@trainbridge/connector-runtime';
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

function withoutSecrets(outcome: ItemOutcome, { redact }: ConnectionContext): ItemOutcome {
  if (outcome.status !== 'failed') return outcome;
  const { error } = outcome as { error?: ConnectorErrorData };
  const told = error ?? { code: 'bad_response', message: 'The connector gave no reason.' };
  return { ...outcome, error: redactedError(told, redact) };
}
