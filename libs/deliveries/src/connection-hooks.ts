import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clients } from '@trainbridge/access';
import { ConnectionDeletion, ConnectionStatsSources } from '@trainbridge/connections';
import { DataSource } from 'typeorm';
import { cancelOf } from './platform/platform-queue.js';
import { deleteSubscriptions } from './subscriptions/subscriptions.js';

/** What deliveries tell about a connection, what becomes of them with it, and of a client's subscriptions with the client. */
@Injectable()
export class ConnectionHooks implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly stats: ConnectionStatsSources,
    private readonly deletion: ConnectionDeletion,
    private readonly clients: Clients,
  ) {}

  onModuleInit(): void {
    this.stats.register(async (connectionId) => ({ deliveries: await this.counts(connectionId) }));
    // Nobody can be told any more; what was told stays on the record.
    this.deletion.register((manager, connectionId) => cancelOf(manager, connectionId));
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
      `select ((select count(*) from delivery_queue where connection_id = $1)
           + (select count(*) from platform_delivery_queue where connection_id = $1))::int as pending,
         (select count(*)::int from deliveries where connection_id = $1 and ended = 'dead') as dead`,
      [connectionId],
    );
    return row!;
  }
}
