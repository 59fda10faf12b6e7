import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  AuditLog,
  CurrentActor,
  CurrentCaller,
  isConnectionAllowed,
  RequireScopes,
  type Actor,
  type Caller,
} from '@trainbridge/access';
import type { JsonObject } from '@trainbridge/connector-kit';
import {
  ApiListResponse,
  ApiProblems,
  decodeTimeCursor,
  listAnswer,
  notFound,
  type ListAnswer,
} from '@trainbridge/http-api';
import { JobQueue } from '@trainbridge/jobs';
import { DataSource } from 'typeorm';
import { PLATFORM_EVENTS_QUEUE } from './drain.js';
import { PlatformEventDto, PlatformEventPath, PlatformEventsQuery } from './platform-event.dto.js';

const BODY_IN_LISTS = 4_096;
const WHOLE_BODY = 2_147_483_647;

interface Row {
  id: string;
  connection_id: string;
  key: string;
  kind: string;
  ids: string[];
  previous_id: string | null;
  occurred_at: Date;
  data: JsonObject;
  status: string;
  detail: string | null;
  error: { code: string; message: string } | null;
  attempts: number;
  next_attempt_at: Date;
  received_at: Date;
  finished_at: Date | null;
  received_text: string;
  method: string;
  query_string: string;
  headers: Record<string, string>;
  body: Buffer;
  body_bytes: number;
}

@ApiTags('Platform events')
@Controller('api/v1/platform-events')
export class PlatformEventsController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly jobs: JobQueue,
    private readonly audit: AuditLog,
  ) {}

  @Get()
  @RequireScopes('exchanges:read')
  @ApiOperation({
    operationId: 'platformEvents.list',
    summary: 'List what platforms told us',
    description: 'Newest first, raw and decoded, with what became of it. Kept for 30 days after it ended.',
  })
  @ApiListResponse(PlatformEventDto)
  @ApiProblems('invalid_request', 'invalid_cursor')
  async list(
    @Query() query: PlatformEventsQuery,
    @CurrentActor() actor: Actor,
  ): Promise<ListAnswer<PlatformEventDto>> {
    const { limit, cursor, ...filters } = query;
    const scope = { list: 'platform-events', filters };
    const [beforeAt, beforeId] = decodeTimeCursor(scope, cursor);
    const rows = await this.read(
      `where ($2::text[] is null or e.connection_id = any($2))
         and ($3::text is null or e.connection_id = $3)
         and ($4::text is null or e.status = $4)
         and ($5::text is null or e.kind = $5)
         and ($6::timestamptz is null or e.received_at >= $6)
         and ($7::timestamptz is null or (e.received_at, e.id) < ($7, $8))
       order by e.received_at desc, e.id desc limit $9`,
      [
        BODY_IN_LISTS,
        actor.connectionIds,
        query.connectionId ?? null,
        query.status ?? null,
        query.kind ?? null,
        query.since ?? null,
        beforeAt,
        beforeId,
        limit + 1,
      ],
    );
    return listAnswer(scope, rows, limit, (row) => [row.received_text, row.id], toDto);
  }

  @Get(':id')
  @RequireScopes('exchanges:read')
  @ApiOperation({ operationId: 'platformEvents.get', summary: 'Read a platform event' })
  @ApiOkResponse({ type: PlatformEventDto, description: 'The event with its whole raw message.' })
  @ApiProblems('invalid_request', 'not_found')
  async get(@Param() { id }: PlatformEventPath, @CurrentActor() actor: Actor): Promise<PlatformEventDto> {
    return this.require(id, actor);
  }

  @Post(':id/retry')
  @RequireScopes('connections:admin')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'platformEvents.retry',
    summary: 'Handle a platform event again',
    description:
      'Whatever became of it before. Events are hints: what it is about is read anew, so this is safe.',
  })
  @ApiAcceptedResponse({ type: PlatformEventDto, description: 'It waits to be handled.' })
  @ApiProblems('invalid_request', 'not_found')
  async retry(
    @Param() { id }: PlatformEventPath,
    @CurrentCaller() caller: Caller,
  ): Promise<PlatformEventDto> {
    const before = await this.require(id, caller.actor);
    await this.dataSource.transaction(async (manager) => {
      await manager.query(
        `update platform_events
         set status = 'pending', attempts = 0, next_attempt_at = now(), error = null, detail = null, finished_at = null
         where id = $1`,
        [id],
      );
      await this.audit.record(manager, {
        ...caller,
        action: 'platform-event.retried',
        subject: { type: 'platform-event', id },
        connectionId: before.connectionId,
        before: { status: before.status },
        after: { status: 'pending' },
      });
    });
    const waiting = await this.require(id, caller.actor);
    await this.jobs.wake(PLATFORM_EVENTS_QUEUE, before.connectionId);
    return waiting;
  }

  private async require(id: string, actor: Actor): Promise<PlatformEventDto> {
    const [row] = await this.read(`where e.id = $2`, [WHOLE_BODY, id]);
    if (!row || !isConnectionAllowed(actor, row.connection_id)) throw notFound('platform event', id);
    return toDto(row);
  }

  private async read(rest: string, parameters: unknown[]): Promise<Row[]> {
    return this.dataSource.query<Row[]>(
      // The page is chosen before bodies are read, and the time keeps its microseconds for the cursor.
      `select e.*, to_char(e.received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as received_text,
         m.method, m.query_string, m.headers, substring(m.body from 1 for $1) as body, length(m.body) as body_bytes
       from platform_events e join platform_messages m on m.id = e.message_id ${rest}`,
      parameters,
    );
  }
}

function toDto(row: Row): PlatformEventDto {
  const waits = row.status === 'pending' || row.status === 'failed';
  return {
    id: row.id,
    connectionId: row.connection_id,
    kind: row.kind,
    key: row.key,
    externalIds: row.ids,
    previousId: row.previous_id,
    data: row.data,
    status: row.status,
    detail: row.detail,
    error: row.error,
    attempts: row.attempts,
    nextAttemptAt: waits ? row.next_attempt_at.toISOString() : null,
    occurredAt: row.occurred_at.toISOString(),
    receivedAt: row.received_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    raw: {
      method: row.method,
      queryString: row.query_string,
      headers: row.headers,
      bodyBase64: row.body.toString('base64'),
      bodyBytes: row.body_bytes,
    },
  };
}
