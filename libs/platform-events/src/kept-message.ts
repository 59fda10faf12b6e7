import type { JsonObject, PlatformEvent, RawCallback } from '@trainbridge/connector-kit';

type Redact = (text: string) => string;

/*
 * Some platforms prove themselves by sending the shared secret along in plain. Whoever may read events must not learn it,
 * so it is taken out before they are kept: of the message, and of what a connector made of it.
 */

/** A message without the secrets `redact` knows. Bytes that hold none stay as they came. */
export function keptMessage(raw: RawCallback, redact: Redact): RawCallback {
  const text = Buffer.from(raw.bodyBase64, 'base64').toString('utf8');
  const shown = redact(text);
  return {
    ...raw,
    queryString: redact(raw.queryString),
    headers: Object.fromEntries(Object.entries(raw.headers).map(([name, value]) => [name, redact(value)])),
    bodyBase64: shown === text ? raw.bodyBase64 : Buffer.from(shown).toString('base64'),
  };
}

/** Events whose `data` is without the secrets `redact` knows. */
export function keptEvents(events: readonly PlatformEvent[], redact: Redact): PlatformEvent[] {
  return events.map((event) => ({ ...event, data: withoutSecrets(event.data, redact) }));
}

function withoutSecrets(data: JsonObject, redact: Redact): JsonObject {
  return JSON.parse(JSON.stringify(data), (_key, value: unknown) =>
    typeof value === 'string' ? redact(value) : value,
  ) as JsonObject;
}
