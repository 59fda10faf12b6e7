import type {
  CustomersCapability,
  DirectoryCapability,
  EventsCapability,
  Finding,
  IdentityCapability,
  ResultsCapability,
  TasksCapability,
  TodosCapability,
} from './capabilities.js';
import type { ConfigOf, ConfigSchema } from './config-schema.js';
import type { ConnectorContext } from './context.js';
import type { Classification, HttpRequest, HttpResponse } from './http.js';
import type { JsonObject } from './json.js';
import type { Manifest } from './manifest.js';

/** A named credential of the platform. The host caches it per credential and never fetches it twice at a time. */
export interface TokenDefinition<C> {
  /** Configuration properties the token depends on: their values are the cache key, shared by connections of one app. */
  credentials: readonly (keyof C & string)[];
  fetch(context: ConnectorContext<C>): Promise<{ value: string; expiresInSeconds: number }>;
  /** Where the token goes on a request: query, header or body. Pure. */
  apply(request: HttpRequest, token: string): HttpRequest;
}

export const CAPABILITIES = [
  'identity',
  'directory',
  'customers',
  'events',
  'tasks',
  'todos',
  'results',
] as const;
export type CapabilityName = (typeof CAPABILITIES)[number];

export interface ConnectorDefinition<C> {
  manifest: Manifest;
  tokens: Record<string, TokenDefinition<C>>;
  /** Pure. Called for every JSON answer; `request` is as the connector gave it, before the token. */
  classify(response: HttpResponse, request: HttpRequest): Classification;
  /** Reads only. Goes on after a failed step where that tells more. */
  check(context: ConnectorContext<C>): Promise<Finding[]>;
  identity?: IdentityCapability<C>;
  directory?: DirectoryCapability<C>;
  customers?: CustomersCapability<C>;
  events?: EventsCapability<C>;
  tasks?: TasksCapability<C>;
  todos?: TodosCapability<C>;
  results?: ResultsCapability<C>;
}

/** A connector as the host sees it: configuration is JSON that its schema accepted. */
export interface Connector extends ConnectorDefinition<JsonObject> {
  configSchema: ConfigSchema;
}

/**
 * The default export of a connector package. Types flow from `configSchema` into every function:
 * `context.config.corpId` is a string because the schema says so.
 */
export function defineConnector<const S extends ConfigSchema>(
  definition: { configSchema: S } & ConnectorDefinition<ConfigOf<S>>,
): Connector {
  // The host validates a configuration with this very schema before every call, which is what makes the cast true.
  return definition as unknown as Connector;
}

/** The keys present are the capability list. */
export function capabilitiesOf(connector: Connector): CapabilityName[] {
  return CAPABILITIES.filter((name) => connector[name] !== undefined);
}
