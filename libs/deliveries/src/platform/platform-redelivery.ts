import { Injectable } from '@nestjs/common';
import { assertConnectionAllowed, AuditLog, type Caller } from '@trainbridge/access';
import { Connections } from '@trainbridge/connections';
import { ProblemError } from '@trainbridge/http-api';
import { affected, rows } from '@trainbridge/persistence';
import { DataSource, type EntityManager } from 'typeorm';
import { CommitWatch } from '../commit-watch.js';
import { lotOf } from './platform-deliveries.js';
import { PlatformSender } from './platform-sender.js';

/** Telling a platform again by hand: the same deliveries through the same queue. */
@Injectable()
export class PlatformRedelivery {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditLog,
    private readonly connections: Connections,
    private readonly sender: PlatformSender,
    private readonly commits: CommitWatch,
  ) {}

  /**
   * Sends a delivery now. One that waits for its turn is hurried, with the batch it belongs to; one that was finished begins
   * a new round of retries. @throws {ProblemError} 404 without its connection; 409 while it is being sent, or was canceled.
   */
  async retry(id: string, connectionId: string, caller: Caller): Promise<void> {
    await this.connections.require(connectionId);
    await this.dataSource.transaction(async (manager) => {
      // Serializes two retries of one delivery; the queue row itself is fenced by its lease.
      await manager.query('select 1 from deliveries where id = $1 for update', [id]);
      const hurried = await affected(
        manager,
        `update platform_delivery_queue q set due_at = now(), leased_until = null
         where (q.leased_until is null or q.leased_until <= now()) and (q.delivery_id = $1
           or q.batch_id = (select batch_id from platform_delivery_queue where delivery_id = $1))`,
        [id],
      );
      if (
        hurried === 0 &&
        (await this.requeue(manager, `d.id = $1 and d.ended is distinct from 'canceled'`, [id])) === 0
      ) {
        throw new ProblemError('conflict', {
          detail: {
            en: 'It is being sent at this moment, or was canceled with its connection.',
            'zh-CN': '该投递正在发送，或已随连接一起取消。',
          },
        });
      }
      await this.audit.record(manager, {
        ...caller,
        action: 'delivery.retried',
        subject: { type: 'delivery', id },
      });
      this.commits.afterCommit(manager, () => this.sender.probeNow(connectionId));
    });
  }

  /**
   * Dead deliveries to a connection's platform that were made since then begin a new round of retries; answers how many.
   * @throws {ProblemError} 404
   */
  async recover(connectionId: string, since: string, caller: Caller): Promise<number> {
    assertConnectionAllowed(caller.actor, connectionId);
    await this.connections.require(connectionId);
    return this.dataSource.transaction(async (manager) => {
      const recovered = await this.requeue(
        manager,
        `d.connection_id = $1 and d.subscription_id is null and d.ended = 'dead' and d.created_at >= $2`,
        [connectionId, since],
      );
      await this.audit.record(manager, {
        ...caller,
        action: 'connection.deliveries_recovered',
        subject: { type: 'connection', id: connectionId },
        after: { since, recovered },
      });
      this.commits.afterCommit(manager, () => this.sender.probeNow(connectionId));
      return recovered;
    });
  }

  /** Puts finished deliveries back; their lease numbers go on, so that late results of old leases are told apart. */
  private async requeue(manager: EntityManager, condition: string, parameters: unknown[]): Promise<number> {
    const [row] = await rows<{ count: number }>(
      manager,
      `with again as (
         update deliveries d set ended = null
         where ${condition} and not exists (select from platform_delivery_queue q where q.delivery_id = d.id)
         returning d.id, d.connection_id, d.action, d.options
       ), queued as (
         insert into platform_delivery_queue (delivery_id, connection_id, lot, due_at, lease_no)
         select a.id, a.connection_id, ${lotOf('a')}, now(),
           coalesce((select max(t.attempt_no) from delivery_attempts t where t.delivery_id = a.id), 0)
         from again a order by a.id
         on conflict do nothing
         returning 1
       )
       select count(*)::int as count from queued`,
      parameters,
    );
    return row!.count;
  }
}
