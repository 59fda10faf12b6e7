import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import {
  assertAllConnections,
  assertConnectionAllowed,
  CurrentActor,
  CurrentCaller,
  RequireScopes,
  type Actor,
  type Caller,
} from '@trainbridge/access';
import {
  ApiListResponse,
  ApiProblems,
  decodeCursor,
  listAnswer,
  preferredLanguage,
  type ListAnswer,
} from '@trainbridge/http-api';
import type { Connection } from './connection.js';
import { ConnectionCheck } from './check/connection-check.js';
import { ConnectionEditor } from './connection-editor.js';
import { ConnectionStore } from './connection-store.js';
import {
  CheckBody,
  CheckResultDto,
  ConnectionDto,
  ConnectionPath,
  ConnectionsQuery,
  ConnectionStatsDto,
  CreateConnectionBody,
  DeleteConnectionQuery,
  UpdateConnectionBody,
} from './dto/connection.dto.js';
import { ConnectionStatsSources } from './hooks/connection-stats.js';
import { maskedProxyUrl } from './settings/connection-settings.js';

@ApiTags('Connections')
@Controller('api/v1/connections')
export class ConnectionsController {
  constructor(
    private readonly store: ConnectionStore,
    private readonly editor: ConnectionEditor,
    private readonly checks: ConnectionCheck,
    private readonly stats: ConnectionStatsSources,
  ) {}

  @Get()
  @RequireScopes('connections:read')
  @ApiOperation({
    operationId: 'connections.list',
    summary: 'List connections',
    description: 'Oldest first.',
  })
  @ApiListResponse(ConnectionDto)
  @ApiProblems('invalid_request', 'invalid_cursor')
  async list(
    @Query() { limit, cursor, connector }: ConnectionsQuery,
    @CurrentActor() actor: Actor,
  ): Promise<ListAnswer<ConnectionDto>> {
    const scope = { list: 'connections', filters: { connector } };
    const [after] = decodeCursor(scope, cursor) ?? [];
    const rows = await this.store.list({
      ids: actor.connectionIds,
      connector,
      after: after as string,
      limit,
    });
    return listAnswer(
      scope,
      rows,
      limit,
      (row) => [row.id],
      (row) => toConnectionDto(this.store.toConnection(row)),
    );
  }

  @Post()
  @RequireScopes('connections:admin')
  @ApiOperation({
    operationId: 'connections.create',
    summary: 'Connect a company',
    description:
      'The configuration is validated with the connector’s schema; nothing is called yet: use `check` next.',
  })
  @ApiCreatedResponse({ type: ConnectionDto, description: 'The connection, without its secrets.' })
  @ApiProblems('invalid_request', 'invalid_json', 'forbidden', 'body_too_large', 'unsupported_media_type')
  async create(@Body() body: CreateConnectionBody, @CurrentCaller() caller: Caller): Promise<ConnectionDto> {
    assertAllConnections(caller.actor);
    return toConnectionDto(await this.editor.create(caller, body));
  }

  @Get(':id')
  @RequireScopes('connections:read')
  @ApiOperation({ operationId: 'connections.get', summary: 'Read a connection' })
  @ApiOkResponse({ type: ConnectionDto, description: 'The connection, without its secrets.' })
  @ApiProblems('invalid_request', 'not_found')
  async get(@Param() { id }: ConnectionPath, @CurrentActor() actor: Actor): Promise<ConnectionDto> {
    assertConnectionAllowed(actor, id);
    return toConnectionDto(this.store.toConnection(await this.store.require(id)));
  }

  @Patch(':id')
  @RequireScopes('connections:admin')
  @ApiOperation({
    operationId: 'connections.update',
    summary: 'Change a connection',
    description:
      'A JSON Merge Patch (RFC 7396): what is absent stays, a secret that is absent stays, null goes back to the default.',
  })
  @ApiOkResponse({ type: ConnectionDto, description: 'The connection as it is now.' })
  @ApiProblems(
    'invalid_request',
    'invalid_json',
    'not_found',
    'identity_immutable',
    'body_too_large',
    'unavailable',
  )
  async update(
    @Param() { id }: ConnectionPath,
    @Body() body: UpdateConnectionBody,
    @CurrentCaller() caller: Caller,
  ): Promise<ConnectionDto> {
    assertConnectionAllowed(caller.actor, id);
    return toConnectionDto(await this.editor.update(caller, id, body));
  }

  @Delete(':id')
  @RequireScopes('connections:admin')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'connections.delete',
    summary: 'Delete a connection',
    description:
      'Its secrets, exchanges and platform events go with it; `people` says what becomes of its people.',
  })
  @ApiNoContentResponse({ description: 'It is gone.' })
  @ApiProblems('invalid_request', 'not_found', 'conflict')
  async remove(
    @Param() { id }: ConnectionPath,
    @Query() { people }: DeleteConnectionQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    assertConnectionAllowed(caller.actor, id);
    await this.editor.remove(caller, id, people);
  }

  @Post(':id/check')
  @RequireScopes('connections:admin')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'connections.check',
    summary: 'Check a connection',
    description:
      'Asks the platform, reading only: token, outbound address, permissions, visible range, readable fields, head count. With `fixtures` it also answers what the platform said, pseudonymised.',
  })
  @ApiBody({ type: CheckBody, required: false })
  @ApiOkResponse({ type: CheckResultDto, description: 'What was found, step by step.' })
  @ApiProblems('invalid_request', 'not_found')
  async check(
    @Param() { id }: ConnectionPath,
    @Body() { fixtures }: CheckBody,
    @CurrentActor() actor: Actor,
    @Headers('accept-language') acceptLanguage?: string,
  ): Promise<CheckResultDto> {
    assertConnectionAllowed(actor, id);
    return this.checks.run(id, preferredLanguage(acceptLanguage), { fixtures: fixtures ?? false });
  }

  @Get(':id/stats')
  @RequireScopes('connections:read')
  @ApiOperation({ operationId: 'connections.stats', summary: 'Figures of a connection' })
  @ApiOkResponse({ type: ConnectionStatsDto, description: 'Counts as they are now.' })
  @ApiProblems('invalid_request', 'not_found')
  async readStats(
    @Param() { id }: ConnectionPath,
    @CurrentActor() actor: Actor,
  ): Promise<ConnectionStatsDto> {
    assertConnectionAllowed(actor, id);
    await this.store.require(id);
    return this.stats.collect(id);
  }
}

export function toConnectionDto(connection: Connection): ConnectionDto {
  const { settings, createdAt, updatedAt, ...rest } = connection;
  return {
    ...rest,
    ...settings,
    proxyUrl: maskedProxyUrl(settings.proxyUrl),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
