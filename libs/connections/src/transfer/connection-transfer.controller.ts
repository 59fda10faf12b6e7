import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  assertAllConnections,
  assertConnectionAllowed,
  CurrentActor,
  CurrentCaller,
  RequireScopes,
  type Actor,
  type Caller,
} from '@trainbridge/access';
import { ApiProblems } from '@trainbridge/http-api';
import { toConnectionDto } from '../connections.controller.js';
import { ConnectionDto, ConnectionPath } from '../dto/connection.dto.js';
import { ConnectionDocument, ImportConnectionBody } from './connection-document.dto.js';
import { ConnectionTransfer } from './connection-transfer.js';

@ApiTags('Connections')
@Controller('api/v1/connections')
export class ConnectionTransferController {
  constructor(private readonly transfer: ConnectionTransfer) {}

  @Get(':id/export')
  @RequireScopes('connections:read')
  @ApiOperation({
    operationId: 'connections.export',
    summary: 'Export a connection’s configuration',
    description:
      'To be imported on another host, such as from test to production. Without secrets, proxy and people; what was never set is left out.',
  })
  @ApiOkResponse({ type: ConnectionDocument, description: 'The document; keep it as a file.' })
  @ApiProblems('invalid_request', 'not_found')
  async export(@Param() { id }: ConnectionPath, @CurrentActor() actor: Actor): Promise<ConnectionDocument> {
    assertConnectionAllowed(actor, id);
    return this.transfer.export(id);
  }

  @Post('import')
  @RequireScopes('connections:admin')
  @ApiOperation({
    operationId: 'connections.import',
    summary: 'Import a connection’s configuration',
    description:
      'Makes a new connection of an exported document, or brings an existing one to its state. Secrets are given in `config`.',
  })
  @ApiCreatedResponse({ type: ConnectionDto, description: 'The connection as it is now.' })
  @ApiProblems(
    'invalid_request',
    'invalid_json',
    'not_found',
    'forbidden',
    'identity_immutable',
    'body_too_large',
    'unsupported_media_type',
  )
  async import(@Body() body: ImportConnectionBody, @CurrentCaller() caller: Caller): Promise<ConnectionDto> {
    if (body.connectionId === undefined) assertAllConnections(caller.actor);
    else assertConnectionAllowed(caller.actor, body.connectionId);
    return toConnectionDto(await this.transfer.import(caller, body));
  }
}
