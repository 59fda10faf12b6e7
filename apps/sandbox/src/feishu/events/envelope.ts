import { randomUUID } from 'node:crypto';
import type { FeishuWorld } from '../world.js';

/** Something to tell, before it is wrapped. */
export interface PlainEvent {
  /** `contact.user.created_v3`, `approval_instance`… */
  type: string;
  /** Whom or what it is about, for logs. */
  about: string;
  /** Generation of the envelope: contact events and all newer ones are of the second. */
  version: 1 | 2;
  event: Record<string, unknown>;
  /** Events of one key arrive in order: a later one waits until the earlier is accepted. */
  orderKey?: string;
}

/** Wraps an event. The id stays the same however often it is delivered. */
export function envelopeOf(
  plain: PlainEvent,
  world: Pick<FeishuWorld, 'appId' | 'tenantKey' | 'facts' | 'now'>,
  token: string,
): { id: string; envelope: Record<string, unknown> } {
  const id = randomUUID().replaceAll('-', '');
  const at = world.now();
  const { appId: app_id, tenantKey: tenant_key } = world;
  if (plain.version === 1) {
    const event = { ...plain.event, type: plain.type, app_id, tenant_key };
    return { id, envelope: { ts: (at / 1000).toFixed(6), uuid: id, token, type: 'event_callback', event } };
  }
  const create_time = world.facts.createTimeDigits === 13 ? String(at) : `${at}000`;
  const header = { event_id: id, event_type: plain.type, create_time, token, app_id, tenant_key };
  return { id, envelope: { schema: '2.0', header, event: plain.event } };
}
