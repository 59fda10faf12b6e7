import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  ApiListResponse,
  ApiProblems,
  decodeCursor,
  listAnswer,
  type ListAnswer,
} from '@trainbridge/http-api';
import { DataSource } from 'typeorm';
import type { Actor } from '../actor.js';
import { CurrentActor, RequireScopes } from '../decorators.js';
import { AuditEntriesQuery, AuditEntryDto } from './audit-entry.dto.js';

interface Row {
  id: string;
  created_at: Date;
  actor_kind: string;
  client_id: string | null;
  actor_name: string;
  action: string;
  subject_type: string;
  subject_id: string;
  connection_id: string | null;
  before: object | null;
  after: object | null;
  ip: string | null;
  request_id: string | null;
}

@ApiTags('Access')
@Controller('api/v1/audit-entries')
@RequireScopes('audit:read')
export class AuditEntriesController {
  constructor(private readonly dataSource: DataSource) {}

  @Get()
  @ApiOperation({
    operationId: 'listAuditEntries',
    summary: 'Who changed what, from where',
    description: 'Newest first. A client limited to some connections sees only what concerns those.',
  })
  @ApiListResponse(AuditEntryDto, 'Audit entries, newest first.')
  @ApiProblems('invalid_request', 'invalid_cursor')
  async list(
    @Query() query: AuditEntriesQuery,
    @CurrentActor() actor: Actor,
  ): Promise<ListAnswer<AuditEntryDto>> {
    const { limit, cursor, ...filters } = query;
    const scope = { list: 'audit-entries', filters };
    const [before] = decodeCursor(scope, cursor) ?? [null];
    const prefix = query.action?.endsWith('*') ? query.action.slice(0, -1) : null;
    const rows: Row[] = await this.dataSource.query(
      `select * from audit_entries
       where ($1::text is null or id < $1)
         and ($2::text is null or action = $2)
         and ($3::text is null or starts_with(action, $3))
         and ($4::text is null or client_id = $4)
         and ($5::text is null or subject_id = $5)
         and ($6::text is null or connection_id = $6)
         and ($7::timestamptz is null or created_at >= $7)
         and ($8::timestamptz is null or created_at < $8)
         and ($9::text[] is null or connection_id = any($9))
       order by id desc limit $10`,
      [
        before,
        prefix === null ? (query.action ?? null) : null,
        prefix,
        query.clientId ?? null,
        query.subjectId ?? null,
        query.connectionId ?? null,
        query.since ?? null,
        query.until ?? null,
        actor.connectionIds,
        limit + 1,
      ],
    );
    return listAnswer(scope, rows, limit, (row) => [row.id], toDto);
  }
}

function toDto(row: Row): AuditEntryDto {
  return {
    id: row.id,
    at: row.created_at.toISOString(),
    actor: { kind: row.actor_kind, clientId: row.client_id, name: row.actor_name },
    action: row.action,
    subject: { type: row.subject_type, id: row.subject_id },
    connectionId: row.connection_id,
    before: row.before,
    after: row.after,
    ip: row.ip,
    requestId: row.request_id,
  };
}
