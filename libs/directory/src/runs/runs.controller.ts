import {
  Body,
  Controller,
  Get,
  Header,
  Headers,
  HttpCode,
  Param,
  Post,
  Query,
  StreamableFile,
} from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import {
  CurrentActor,
  CurrentCaller,
  hasScope,
  Idempotent,
  RequireScopes,
  type Actor,
  type Caller,
} from '@trainbridge/access';
import type { JsonValue } from '@trainbridge/connector-kit';
import {
  ApiListResponse,
  ApiProblems,
  decodeCursor,
  listAnswer,
  ListQuery,
  type ListAnswer,
} from '@trainbridge/http-api';
import { Readable } from 'node:stream';
import { DataSource } from 'typeorm';
import { rows } from '../sync/sql.js';
import { CSV_HEAD, csvRows } from './plan-csv.js';
import { readPlan, type PlanPage } from './plan-view.js';
import { RunProgressStreams } from './run-progress.js';
import { viewOf, type RunRow } from './run-record.js';
import { RunRequests } from './run-requests.js';
import {
  CreateRunBody,
  PlanLineDto,
  PlanQuery,
  RejectedRecordDto,
  RunConnectionPath,
  RunDto,
  RunPath,
  RunsQuery,
} from './run.dto.js';

const CSV_PAGE = 1_000;

