import { Injectable } from '@nestjs/common';
import { assertConnectionAllowed, AuditLog, type Actor, type Caller } from '@trainbridge/access';
import { SecretBox } from '@trainbridge/connections';
import {
  decodeCursor,
  invalid,
  listAnswer,
  notFound,
  type ListAnswer,
  type ListQuery,
} from '@trainbridge/http-api';
import { newId } from '@trainbridge/persistence';
import { DataSource, type EntityManager } from 'typeorm';
import { DeliverySender } from '../delivery-sender.js';
import { ReceiverAddresses } from '../receiver/receiver-addresses.js';
import { newSigningSecret } from '../webhook/signing-secret.js';
import type {
  CreatedSubscriptionDto,
  CreateSubscriptionDto,
  SubscriptionDto,
  UpdateSubscriptionDto,
} from './subscription.dto.js';
import { toSubscription, type SubscriptionRow } from './subscription-row.js';
import { openSecrets, rotated, sealSecrets, type SubscriptionSecrets } from './subscription-secrets.js';

/** `$1`: the client that asks, null for the admin token, which sees every subscription. */
const VISIBLE = `s.status <> 'deleted' and ($1::text is null or s.client_id = $1)`;

/** Who receives webhooks. Each subscription belongs to the client that made it; nobody else but the admin sees it. */
@Injectable()
export class Subscriptions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditLog,
    private readonly secretBox: SecretBox,
    private readonly addresses: ReceiverAddresses,
    private readonly sender: DeliverySender,
  ) {}

  async list(query: ListQuery, actor: Actor): Promise<ListAnswer<SubscriptionDto>> {
    const [before] = decodeCursor('subscriptions', query.cursor) ?? [null];
    const rows = await this.dataSource.query<SubscriptionRow[]>(
      `select s.* from subscriptions s where ${VISIBLE} and ($2::text is null or s.id < $2) order by s.id desc limit $3`,
      [actor.clientId, before, query.limit + 1],
    );
    return listAnswer(
      'subscriptions',
      rows,
      query.limit,
      (row) => [row.id],
      (row) => this.toDto(row),
    );
  }

  /** @throws {ProblemError} 404 */
  async require(id: string, actor: Actor): Promise<SubscriptionDto> {
    return this.toDto(await this.row(this.dataSource.manager, id, actor));
  }

  /** @throws {ProblemError} 400 at `/url`, 404 for a connection the client may not see. */
  async create(dto: CreateSubscriptionDto, caller: Caller): Promise<CreatedSubscriptionDto> {
    await this.assertUrl(dto.url);
    const id = newId('sub');
    const secret = newSigningSecret();
    const headers = dto.headers ?? {};
    const sealed = sealSecrets(this.secretBox, id, { signing: [{ secret, expiresAt: null }], headers });
    return this.dataSource.transaction(async (manager) => {
      await this.assertConnections(manager, dto.connectionIds, caller.actor);
      await manager.query(
        `insert into subscriptions
           (id, client_id, url, event_types, connection_ids, retry_schedule, rate_limit, ordered, header_names, secrets)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb)`,
        [
          id,
          caller.actor.clientId,
          new URL(dto.url).href,
          dto.eventTypes,
          dto.connectionIds ?? null,
          dto.retrySchedule ?? null,
          dto.rateLimit ?? null,
          dto.ordered ?? false,
          Object.keys(headers),
          JSON.stringify(sealed),
        ],
      );
      const created = this.toDto(await this.row(manager, id, caller.actor));
      await this.audit.record(manager, {
        ...caller,
        action: 'subscription.created',
        subject: subject(id),
        after: created,
      });
      return { ...created, secret };
    });
  }

  /** Absent fields stay. @throws {ProblemError} 400 at `/url`, 404 */
  async update(id: string, dto: UpdateSubscriptionDto, caller: Caller): Promise<SubscriptionDto> {
    if (dto.url !== undefined) await this.assertUrl(dto.url);
    const updated = await this.dataSource.transaction(async (manager) => {
      const row = await this.row(manager, id, caller.actor, 'for update');
      if (dto.connectionIds !== undefined)
        await this.assertConnections(manager, dto.connectionIds, caller.actor);
      const status = dto.status ?? row.status;
      await manager.query(
        `update subscriptions set url = $2, event_types = $3, connection_ids = $4, retry_schedule = $5, rate_limit = $6,
           ordered = $7, status = $8, disabled_reason = $9, revision = revision + 1, updated_at = now()
         where id = $1`,
        [
          id,
          dto.url === undefined ? row.url : new URL(dto.url).href,
          dto.eventTypes ?? row.event_types,
          dto.connectionIds === undefined ? row.connection_ids : dto.connectionIds,
          dto.retrySchedule === undefined ? row.retry_schedule : dto.retrySchedule,
          dto.rateLimit === undefined ? row.rate_limit : dto.rateLimit,
          dto.ordered ?? row.ordered,
          status,
          status === 'active' ? null : (row.disabled_reason ?? 'manual'),
        ],
      );
      if (dto.headers !== undefined) await this.writeHeaders(manager, row, dto.headers);
      const after = this.toDto(await this.row(manager, id, caller.actor));
      await this.audit.record(manager, {
        ...caller,
        action: 'subscription.updated',
        subject: subject(id),
        before: this.toDto(row),
        after,
      });
      return after;
    });
    this.sender.probeNow(id);
    return updated;
  }

  /** What still waits for it is canceled; the record of what was delivered stays. @throws {ProblemError} 404 */
  async remove(id: string, caller: Caller): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const row = await this.row(manager, id, caller.actor, 'for update');
      await deleteSubscriptions(manager, [id]);
      await this.audit.record(manager, {
        ...caller,
        action: 'subscription.deleted',
        subject: subject(id),
        before: this.toDto(row),
      });
    });
  }

  /** A new secret; webhooks carry signatures of both until the overlap is over. @throws {ProblemError} 404 */
  async rotateSecret(id: string, overlapSeconds: number, caller: Caller): Promise<CreatedSubscriptionDto> {
    return this.dataSource.transaction(async (manager) => {
      const row = await this.row(manager, id, caller.actor, 'for update');
      const expiresAt = new Date(Date.now() + overlapSeconds * 1_000);
      const secrets = rotated(openSecrets(this.secretBox, id, row.secrets), expiresAt);
      await manager.query(
        `update subscriptions set secrets = $2::jsonb, previous_secret_expires_at = $3, revision = revision + 1,
           updated_at = now()
         where id = $1`,
        [id, JSON.stringify(sealSecrets(this.secretBox, id, secrets)), expiresAt],
      );
      await this.audit.record(manager, {
        ...caller,
        action: 'subscription.secret_rotated',
        subject: subject(id),
        after: { overlapSeconds },
      });
      const after = this.toDto(await this.row(manager, id, caller.actor));
      return { ...after, secret: secrets.signing[0]!.secret };
    });
  }

  private async writeHeaders(
    manager: EntityManager,
    row: SubscriptionRow,
    headers: Record<string, string>,
  ): Promise<void> {
    const secrets: SubscriptionSecrets = { ...openSecrets(this.secretBox, row.id, row.secrets), headers };
    await manager.query('update subscriptions set header_names = $2, secrets = $3::jsonb where id = $1', [
      row.id,
      Object.keys(headers),
      JSON.stringify(sealSecrets(this.secretBox, row.id, secrets)),
    ]);
  }

  private async row(
    manager: EntityManager,
    id: string,
    actor: Actor,
    lock: '' | 'for update' = '',
  ): Promise<SubscriptionRow> {
    const rows = await manager.query<SubscriptionRow[]>(
      `select s.* from subscriptions s where ${VISIBLE} and s.id = $2 ${lock}`,
      [actor.clientId, id],
    );
    if (!rows[0]) throw notFound('subscription', id);
    return rows[0];
  }

  private async assertUrl(url: string): Promise<void> {
    const message = await this.addresses.refusal(url);
    if (message) throw invalid([{ path: '/url', message }]);
  }

  private async assertConnections(
    manager: EntityManager,
    ids: string[] | null | undefined,
    actor: Actor,
  ): Promise<void> {
    if (!ids) return;
    for (const id of ids) assertConnectionAllowed(actor, id);
    const known = await manager.query<{ id: string }[]>('select id from connections where id = any($1)', [
      ids,
    ]);
    const missing = ids.find((id) => !known.some((connection) => connection.id === id));
    if (missing !== undefined) throw notFound('connection', missing);
  }

  private toDto(row: SubscriptionRow): SubscriptionDto {
    return toSubscription(row, this.sender.breakerState(row.id));
  }
}

/** Ends subscriptions and cancels what waits for them, whoever owns them. */
export async function deleteSubscriptions(manager: EntityManager, ids: readonly string[]): Promise<void> {
  await manager.query(
    `update subscriptions set status = 'deleted', secrets = '{}', revision = revision + 1, updated_at = now()
     where id = any($1)`,
    [ids],
  );
  await manager.query(
    `with waiting as (delete from delivery_queue where subscription_id = any($1) returning delivery_id)
     update deliveries d set ended = 'canceled' from waiting w where d.id = w.delivery_id`,
    [ids],
  );
}

function subject(id: string): { type: string; id: string } {
  return { type: 'subscription', id };
}
