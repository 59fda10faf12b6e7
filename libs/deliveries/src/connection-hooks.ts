import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clients } from '@trainbridge/access';
import { ConnectionStatsSources } from '@trainbridge/connections';
import { DataSource } from 'typeorm';
import { deleteSubscriptions } from './subscriptions/subscriptions.js';

/** What deliveries tell about a connection, and what becomes of a client's subscriptions when it is removed. */
@Injectable()
export class ConnectionHooks implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly stats: ConnectionStatsSources,
    private readonly clients: Clients,
  ) {}

  onModuleInit(): void {
    this.stats.register(async (connectionId) => ({ deliveries: await this.counts(connectionId) }));
    this.clients.onRemoved(async (manager, clientId) => {
      const owned = await manager.query<{ id: string }[]>(
        `select id from subscriptions where client_id = $1 and status <> 'deleted' for update`,
        [clientId],
      );
      await deleteSubscriptions(
        manager,
        owned.map(({ id }) => id),
      );
    });
  }

  private async counts(connectionId: string): Promise<{ pending: number; dead: number }> {
    const [row] = await this.dataSource.query<{ pending: number; dead: number }[]>(
      `select (select count(*)::int from delivery_queue where connection_id = $1) as pending,
         (select count(*)::int from deliveries where connection_id = $1 and ended = 'dead') as dead`,
      [connectionId],
    );
    return row!;
  }
}