@ApiTags('Runs')
@Controller('api/v1')
export class RunsController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly requests: RunRequests,
    private readonly streams: RunProgressStreams,
  ) {}

  @Post('connections/:id/runs')
  @RequireScopes('runs:write')
  @HttpCode(202)
  @Idempotent()
  @ApiOperation({
    operationId: 'runs.start',
    summary: 'Start a run',
    description:
      'Reads the platform, plans, and applies the plan unless the guard blocks it. A host that is killed and started again goes on with the same run. One at a time per connection and kind.',
  })
  @ApiAcceptedResponse({
    type: RunDto,
    description: 'The run; follow it with `GET /api/v1/runs/{id}` or its progress.',
  })
  @ApiProblems(
    'invalid_request',
    'invalid_json',
    'not_found',
    'run_in_progress',
    'unprocessable',
    'unavailable',
  )
  start(
    @Param() { id }: RunConnectionPath,
    @Body() body: CreateRunBody,
    @CurrentCaller() caller: Caller,
  ): Promise<RunDto> {
    return this.requests.start(caller, id, body);
  }

  @Get('runs')
  @RequireScopes('directory:read')
  @ApiOperation({ operationId: 'runs.list', summary: 'List runs', description: 'Newest first.' })
  @ApiListResponse(RunDto)
  @ApiProblems('invalid_request', 'invalid_cursor')
  async list(@Query() query: RunsQuery, @CurrentActor() actor: Actor): Promise<ListAnswer<RunDto>> {
    const { limit, cursor, ...filters } = query;
    const scope = { list: 'runs', filters };
    const [before = null] = decodeCursor(scope, cursor) ?? [];
    const found = await rows<RunRow>(
      this.dataSource,
      `select * from runs
       where ($1::text[] is null or connection_id = any($1)) and ($2::text is null or connection_id = $2)
         and ($3::text is null or status = $3) and ($4::text is null or kind = $4) and ($5::text is null or mode = $5)
         and ($6::text is null or id < $6)
       order by id desc limit $7`,
      [
        actor.connectionIds,
        query.connectionId ?? null,
        query.status ?? null,
        query.kind ?? null,
        query.mode ?? null,
        before,
        limit + 1,
      ],
    );
    return listAnswer(scope, found, limit, (run) => [run.id], viewOf);
  }

  @Get('runs/:id')
  @RequireScopes('directory:read')
  @ApiOperation({ operationId: 'runs.get', summary: 'Read a run' })
  @ApiOkResponse({ type: RunDto, description: 'The run as it is now.' })
  @ApiProblems('invalid_request', 'not_found')
  async get(@Param() { id }: RunPath, @CurrentActor() actor: Actor): Promise<RunDto> {
    return viewOf(await this.requests.require(id, actor));
  }

  @Get('runs/:id/plan')
  @RequireScopes('directory:read')
  @ApiProduces('application/json', 'text/csv')
  @ApiOperation({
    operationId: 'runs.plan',
    summary: 'Read what a run changes',
    description:
      'One line per department or person, each changed field before and after. With `Accept: text/csv` the whole plan as one file, one row per field, safe to open in a spreadsheet.',
  })
  @ApiListResponse(PlanLineDto)
  @ApiProblems('invalid_request', 'invalid_cursor', 'not_found')
  async plan(
    @Param() { id }: RunPath,
    @Query() query: PlanQuery,
    @CurrentActor() actor: Actor,
    @Headers('accept') accept = '',
  ): Promise<ListAnswer<PlanLineDto> | StreamableFile> {
    const run = await this.requests.require(id, actor);
    const { limit, cursor, kind, action } = query;
    const showContact = hasScope(actor, 'directory:contact');
    if (accept.includes('text/csv')) {
      return new StreamableFile(Readable.from(this.csv(run, { kind, action, showContact })), {
        type: 'text/csv; charset=utf-8',
        disposition: `attachment; filename="plan-${run.id}.csv"`,
      });
    }
    const scope = { list: `plan:${id}`, filters: { kind, action } };
    const [afterLine = 0] = decodeCursor(scope, cursor) ?? [];
    const lines = await readPlan(this.dataSource, run, {
      kind,
      action,
      showContact,
      afterLine: afterLine as number,
      limit: limit + 1,
    });
    return listAnswer(
      scope,
      lines,
      limit,
      (line) => [line.line],
      (line) => line,
    );
  }

  @Get('runs/:id/rejected')
  @RequireScopes('directory:read')
  @ApiOperation({
    operationId: 'runs.rejected',
    summary: 'List the records a run could not take',
    description:
      'With the reason and the raw record. They make a run `partial`: it disables nobody for being absent.',
  })
  @ApiListResponse(RejectedRecordDto)
  @ApiProblems('invalid_request', 'invalid_cursor', 'not_found')
  async rejected(
    @Param() { id }: RunPath,
    @Query() { limit, cursor }: ListQuery,
    @CurrentActor() actor: Actor,
  ): Promise<ListAnswer<RejectedRecordDto>> {
    await this.requests.require(id, actor);
    const scope = `rejected:${id}`;
    const [after = 0] = decodeCursor(scope, cursor) ?? [];
    const found = await rows<RejectedRow>(
      this.dataSource,
      `select number, kind, external_id, reason, raw, at from rejected_records where run_id = $1 and number > $2
       order by number limit $3`,
      [id, after, limit + 1],
    );
    const showRaw = hasScope(actor, 'directory:contact');
    return listAnswer(
      scope,
      found,
      limit,
      (row) => [row.number],
      (row) => ({
        kind: row.kind,
        externalId: row.external_id,
        reason: row.reason,
        raw: showRaw ? row.raw : null,
        at: row.at.toISOString(),
      }),
    );
  }

  @Get('runs/:id/progress')
  @Header('cache-control', 'no-cache, no-transform')
  @Header('x-accel-buffering', 'no')
  @Header('connection', 'close')
  @RequireScopes('directory:read')
  @ApiOperation({
    operationId: 'runs.progress',
    summary: 'Follow a run',
    description:
      'Server-sent events: `progress` with the run whenever it changed, `end` with the run when it is over.',
  })
  @ApiOkResponse({
    description: 'A stream of the run.',
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  })
  @ApiProblems('invalid_request', 'not_found')
  async progress(@Param() { id }: RunPath, @CurrentActor() actor: Actor): Promise<StreamableFile> {
    await this.requests.require(id, actor);
    // The connection ends with the stream: kept alive, it would hold up a server that is closing. Not @Sse: it answers 200 before it knows whether there is such a run.
    return new StreamableFile(Readable.from(this.streams.of(id)), {
      type: 'text/event-stream; charset=utf-8',
    });
  }

  @Post('runs/:id/apply')
  @RequireScopes('runs:write')
  @HttpCode(202)
  @Idempotent()
  @ApiOperation({
    operationId: 'runs.apply',
    summary: 'Apply a plan, or approve a blocked run',
    description:
      'Exactly the plan that was shown; when somebody in it has changed since, nothing is done (`plan_outdated`).',
  })
  @ApiAcceptedResponse({ type: RunDto, description: 'The run goes on.' })
  @ApiProblems('invalid_request', 'not_found', 'conflict', 'plan_outdated', 'run_in_progress')
  apply(@Param() { id }: RunPath, @CurrentCaller() caller: Caller): Promise<RunDto> {
    return this.requests.apply(caller, id);
  }

  @Post('runs/:id/cancel')
  @RequireScopes('runs:write')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({
    operationId: 'runs.cancel',
    summary: 'Stop a run',
    description: 'What it applied so far stays applied.',
  })
  @ApiOkResponse({ type: RunDto, description: 'The run, canceled.' })
  @ApiProblems('invalid_request', 'not_found', 'conflict')
  cancel(@Param() { id }: RunPath, @CurrentCaller() caller: Caller): Promise<RunDto> {
    return this.requests.cancel(caller, id);
  }

  private async *csv(
    run: RunRow,
    options: Pick<PlanPage, 'kind' | 'action' | 'showContact'>,
  ): AsyncGenerator<string> {
    yield CSV_HEAD;
    for (let afterLine = 0; ;) {
      const lines = await readPlan(this.dataSource, run, { ...options, afterLine, limit: CSV_PAGE });
      if (lines.length > 0) yield lines.map(csvRows).join('');
      if (lines.length < CSV_PAGE) return;
      afterLine = lines.at(-1)!.line;
    }
  }
}

interface RejectedRow {
  number: number;
  kind: 'user' | 'department' | 'task';
  external_id: string | null;
  reason: string;
  raw: JsonValue;
  at: Date;
}
