import { Injectable } from '@nestjs/common';
import { decodeCursor, listAnswer, notFound, type ListAnswer, type ListQuery } from '@trainbridge/http-api';
import { newId } from '@trainbridge/persistence';
import { DataSource, type EntityManager } from 'typeorm';
import type { Actor, Caller } from '../actor.js';
import { AuditLog } from '../audit/audit-log.js';
import type { Scope } from '../scopes.js';
import { hashSecret, last4, mintSecret } from '../secret-format.js';
import { assertFuture, assertMayGrant } from './client-rules.js';
import {
  DEFAULT_ACCESS_TOKEN_TTL_SECONDS,
  type ClientDto,
  type CreateClientDto,
  type UpdateClientDto,
} from './client.dto.js';

interface Row {
  id: string;
  name: string;
  scopes: Scope[];
  connection_ids: string[] | null;
  allowed_ips: string[] | null;
  redirect_uris: string[];
  access_token_ttl_seconds: number;
  expires_at: Date | null;
  created_at: Date;
  updated_at: Date;
  secrets: { last4: string; createdAt: string; expiresAt: string | null }[];
}

/** Runs in the transaction that removes a client; what it throws keeps the client. */
export type ClientRemovedListener = (manager: EntityManager, clientId: string) => Promise<void>;

const SELECT = `
  select c.*, coalesce((
    select jsonb_agg(jsonb_build_object('last4', s.last4, 'createdAt', s.created_at, 'expiresAt', s.expires_at) order by s.id desc)
    from client_secrets s where s.client_id = c.id and (s.expires_at is null or s.expires_at > now())
  ), '[]') as secrets
  from clients c`;

/** To a caller limited to some connections, only clients within those exist. */
const VISIBLE = `($1::text[] is null or (c.connection_ids is not null and c.connection_ids <@ $1))`;

