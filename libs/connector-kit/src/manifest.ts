import type { ConfigSchema } from './config-schema.js';
import type { LocalizedText } from './json.js';
import type { DepartmentField, UserField } from './records.js';

/** The contract this kit describes. 0.x until three vendors have proven it. */
export const CONTRACT_VERSION = '0.1';

/** A host the connector may call: a name, or the origin a configuration property holds (private deployments, simulators). */
export type AllowedHost = string | { fromConfig: string };

export interface RateLimit {
  name: string;
  /** Configuration properties whose values make up the key: connections of one app share one limit. */
  keyFrom: readonly string[];
  /** Counted per URL path rather than over all calls. */
  perEndpoint?: true;
  /** Only calls whose path begins with one of these; absent: all calls. */
  paths?: readonly string[];
  limit: number;
  perMs: number;
}

/**
 * How a repeated action is kept single. `natural`: doing it twice changes nothing; `key`: the platform drops a repeated
 * key; `lookup`: the connector looks before it acts; `none`: a crash between send and record may repeat it.
 */
export type Idempotency = 'natural' | 'key' | 'lookup' | 'none';

export interface ResultAction {
  name: 'message' | 'tag' | 'record' | 'attribute';
  title: LocalizedText;
  optionsSchema: ConfigSchema;
  idempotency: Idempotency;
  recipients: readonly ('user' | 'customer')[];
  maxBatch: number;
}

/** Data the host acts on without running the connector. */
export interface Manifest {
  /** Lower-case letters, digits, dashes. */
  id: string;
  contractVersion: typeof CONTRACT_VERSION;
  name: LocalizedText;
  allowedHosts: readonly AllowedHost[];
  rateLimits: readonly RateLimit[];
  /** Calls in flight per connection. */
  maxConcurrency: number;
  directory?: {
    /**
     * How people are listed: once per department, once for the company, or both (two sources that complete each other,
     * such as an id list under one credential and attributes under another).
     */
    usersBy: 'department' | 'company' | 'both';
    /** Fields this platform can tell; a declared field that a record lacks is `withheld`. */
    userFields: readonly UserField[];
    departmentFields: readonly DepartmentField[];
    /** Most ids per getUsers / getDepartments call. */
    lookupBatch: number;
    /** Fields only `getUsers` tells, at one call per person: asked for new or changed people when the connection says so. */
    detailFields?: readonly UserField[];
  };
  events?: {
    /** `callback`: the platform posts to our URL; `listen`: we hold a connection. */
    delivery: readonly ('callback' | 'listen')[];
  };
  todos?: { idempotency: Idempotency; maxBatch: number };
  results?: { actions: readonly ResultAction[] };
  /** Configuration properties `{ name, content }` the host serves as `/{name}` at its root: a platform's proof of domain. */
  servedFiles?: readonly { fromConfig: string }[];
}
