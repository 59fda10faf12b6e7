import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentActor, RequireScopes, type Actor } from '@trainbridge/access';
import {
  ApiListResponse,
  ApiProblems,
  decodeCursor,
  listAnswer,
  notFound,
  type ListAnswer,
} from '@trainbridge/http-api';
import { rows } from '@trainbridge/persistence';
import { DataSource } from 'typeorm';
import { TaskDto, TaskPath, TasksQuery } from './task.dto.js';
import type { TaskRow } from './task-store.js';

@ApiTags('Rules')
@Controller('api/v1/tasks')
@RequireScopes('assignments:read')
export class TasksController {
  constructor(private readonly dataSource: DataSource) {}

  @Get()
  @ApiOperation({
    operationId: 'listTasks',
    summary: 'List the platforms’ tasks',
    description: 'Approvals and other tasks as they were read last, newest first. What rules look at.',
  })
  @ApiListResponse(TaskDto)
  @ApiProblems('invalid_request', 'invalid_cursor')
  async list(@Query() query: TasksQuery, @CurrentActor() actor: Actor): Promise<ListAnswer<TaskDto>> {
    const { limit, cursor, ...filters } = query;
    const scope = { list: 'tasks', filters };
    const [before = null] = decodeCursor(scope, cursor) ?? [];
    const found = await rows<TaskRow>(
      this.dataSource,
      `select * from tasks t where ($1::text[] is null or connection_id = any($1)) and ($2::text is null or connection_id = $2)
         and ($3::text is null or kind = $3) and ($4::text is null or status = $4) and ($5::text is null or external_id = $5)
         and ($6::text is null or id < $6)
       order by id desc limit $7`,
      [
        actor.connectionIds,
        filters.connectionId ?? null,
        filters.kind ?? null,
        filters.status ?? null,
        filters.externalId ?? null,
        before,
        limit + 1,
      ],
    );
    return listAnswer(scope, found, limit, ({ id }) => [id], toTask);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getTask', summary: 'Read a task' })
  @ApiOkResponse({ type: TaskDto })
  @ApiProblems('invalid_request', 'not_found')
  async get(@Param() { id }: TaskPath, @CurrentActor() actor: Actor): Promise<TaskDto> {
    const [row] = await rows<TaskRow>(
      this.dataSource,
      `select * from tasks where id = $1 and ($2::text[] is null or connection_id = any($2))`,
      [id, actor.connectionIds],
    );
    if (!row) throw notFound('task', id);
    return toTask(row);
  }
}

function toTask(row: TaskRow): TaskDto {
  return {
    id: row.id,
    connectionId: row.connection_id,
    externalId: row.external_id,
    kind: row.kind,
    title: row.title,
    status: row.status,
    applicantExternalId: row.applicant_external_id,
    form: row.form,
    changedAt: row.changed_at.toISOString(),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
