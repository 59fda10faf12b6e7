import { Controller, Get, Headers } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequireScopes } from '@trainbridge/access';
import { capabilitiesOf, type Connector, type JsonObject } from '@trainbridge/connector-kit';
import type { LoadedConnector } from '@trainbridge/connector-runtime';
import { localize, preferredLanguage, type Language } from '@trainbridge/http-api';
import { ConnectorDto, ConnectorsDto, ResultActionDto } from '../dto/connector.dto.js';
import { Connectors } from './connectors.js';

@ApiTags('Connections')
@Controller('api/v1/connectors')
export class ConnectorsController {
  constructor(private readonly connectors: Connectors) {}

  @Get()
  @RequireScopes('connections:read')
  @ApiOperation({
    operationId: 'connectors.list',
    summary: 'List the connectors of this host',
    description: 'With the schema their configuration must follow. One that could not be loaded says why.',
  })
  @ApiOkResponse({ type: ConnectorsDto, description: 'All of them, on one page.' })
  list(@Headers('accept-language') acceptLanguage?: string): ConnectorsDto {
    const language = preferredLanguage(acceptLanguage);
    return { data: this.connectors.list().map((entry) => toDto(entry, language)), nextCursor: null };
  }
}

function toDto(entry: LoadedConnector, language: Language): ConnectorDto {
  const known = { package: entry.packageName, version: entry.version };
  if (entry.status === 'unavailable') {
    return {
      id: entry.packageName,
      ...known,
      name: entry.packageName,
      status: entry.reason,
      capabilities: [],
      resultActions: [],
      configSchema: null,
    };
  }
  const { connector } = entry;
  return {
    id: entry.id,
    ...known,
    name: localize(connector.manifest.name, language),
    status: 'available',
    capabilities: capabilitiesOf(connector),
    resultActions: resultActions(connector, language),
    configSchema: asJson(connector.configSchema),
  };
}

function resultActions(connector: Connector, language: Language): ResultActionDto[] {
  return (connector.manifest.results?.actions ?? []).map(
    ({ name, title, optionsSchema, idempotency, recipients }) => ({
      name,
      title: localize(title, language),
      optionsSchema: asJson(optionsSchema),
      idempotency,
      recipients: [...recipients],
    }),
  );
}

function asJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
