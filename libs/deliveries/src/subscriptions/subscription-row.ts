import type { Envelope } from '@trainbridge/connections';
import type { BreakerState } from '../engine/breaker.js';
import { DEFAULT_RETRY_SCHEDULE } from '../webhook/retry-schedule.js';
import type { SubscriptionDto } from './subscription.dto.js';

export interface SubscriptionRow {
  id: string;
  client_id: string | null;
  url: string;
  event_types: string[];
  connection_ids: string[] | null;
  retry_schedule: number[] | null;
  rate_limit: number | null;
  ordered: boolean;
  header_names: string[];
  secrets: Envelope;
  previous_secret_expires_at: Date | null;
  status: 'active' | 'disabled' | 'deleted';
  disabled_reason: string | null;
  revision: number;
  created_at: Date;
  updated_at: Date;
}

export function toSubscription(row: SubscriptionRow, breaker: BreakerState): SubscriptionDto {
  const previousExpires = row.previous_secret_expires_at;
  return {
    id: row.id,
    clientId: row.client_id,
    url: row.url,
    eventTypes: row.event_types,
    connectionIds: row.connection_ids,
    retrySchedule: row.retry_schedule ?? [...DEFAULT_RETRY_SCHEDULE],
    rateLimit: row.rate_limit,
    ordered: row.ordered,
    headers: Object.fromEntries(row.header_names.map((name) => [name, '***'])),
    status: row.status === 'active' ? 'active' : 'disabled',
    disabledReason: row.disabled_reason,
    breaker,
    previousSecretExpiresAt:
      previousExpires && previousExpires > new Date() ? previousExpires.toISOString() : null,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
