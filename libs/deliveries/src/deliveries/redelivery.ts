import { Injectable } from '@nestjs/common';
import { AuditLog, type Caller } from '@trainbridge/access';
import { ProblemError } from '@trainbridge/http-api';
import { newId } from '@trainbridge/persistence';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource, type EntityManager } from 'typeorm';
import { CommitWatch } from '../commit-watch.js';
import { DeliverySender } from '../delivery-sender.js';
import { PlatformRedelivery } from '../platform/platform-redelivery.js';
import { Subscriptions } from '../subscriptions/subscriptions.js';
import type { DeliveryDetailDto, DeliveryStatus } from './delivery.dto.js';
import { DeliveryReader } from './delivery-reader.js';

/** How long a test waits for the receiver before it answers with what is known so far. */
const TEST_WAIT_MS = 16_000;

/** Sending again by hand, and sending a test. All of it goes through the same queue and engine as everything else. */
@Injectable()
export class Redelivery {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditLog,
    private readonly reader: DeliveryReader,
    private readonly subscriptions: Subscriptions,
    private readonly sender: DeliverySender,
    private readonly commits: CommitWatch,
    private readonly platforms: PlatformRedelivery,
  ) {}

  /**
   * Sends one delivery now. It takes the place of the automatic retry that was pending; one that was finished begins a new
   * round of retries. @throws {ProblemError} 404; 409 while it is being sent, was canceled, or the subscription is disabled. To a platform:
   * as `PlatformRedelivery.retry`.
   */
  async retry(id: string, caller: Caller): Promise<DeliveryDetailDto> {
    const delivery = await this.reader.require(id, caller.actor);
    const { subscriptionId, connectionId } = delivery;
    if (subscriptionId === null) {
      await this.platforms.retry(id, connectionId!, caller);
      return this.reader.require(id, caller.actor);
    }
    await this.assertActive(subscriptionId, caller);
    await this.dataSource.transaction(async (manager) => {
      // Serializes two retries of one delivery; the queue row itself is fenced by its lease.
      await manager.query('select 1 from deliveries where id = $1 for update', [id]);
      const { length: hurried } = await returned(
        manager,
        `update delivery_queue set due_at = now(), leased_until = null
         where delivery_id = $1 and (leased_until is null or leased_until <= now()) returning delivery_id as id`,
        [id],
      );
      if (hurried === 0) await this.beginAgain(manager, id);
      await this.audit.record(manager, {
        ...caller,
        action: 'delivery.retried',
        subject: { type: 'delivery', id },
      });
      this.commits.afterCommit(manager, () => this.sender.probeNow(subscriptionId));
    });
    return this.reader.require(id, caller.actor);
  }

  /** Dead deliveries of a subscription that were made since then begin a new round of retries. @throws {ProblemError} 404, 409 */
  async recover(subscriptionId: string, since: string, caller: Caller): Promise<number> {
    await this.assertActive(subscriptionId, caller);
    return this.dataSource.transaction(async (manager) => {
      const recovered = await requeue(
        manager,
        `d.subscription_id = $1 and d.ended = 'dead' and d.created_at >= $2`,
        [subscriptionId, since],
      );
      await this.audit.record(manager, {
        ...caller,
        action: 'subscription.recovered',
        subject: { type: 'subscription', id: subscriptionId },
        after: { since, recovered },
      });
      this.commits.afterCommit(manager, () => this.sender.probeNow(subscriptionId));
      return recovered;
    });
  }

  /** Sends a `ping` to this subscription alone and waits for what the receiver says. Never retried. @throws {ProblemError} 404, 409 */
  async test(subscriptionId: string, caller: Caller): Promise<DeliveryDetailDto> {
    await this.assertActive(subscriptionId, caller);
    const id = newId('dlv');
    await this.dataSource.transaction(async (manager) => {
      const eventId = newId('evt');
      await manager.query(
        `insert into outgoing_events (id, type, client_id, data, occurred_at) values ($1, 'ping', $2, $3::jsonb, now())`,
        [
          eventId,
          caller.actor.clientId,
          JSON.stringify({ subscriptionId, message: 'A test: nothing happened.' }),
        ],
      );
      await manager.query(
        `insert into deliveries (id, outgoing_event_id, subscription_id) values ($1, $2, $3)`,
        [id, eventId, subscriptionId],
      );
      // Due before everything that waits: whoever tests does not want to stand in line.
      await manager.query(
        `insert into delivery_queue (delivery_id, subscription_id, outgoing_event_id, due_at)
         values ($1, $2, $3, now() - interval '10 years')`,
        [id, subscriptionId, eventId],
      );
      this.commits.afterCommit(manager, () => this.sender.probeNow(subscriptionId));
    });
    return this.untilFinished(id, caller);
  }

  private async untilFinished(id: string, caller: Caller): Promise<DeliveryDetailDto> {
    const finished: DeliveryStatus[] = ['delivered', 'dead', 'canceled'];
    const end = performance.now() + TEST_WAIT_MS;
    for (let pauseMs = 10; ; pauseMs = Math.min(pauseMs * 2, 250)) {
      const delivery = await this.reader.require(id, caller.actor);
      if (finished.includes(delivery.status) || performance.now() > end) return delivery;
      await sleep(pauseMs);
    }
  }

  private async beginAgain(manager: EntityManager, id: string): Promise<void> {
    const begun = await requeue(manager, `d.id = $1 and d.ended is distinct from 'canceled'`, [id]);
    if (begun === 1) return;
    throw new ProblemError('conflict', {
      detail: {
        en: 'It is being sent at this moment, or was canceled with its subscription.',
        'zh-CN': '该投递正在发送，或已随订阅一起取消。',
      },
    });
  }

  private async assertActive(subscriptionId: string, caller: Caller): Promise<void> {
    const { status } = await this.subscriptions.require(subscriptionId, caller.actor);
    if (status === 'active') return;
    throw new ProblemError('conflict', {
      detail: {
        en: 'The subscription is disabled. Enable it first (PATCH with `status: active`).',
        'zh-CN': '该订阅已停用，请先启用（PATCH，`status: active`）。',
      },
    });
  }
}

/** Puts finished deliveries back into the queue; their lease numbers go on, so that late results of old leases are told apart. */
async function requeue(manager: EntityManager, condition: string, parameters: unknown[]): Promise<number> {
  const [row] = await manager.query<{ count: number }[]>(
    `with again as (
       update deliveries d set ended = null
       where ${condition} and not exists (select 1 from delivery_queue q where q.delivery_id = d.id)
       returning d.id, d.subscription_id, d.outgoing_event_id, d.connection_id),
     queued as (
       insert into delivery_queue (delivery_id, subscription_id, outgoing_event_id, connection_id, order_key, due_at, lease_no)
       select a.id, a.subscription_id, a.outgoing_event_id, a.connection_id,
         case when s.ordered then coalesce(e.subject_id, e.data ->> 'learner', 'null') end, now(),
         coalesce((select max(t.attempt_no) from delivery_attempts t where t.delivery_id = a.id), 0)
       from again a
       join subscriptions s on s.id = a.subscription_id
       join outgoing_events e on e.id = a.outgoing_event_id
       order by a.id
       on conflict do nothing
       returning 1)
     select count(*)::int as count from queued`,
    parameters,
  );
  return row?.count ?? 0;
}

async function returned(
  manager: EntityManager,
  sql: string,
  parameters: unknown[],
): Promise<{ id: string }[]> {
  const [rows] = await manager.query<[{ id: string }[], number]>(sql, parameters);
  return rows;
}
