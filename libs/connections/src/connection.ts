import type { Connector, ConnectorContext, JsonObject } from '@trainbridge/connector-kit';
import type { ConnectionSettings } from './settings/connection-settings.js';

/** One company's configured use of a platform. Without its secrets: they exist only inside a context. */
export interface Connection {
  id: string;
  name: string;
  /** Id of the connector. */
  connector: string;
  /** What may be shown of the configuration, as it was given. */
  config: JsonObject;
  /** Names of the secrets that are set. */
  secretsSet: string[];
  settings: ConnectionSettings;
  /** Grows with every change: part of every cache key. */
  revision: number;
  /** Where the platform sends events; null without a public URL. */
  callbackUrl: string | null;
  createdAt: Date;
  updatedAt: Date;
}

/** What a call into a connector needs. Made anew for each call: a connection may change in between. */
export interface ConnectionContext {
  /** What it throws is free of secrets; what it answers of failures is its caller's to redact. */
  connector: Connector;
  connection: Connection;
  context: ConnectorContext;
  /** Takes this connection's secrets and tokens out of a text before it is stored or shown. */
  readonly redact: (text: string) => string;
}
