import type { components, TrainbridgeClient } from '@trainbridge/api-client';
import type { Sandbox } from '@trainbridge/sandbox';
import { dataOf } from './expect-data.js';
import type { Journal } from './learning-senders.js';

type Delivery = components['schemas']['DeliveryDto'];

/** What became of everything the senders posted: their journal, the LMS and the host's own record held against each other. */
export interface DeliveryAudit {
  acknowledged: number;
  /** Acknowledged and never taken by the LMS. Has to be 0. */
  lost: string[];
  /** Taken by the LMS, but never posted. Has to be 0. */
  phantom: string[];
  /** Posted once and sent out as two different webhooks. Has to be 0. */
  twice: string[];
  /** Taken by the LMS more than once: sent again because the record of the first time was not written yet. */
  duplicates: number;
  /** Deliveries whose record contradicts the LMS's. Has to be 0. */
  contradictions: string[];
  /** Requests the LMS took and the host has no attempt on record for: those of killed processes. */
  unrecorded: number;
  /** Requests the LMS refused for their signature. Has to be 0. */
  badSignatures: number;
}

export async function auditDeliveries(
  sandbox: Sandbox,
  client: TrainbridgeClient,
  journal: Journal,
): Promise<DeliveryAudit> {
  const webhooksOf = new Map<string, Set<string>>();
  for (const { id, body } of sandbox.lms.received) {
    const event = (body as { data: { id: string } }).data.id;
    webhooksOf.set(event, (webhooksOf.get(event) ?? new Set()).add(id));
  }
  const contradictions: string[] = [];
  let recorded = 0;
  const deliveries = await allDeliveries(client);
  for (const delivery of deliveries) {
    recorded += delivery.attempts.filter(({ error }) => error === null).length;
    const problem = contradictionOf(delivery, sandbox.lms.ids.get(delivery.eventId) ?? 0);
    if (problem) contradictions.push(`${delivery.id}: ${problem}`);
  }
  if (new Set(deliveries.map(({ eventId }) => eventId)).size !== sandbox.lms.ids.size) {
    contradictions.push(
      `${deliveries.length} deliveries on record, ${sandbox.lms.ids.size} webhooks at the LMS`,
    );
  }
  return {
    acknowledged: journal.acknowledged.size,
    lost: [...journal.acknowledged].filter((id) => !webhooksOf.has(id)),
    phantom: [...webhooksOf.keys()].filter((id) => !journal.sent.has(id)),
    twice: [...webhooksOf].filter(([, ids]) => ids.size > 1).map(([id]) => id),
    duplicates: sandbox.lms.counts.duplicates,
    contradictions,
    unrecorded: sandbox.lms.counts.received - recorded,
    badSignatures: sandbox.lms.counts.rejected,
  };
}

/** Every lease sends at most once, so the LMS has seen it at most as often as the number of the last attempt says. */
function contradictionOf(delivery: Delivery, taken: number): string | null {
  const good = delivery.attempts.filter(({ error, response }) => error === null && response?.status === 200);
  const last = delivery.attempts.at(-1);
  if (delivery.status !== 'delivered') return `is ${delivery.status}, the LMS took it ${taken} times`;
  if (good.length === 0) return 'is delivered without a good attempt';
  if (good.length > taken) return `${good.length} good attempts, but the LMS took it ${taken} times`;
  if (taken > last!.number)
    return `the LMS took it ${taken} times, the last attempt is number ${last!.number}`;
  return null;
}

async function allDeliveries(client: TrainbridgeClient): Promise<Delivery[]> {
  const all: Delivery[] = [];
  for (let cursor: string | undefined; ;) {
    const page = dataOf(
      await client.GET('/api/v1/deliveries', { params: { query: { limit: 200, cursor } } }),
    );
    all.push(...page.data);
    if (page.nextCursor === null) return all;
    cursor = page.nextCursor;
  }
}