/** API clients: who may call, with which scopes, from where, for which connections. */
@Injectable()
export class Clients {
  private readonly removedListeners = new Set<ClientRemovedListener>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditLog,
  ) {}

  /** For what belongs to a client, such as its subscriptions. Answers a function that unregisters. */
  onRemoved(listener: ClientRemovedListener): () => void {
    this.removedListeners.add(listener);
    return () => this.removedListeners.delete(listener);
  }

  async list(query: ListQuery, actor: Actor): Promise<ListAnswer<ClientDto>> {
    const [before] = decodeCursor('clients', query.cursor) ?? [null];
    const rows: Row[] = await this.dataSource.query(
      `${SELECT} where ${VISIBLE} and ($2::text is null or c.id < $2) order by c.id desc limit $3`,
      [actor.connectionIds, before, query.limit + 1],
    );
    return listAnswer('clients', rows, query.limit, (row) => [row.id], toDto);
  }

  /** @throws {ProblemError} 404 */
  async require(
    id: string,
    actor: Actor,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<ClientDto> {
    const rows: Row[] = await manager.query(`${SELECT} where ${VISIBLE} and c.id = $2`, [
      actor.connectionIds,
      id,
    ]);
    if (!rows[0]) throw notFound('client', id);
    return toDto(rows[0]);
  }

  async create(dto: CreateClientDto, caller: Caller): Promise<{ client: ClientDto; secret: string }> {
    assertFuture(dto.expiresAt);
    assertMayGrant(caller.actor, { scopes: dto.scopes, connectionIds: dto.connectionIds ?? null });
    return this.dataSource.transaction(async (manager) => {
      const id = newId('cli');
      await manager.query(
        `insert into clients
           (id, name, scopes, connection_ids, allowed_ips, redirect_uris, access_token_ttl_seconds, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          id,
          dto.name,
          dto.scopes,
          dto.connectionIds ?? null,
          dto.allowedIps ?? null,
          dto.redirectUris ?? [],
          dto.accessTokenTtlSeconds ?? DEFAULT_ACCESS_TOKEN_TTL_SECONDS,
          dto.expiresAt ?? null,
        ],
      );
      const secret = await this.addSecret(manager, id);
      const client = await this.require(id, caller.actor, manager);
      await this.audit.record(manager, {
        ...caller,
        action: 'client.created',
        subject: subject(id),
        after: described(client),
      });
      return { client, secret };
    });
  }

  async update(id: string, dto: UpdateClientDto, caller: Caller): Promise<ClientDto> {
    assertFuture(dto.expiresAt);
    return this.dataSource.transaction(async (manager) => {
      const before = await this.requireManageable(id, caller.actor, manager);
      const given = Object.fromEntries(Object.entries(dto).filter(([, value]) => value !== undefined));
      const wanted = { ...before, ...given };
      assertMayGrant(caller.actor, wanted);
      await manager.query(
        `update clients set name = $2, scopes = $3, connection_ids = $4, allowed_ips = $5, redirect_uris = $6,
           access_token_ttl_seconds = $7, expires_at = $8, updated_at = now()
         where id = $1`,
        [
          id,
          wanted.name,
          wanted.scopes,
          wanted.connectionIds,
          wanted.allowedIps,
          wanted.redirectUris,
          wanted.accessTokenTtlSeconds,
          wanted.expiresAt,
        ],
      );
      const after = await this.require(id, caller.actor, manager);
      await this.audit.record(manager, {
        ...caller,
        action: 'client.updated',
        subject: subject(id),
        before: described(before),
        after: described(after),
      });
      return after;
    });
  }

  /** Its secrets and tokens go with it, at once and in every process. */
  async remove(id: string, caller: Caller): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const client = await this.requireManageable(id, caller.actor, manager);
      for (const listener of this.removedListeners) await listener(manager, id);
      await manager.query(`delete from clients where id = $1`, [id]);
      await this.audit.record(manager, {
        ...caller,
        action: 'client.deleted',
        subject: subject(id),
        before: described(client),
      });
    });
  }

  /** A new secret; the ones so far end after `overlapSeconds`, or earlier when they were to. */
  async rotateSecret(
    id: string,
    overlapSeconds: number,
    caller: Caller,
  ): Promise<{ secret: string; previousExpiresAt: string | null }> {
    return this.dataSource.transaction(async (manager) => {
      await this.requireManageable(id, caller.actor, manager);
      const rows: [{ expires_at: Date }[], number] = await manager.query(
        overlapSeconds === 0
          ? `delete from client_secrets where client_id = $1 returning now() as expires_at`
          : `update client_secrets set expires_at = least(expires_at, now() + $2 * interval '1 second')
             where client_id = $1 and (expires_at is null or expires_at > now()) returning expires_at`,
        overlapSeconds === 0 ? [id] : [id, overlapSeconds],
      );
      const secret = await this.addSecret(manager, id);
      await this.audit.record(manager, {
        ...caller,
        action: 'client.secret_rotated',
        subject: subject(id),
        after: { overlapSeconds, last4: last4(secret) },
      });
      const ends = rows[0].map((row) => row.expires_at.getTime());
      const previous =
        overlapSeconds === 0 || ends.length === 0 ? null : new Date(Math.max(...ends)).toISOString();
      return { secret, previousExpiresAt: previous };
    });
  }

  /** The client, locked, when this actor may change it. @throws {ProblemError} 404, 403 */
  async requireManageable(id: string, actor: Actor, manager: EntityManager): Promise<ClientDto> {
    await manager.query(`select 1 from clients where id = $1 for update`, [id]);
    const client = await this.require(id, actor, manager);
    assertMayGrant(actor, client);
    return client;
  }

  private async addSecret(manager: EntityManager, clientId: string): Promise<string> {
    const secret = mintSecret('clientSecret');
    await manager.query(`insert into client_secrets (client_id, hash, last4) values ($1, $2, $3)`, [
      clientId,
      hashSecret(secret),
      last4(secret),
    ]);
    return secret;
  }
}

const subject = (id: string) => ({ type: 'client', id });

/** What an audit entry tells of a client. */
function described({ secrets: _secrets, updatedAt: _updatedAt, ...client }: ClientDto): object {
  return client;
}

function toDto(row: Row): ClientDto {
  return {
    id: row.id,
    clientId: row.id,
    name: row.name,
    scopes: row.scopes,
    connectionIds: row.connection_ids,
    allowedIps: row.allowed_ips,
    expiresAt: row.expires_at?.toISOString() ?? null,
    accessTokenTtlSeconds: row.access_token_ttl_seconds,
    redirectUris: row.redirect_uris,
    secrets: row.secrets.map((secret) => ({
      last4: secret.last4,
      createdAt: new Date(secret.createdAt).toISOString(),
      expiresAt: secret.expiresAt === null ? null : new Date(secret.expiresAt).toISOString(),
    })),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
