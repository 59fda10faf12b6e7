/** What a webhook's body is made of. `data` is JSON text as PostgreSQL prints it: the same bytes on every attempt. */
export interface WebhookContent {
  id: string;
  type: string;
  /** ISO 8601, UTC: when it happened. */
  timestamp: string;
  data: string;
}

/** The body `{id, type, timestamp, data}`. Spliced, not parsed: it costs nothing per attempt and never changes between them. */
export function webhookBody({ id, type, timestamp, data }: WebhookContent): string {
  return `{"id":${JSON.stringify(id)},"type":${JSON.stringify(type)},"timestamp":"${timestamp}","data":${data}}`;
}
