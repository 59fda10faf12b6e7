import { newId, OutgoingEvents, type NewOutgoingEvent } from '@trainbridge/persistence';
import { createTestDatabase, type TestDatabase } from '@trainbridge/persistence/testing';
import { DeliveryEngine, type DeliveryEngineOptions } from '../src/engine/delivery-engine.js';
import type { LaneSettings } from '../src/engine/lane-settings.js';
import { fanOut } from '../src/fan-out.js';
import { ReceiverAddresses } from '../src/receiver/receiver-addresses.js';
import { DEFAULT_RETRY_SCHEDULE } from '../src/webhook/retry-schedule.js';
import { newSigningSecret, signingKey } from '../src/webhook/signing-secret.js';

export interface SubscriptionOverrides {
  clientId?: string | null;
  eventTypes?: string[];
  connectionIds?: string[] | null;
  retrySchedule?: number[] | null;
  rateLimit?: number | null;
  ordered?: boolean;
}

export interface DeliveryRow {
  id: string;
  state: string;
  attempts: number;
}

/** Engine, queue and fan-out on a database of their own, without HTTP and without encryption. */
export class DeliveryFixture {
  readonly secrets = new Map<string, string>();
  readonly events = new OutgoingEvents();
  private readonly engines: DeliveryEngine[] = [];

  private constructor(readonly database: TestDatabase) {
    this.events.onPublished(async (manager, events) => void (await fanOut(manager, events)));
  }

  static async create(): Promise<DeliveryFixture> {
    return new DeliveryFixture(await createTestDatabase());
  }

  async drop(): Promise<void> {
    await Promise.all(this.engines.map((engine) => engine.close()));
    await this.database.drop();
  }

  query<T>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    return this.database.dataSource.query(sql, parameters);
  }

  async clear(): Promise<void> {
    await this.query(
      'truncate deliveries, delivery_queue, delivery_attempts, subscriptions, outgoing_events, clients cascade',
    );
  }

  async subscribe(url: string, overrides: SubscriptionOverrides = {}): Promise<string> {
    const id = newId('sub');
    this.secrets.set(id, newSigningSecret());
    await this.query(
      `insert into subscriptions (id, client_id, url, event_types, connection_ids, retry_schedule, rate_limit, ordered, secrets)
       values ($1, $2, $3, $4, $5, $6, $7, $8, '[]')`,
      [
        id,
        overrides.clientId ?? null,
        url,
        overrides.eventTypes ?? ['*'],
        overrides.connectionIds ?? null,
        overrides.retrySchedule ?? null,
        overrides.rateLimit ?? null,
        overrides.ordered ?? false,
      ],
    );
    return id;
  }

  async publish(...events: Partial<NewOutgoingEvent>[]): Promise<string[]> {
    const published = await this.database.dataSource.transaction((manager) =>
      this.events.publish(
        manager,
        events.map((event) => ({ type: 'course.completed', data: { note: '完成 ✓' }, ...event })),
      ),
    );
    return published.map((event) => event.id);
  }

  publishMany(
    count: number,
    event: (index: number) => Partial<NewOutgoingEvent> = () => ({}),
  ): Promise<string[]> {
    return this.publish(...Array.from({ length: count }, (_, index) => event(index)));
  }

  engine(options: Partial<DeliveryEngineOptions> = {}): DeliveryEngine {
    const engine = new DeliveryEngine({
      dataSource: this.database.dataSource,
      addresses: new ReceiverAddresses({ allowedNetworks: ['127.0.0.0/8'], production: false }),
      loadSettings: (ids) => this.settings(ids),
      onGone: async (id) =>
        void (await this.query(
          `update subscriptions set status = 'disabled', disabled_reason = 'gone' where id = $1`,
          [id],
        )),
      log: () => undefined,
      ...options,
    });
    this.engines.push(engine);
    return engine;
  }

  async deliveries(): Promise<DeliveryRow[]> {
    return this.query(
      `select d.id, coalesce(d.ended, case when q.delivery_id is null then 'delivered' when q.leased_until is null then 'pending'
         else 'sending' end) as state, (select count(*)::int from delivery_attempts a where a.delivery_id = d.id) as attempts
       from deliveries d left join delivery_queue q on q.delivery_id = d.id order by d.id`,
    );
  }

  async states(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { state } of await this.deliveries()) counts[state] = (counts[state] ?? 0) + 1;
    return counts;
  }

  private async settings(ids: readonly string[]): Promise<LaneSettings[]> {
    const rows = await this.query<{
      id: string;
      revision: number;
      url: string;
      retry_schedule: number[] | null;
      rate_limit: number | null;
    }>('select * from subscriptions where id = any($1)', [ids]);
    return rows.map((row) => ({
      subscriptionId: row.id,
      revision: row.revision,
      url: row.url,
      headers: { 'x-api-key': 'planted-secret' },
      retrySchedule: row.retry_schedule ?? DEFAULT_RETRY_SCHEDULE,
      rateLimit: row.rate_limit,
      secrets: [{ key: signingKey(this.secrets.get(row.id)!), expiresAt: null }],
    }));
  }
}
