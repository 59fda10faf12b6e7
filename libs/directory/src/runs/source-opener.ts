import { Injectable } from '@nestjs/common';
import { Connections } from '@trainbridge/connections';
import { ConnectorError } from '@trainbridge/connector-kit';
import { Expressions } from '@trainbridge/expressions';
import { declaredFieldsOf, guardOf } from '../sync/run-facts.js';
import { expressionMapper } from '../sync/stage/expression-mapper.js';
import type { OpenedSource } from './run-engine.js';

/** Opens a connection's platform for a run, with the settings as they are at that moment. */
@Injectable()
export class SourceOpener {
  constructor(
    private readonly connections: Connections,
    private readonly expressions: Expressions,
  ) {}

  /**
   * @throws {ProblemError} `not_found`
   * @throws {ConnectorError} `unavailable` when the connector is not loaded, `config_invalid` when it has no directory
   */
  async open(connectionId: string, signal: AbortSignal): Promise<OpenedSource> {
    const { connector, connection, context } = await this.connections.contextFor(connectionId, signal);
    if (!connector.directory)
      throw new ConnectorError('config_invalid', 'This connector has no directory to read.');
    return {
      directory: connector.directory,
      manifest: connector.manifest,
      context,
      ...(connector.customers ? { customers: connector.customers } : {}),
      detailFields: connection.settings.detailCalls ? (connector.manifest.directory?.detailFields ?? []) : [],
      mapper: expressionMapper(this.expressions, connection.settings.mapping),
      facts: {
        guard: guardOf(connection.settings.guard),
        declaredFields: declaredFieldsOf(connector.manifest.directory),
      },
    };
  }
}
