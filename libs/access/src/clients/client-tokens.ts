import { Injectable } from '@nestjs/common';
import {
  ProblemError,
  decodeCursor,
  listAnswer,
  notFound,
  type ListAnswer,
  type ListQuery,
} from '@trainbridge/http-api';
import { newId } from '@trainbridge/persistence';
import { DataSource } from 'typeorm';
import type { Actor, Caller } from '../actor.js';
import { AuditLog } from '../audit/audit-log.js';
import type { Scope } from '../scopes.js';
import { hashSecret, last4, mintSecret } from '../secret-format.js';
import { TokenUsage } from '../token-usage.js';
import { assertFuture } from './client-rules.js';
import type { ApiTokenDto, CreateTokenDto, CreatedApiTokenDto } from './client.dto.js';
import { Clients } from './clients.js';

interface Row {
  id: string;
  name: string | null;
  last4: string;
  scopes: Scope[];
  expires_at: Date;
  created_at: Date;
  last_used_at: Date | null;
  last_used_ip: string | null;
}

/** Long-lived API tokens of a client (`tb_…`). */
@Injectable()
export class ClientTokens {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clients: Clients,
    private readonly audit: AuditLog,
    private readonly usage: TokenUsage,
  ) {}

  async create(clientId: string, dto: CreateTokenDto, caller: Caller): Promise<CreatedApiTokenDto> {
    assertFuture(dto.expiresAt);
    return this.dataSource.transaction(async (manager) => {
      const client = await this.clients.requireManageable(clientId, caller.actor, manager);
      const scopes = dto.scopes ?? client.scopes;
      const beyond = scopes.filter((scope) => !client.scopes.includes(scope));
      if (beyond.length > 0) {
        const message = {
          en: `the client lacks ${beyond.join(', ')}`,
          'zh-CN': `该客户端没有 ${beyond.join(', ')}`,
        };
        throw new ProblemError('invalid_request', { errors: [{ path: '/scopes', message }] });
      }
      const token = mintSecret('apiToken');
      const [row]: Row[] = await manager.query(
        `insert into tokens (id, client_id, kind, hash, last4, name, scopes, expires_at)
         values ($1, $2, 'api', $3, $4, $5, $6, $7) returning *`,
        [newId('tok'), clientId, hashSecret(token), last4(token), dto.name ?? null, scopes, dto.expiresAt],
      );
      const { lastUsedAt: _at, lastUsedIp: _ip, ...created } = toDto(row!);
      await this.audit.record(manager, {
        ...caller,
        action: 'token.created',
        subject: { type: 'token', id: created.id },
        after: { ...created, clientId },
      });
      return { ...created, token };
    });
  }

  async list(clientId: string, query: ListQuery, actor: Actor): Promise<ListAnswer<ApiTokenDto>> {
    await this.clients.require(clientId, actor);
    await this.usage.flush();
    const scope = { list: 'tokens', filters: { clientId } };
    const [before] = decodeCursor(scope, query.cursor) ?? [null];
    const rows: Row[] = await this.dataSource.query(
      `select * from tokens where client_id = $1 and kind = 'api' and ($2::text is null or id < $2)
       order by id desc limit $3`,
      [clientId, before, query.limit + 1],
    );
    return listAnswer(scope, rows, query.limit, (row) => [row.id], toDto);
  }

  async revoke(clientId: string, tokenId: string, caller: Caller): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await this.clients.requireManageable(clientId, caller.actor, manager);
      const [rows]: [Row[], number] = await manager.query(
        `delete from tokens where client_id = $1 and id = $2 and kind = 'api' returning *`,
        [clientId, tokenId],
      );
      if (!rows[0]) throw notFound('token', tokenId);
      await this.audit.record(manager, {
        ...caller,
        action: 'token.deleted',
        subject: { type: 'token', id: tokenId },
        before: { ...toDto(rows[0]), clientId },
      });
    });
  }
}

function toDto(row: Row): ApiTokenDto {
  return {
    id: row.id,
    name: row.name,
    last4: row.last4,
    scopes: row.scopes,
    expiresAt: row.expires_at.toISOString(),
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    lastUsedIp: row.last_used_ip,
  };
}
