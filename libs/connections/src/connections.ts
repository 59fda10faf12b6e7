import { Injectable } from '@nestjs/common';
import { ConnectorError } from '@trainbridge/connector-kit';
import { ConnectorRuntime, redactingConnector, validateConfig } from '@trainbridge/connector-runtime';
import type { Connection, ConnectionContext } from './connection.js';
import { connectorLog } from './connectors/connector-log.js';
import { Connectors } from './connectors/connectors.js';
import { ConnectionStore } from './connection-store.js';
import { joinConfig } from './secrets/split-config.js';

/** What tells whether work that goes on for a connection has to begin anew. */
export interface ConnectionRevision {
  id: string;
  connector: string;
  revision: number;
  listen: boolean;
}

/** What other features ask about connections. Changing them is ConnectionEditor's. */
@Injectable()
export class Connections {
  constructor(
    private readonly store: ConnectionStore,
    private readonly connectors: Connectors,
    private readonly runtime: ConnectorRuntime,
  ) {}

  /** @throws {ProblemError} `not_found`. */
  async require(id: string): Promise<Connection> {
    return this.store.toConnection(await this.store.require(id));
  }

  /** In the order they were made. `ids`: only these, null for all. */
  async list(ids: readonly string[] | null = null): Promise<Connection[]> {
    const all: Connection[] = [];
    for (let after: string | undefined; ; after = all.at(-1)!.id) {
      const page = await this.store.list({ ids, after, limit: 200 });
      all.push(...page.slice(0, 200).map((stored) => this.store.toConnection(stored)));
      if (page.length <= 200) return all;
    }
  }

  /** All connections in their present form; cheap, nothing is decrypted. */
  revisions(): Promise<ConnectionRevision[]> {
    return this.store.revisions();
  }

  /**
   * Everything one piece of work with a connector needs; calls made through it end when `signal` aborts. Reads the
   * connection anew each time, so a changed secret counts from the next piece of work on.
   * @param secrets what this piece of work knows beside the configuration and nobody may see: one-time codes
   * @throws {ProblemError} `not_found`.
   * @throws {ConnectorError} `unavailable` when the connector is not loaded, `config_invalid` when a newer version of it
   *   no longer takes the stored configuration.
   */
  async contextFor(
    id: string,
    signal: AbortSignal,
    secrets: readonly string[] = [],
  ): Promise<ConnectionContext> {
    const stored = await this.store.require(id);
    const connection = this.store.toConnection(stored);
    const connector = this.connectors.require(stored.connector);
    const validated = validateConfig(connector, joinConfig(stored.config, stored.secrets.config));
    if (!validated.ok) {
      const [first] = validated.errors;
      throw new ConnectorError(
        'config_invalid',
        `The configuration is no longer valid: ${first?.path ?? '/config'} ${first?.message.en ?? ''}`.trim(),
      );
    }
    const { timezone, locale, proxyUrl } = connection.settings;
    const runtimeConnection = { id, config: validated.config, timezone, locale, proxyUrl };
    const context = this.runtime.contextFor({
      connector,
      connection: runtimeConnection,
      callbackUrl: connection.callbackUrl,
      signal,
      log: connectorLog(connector.manifest.id, id),
      secrets,
    });
    const redact = (text: string): string => this.runtime.redact(connector, runtimeConnection, text, secrets);
    return { connector: redactingConnector(connector, redact), connection, context, redact };
  }
}
