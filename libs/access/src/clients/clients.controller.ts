import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { ApiListResponse, ApiProblems, ListQuery, type ListAnswer } from '@trainbridge/http-api';
import type { Actor, Caller } from '../actor.js';
import { CurrentActor, CurrentCaller, RequireScopes } from '../decorators.js';
import { Idempotent } from '../idempotency/idempotent.js';
import {
  ApiTokenDto,
  ClientDto,
  CreateClientDto,
  CreateTokenDto,
  CreatedApiTokenDto,
  CreatedClientDto,
  RotateSecretDto,
  RotatedSecretDto,
  UpdateClientDto,
} from './client.dto.js';
import { ClientTokens } from './client-tokens.js';
import { Clients } from './clients.js';

@ApiTags('Access')
@Controller('api/v1/clients')
@RequireScopes('clients:admin')
export class ClientsController {
  constructor(
    private readonly clients: Clients,
    private readonly tokens: ClientTokens,
  ) {}

  @Post()
  @Idempotent()
  @ApiOperation({
    operationId: 'createClient',
    summary: 'Create an API client',
    description:
      'The secret is in this answer and nowhere else. Nobody can hand out scopes or connections beyond their own.',
  })
  @ApiCreatedResponse({ type: CreatedClientDto, description: 'The client, with its secret.' })
  @ApiProblems('invalid_request', 'invalid_json', 'forbidden')
  async create(@Body() dto: CreateClientDto, @CurrentCaller() caller: Caller): Promise<CreatedClientDto> {
    const { client, secret } = await this.clients.create(dto, caller);
    return { ...client, clientSecret: secret };
  }

  @Get()
  @ApiOperation({ operationId: 'listClients', summary: 'List API clients', description: 'Newest first.' })
  @ApiListResponse(ClientDto, 'Clients, newest first.')
  @ApiProblems('invalid_request', 'invalid_cursor')
  list(@Query() query: ListQuery, @CurrentActor() actor: Actor): Promise<ListAnswer<ClientDto>> {
    return this.clients.list(query, actor);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getClient', summary: 'Read an API client' })
  @ApiOkResponse({ type: ClientDto, description: 'The client.' })
  @ApiProblems('not_found')
  get(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<ClientDto> {
    return this.clients.require(id, actor);
  }

  @Patch(':id')
  @Idempotent()
  @ApiOperation({
    operationId: 'updateClient',
    summary: 'Change an API client',
    description: 'Absent fields stay. What is taken away is gone from its tokens at once.',
  })
  @ApiOkResponse({ type: ClientDto, description: 'The client.' })
  @ApiProblems('invalid_request', 'invalid_json', 'not_found', 'forbidden')
  update(
    @Param('id') id: string,
    @Body() dto: UpdateClientDto,
    @CurrentCaller() caller: Caller,
  ): Promise<ClientDto> {
    return this.clients.update(id, dto, caller);
  }

  @Delete(':id')
  @HttpCode(204)
  @Idempotent()
  @ApiOperation({
    operationId: 'deleteClient',
    summary: 'Delete an API client',
    description: 'Its secrets and tokens stop working at once, everywhere.',
  })
  @ApiNoContentResponse({ description: 'Deleted.' })
  @ApiProblems('not_found', 'forbidden')
  remove(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<void> {
    return this.clients.remove(id, caller);
  }

  @Post(':id/rotate-secret')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({
    operationId: 'rotateClientSecret',
    summary: 'Give an API client a new secret',
    description:
      'The secret so far goes on working for `overlapSeconds`, so that the client can be switched over in peace.',
  })
  @ApiOkResponse({ type: RotatedSecretDto, description: 'The new secret.' })
  @ApiProblems('invalid_request', 'invalid_json', 'not_found', 'forbidden')
  async rotate(
    @Param('id') id: string,
    @Body() dto: RotateSecretDto,
    @CurrentCaller() caller: Caller,
  ): Promise<RotatedSecretDto> {
    const { secret, previousExpiresAt } = await this.clients.rotateSecret(id, dto.overlapSeconds, caller);
    return { clientId: id, clientSecret: secret, previousExpiresAt };
  }

  @Post(':id/tokens')
  @Idempotent()
  @ApiOperation({
    operationId: 'createClientToken',
    summary: 'Create an API token',
    description:
      'A long-lived token for callers that cannot do OAuth 2. It is in this answer and nowhere else.',
  })
  @ApiCreatedResponse({ type: CreatedApiTokenDto, description: 'The token.' })
  @ApiProblems('invalid_request', 'invalid_json', 'not_found', 'forbidden')
  createToken(
    @Param('id') id: string,
    @Body() dto: CreateTokenDto,
    @CurrentCaller() caller: Caller,
  ): Promise<CreatedApiTokenDto> {
    return this.tokens.create(id, dto, caller);
  }

  @Get(':id/tokens')
  @ApiOperation({
    operationId: 'listClientTokens',
    summary: 'List the API tokens of a client',
    description: 'Newest first.',
  })
  @ApiListResponse(ApiTokenDto, 'API tokens, newest first.')
  @ApiProblems('invalid_request', 'invalid_cursor', 'not_found')
  listTokens(
    @Param('id') id: string,
    @Query() query: ListQuery,
    @CurrentActor() actor: Actor,
  ): Promise<ListAnswer<ApiTokenDto>> {
    return this.tokens.list(id, query, actor);
  }

  @Delete(':id/tokens/:tokenId')
  @HttpCode(204)
  @Idempotent()
  @ApiOperation({
    operationId: 'deleteClientToken',
    summary: 'Revoke an API token',
    description: 'At once, everywhere.',
  })
  @ApiNoContentResponse({ description: 'Revoked.' })
  @ApiProblems('not_found', 'forbidden')
  revokeToken(
    @Param('id') id: string,
    @Param('tokenId') tokenId: string,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    return this.tokens.revoke(id, tokenId, caller);
  }
}
