import type { OutgoingEvent } from '@trainbridge/persistence';

/** The `id` an event was sent in with: by a client, or, when it has a learner, with the admin token; null for events made here. */
export function sourceEventId({ clientId, data }: Pick<OutgoingEvent, 'clientId' | 'data'>): string | null {
  const wasSent = clientId !== null || data.learner !== undefined;
  return wasSent && typeof data.id === 'string' ? data.id : null;
}
