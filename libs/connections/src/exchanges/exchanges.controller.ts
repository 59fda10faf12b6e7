import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentActor, RequireScopes, type Actor } from '@trainbridge/access';
import {
  ApiListResponse,
  ApiProblems,
  decodeTimeCursor,
  listAnswer,
  type ListAnswer,
} from '@trainbridge/http-api';
import { DataSource } from 'typeorm';
import { ExchangeDto, ExchangesQuery } from './exchange.dto.js';
import { ExchangeLog } from './exchange-log.js';

interface Row {
  id: string;
  connection_id: string;
  direction: string;
  method: string;
  url: string;
  status: number | null;
  vendor_code: string | null;
  vendor_request_id: string | null;
  error_code: string | null;
  error_message: string | null;
  attempt: number;
  duration_ms: number;
  request_body: string | null;
  response_body: string | null;
  at: Date;
}

@ApiTags('Connections')
@Controller('api/v1/exchanges')
@RequireScopes('exchanges:read')
export class ExchangesController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly log: ExchangeLog,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'exchanges.list',
    summary: 'List HTTP calls',
    description:
      'Every call to a platform and every callback from one, newest first. Successes are kept for 7 days, failures for 30.',
  })
  @ApiListResponse(ExchangeDto)
  @ApiProblems('invalid_request', 'invalid_cursor')
  async list(@Query() query: ExchangesQuery, @CurrentActor() actor: Actor): Promise<ListAnswer<ExchangeDto>> {
    const { limit, cursor, ...filters } = query;
    const scope = { list: 'exchanges', filters };
    const [beforeAt, beforeId] = decodeTimeCursor(scope, cursor);
    // What was called a moment ago should be seen by who looks for it.
    await this.log.flush();
    const [fromStatus, toStatus] = statusRange(query.status);
    const rows: Row[] = await this.dataSource.query(
      `select * from exchanges
       where ($1::text[] is null or connection_id = any($1))
         and ($2::text is null or connection_id = $2)
         and ($3::text is null or direction = $3)
         and ($4::integer is null or status between $4 and $5)
         and (not $6::boolean or status is null)
         and ($7::text is null or vendor_code = $7)
         and ($8::timestamptz is null or at >= $8)
         and ($9::timestamptz is null or (at, id) < ($9, $10))
       order by at desc, id desc limit $11`,
      [
        actor.connectionIds,
        query.connectionId ?? null,
        query.direction ?? null,
        fromStatus,
        toStatus,
        query.status === 'none',
        query.vendorCode ?? null,
        query.since ?? null,
        beforeAt,
        beforeId,
        limit + 1,
      ],
    );
    return listAnswer(scope, rows, limit, (row) => [row.at.toISOString(), row.id], toDto);
  }
}

function statusRange(status: string | undefined): [number | null, number | null] {
  if (status === undefined || status === 'none') return [null, null];
  if (status.endsWith('xx')) {
    const first = Number(status[0]) * 100;
    return [first, first + 99];
  }
  return [Number(status), Number(status)];
}

function toDto(row: Row): ExchangeDto {
  return {
    id: row.id,
    connectionId: row.connection_id,
    direction: row.direction,
    method: row.method,
    url: row.url,
    status: row.status,
    vendorCode: row.vendor_code,
    vendorRequestId: row.vendor_request_id,
    errorCode: row.error_code,
    errorMessage: row.error_message,
    attempt: row.attempt,
    durationMs: row.duration_ms,
    requestBody: row.request_body,
    responseBody: row.response_body,
    at: row.at.toISOString(),
  };
}
