import type { ConfigSchema } from './config-schema.js';
import type { LocalizedText } from './json.js';
import type { DepartmentField, UserField } from './records.js';

/** The contract this kit describes: additions only within 1.x; a host serves every older minor of its major. */
export const CONTRACT_VERSION = '1.0';

/** A host the connector may call: a name, or the origin a configuration property holds (private deployments, simulators). */
export type AllowedHost = string | { fromConfig: string };

export interface RateLimit {
  name: string;
  /** Configuration properties whose values make up the key: connections of one app share one limit. */
  keyFrom: readonly string[];
  /** Counted per URL path rather than over all calls; only for platforms whose paths carry no ids. */
  perEndpoint?: true;
  /** Only calls whose path begins with one of these, counted together; absent: all calls. One rule per family of paths with ids. */
  paths?: readonly string[];
  limit: number;
  perMs: number;
}

/**
 * How a repeated action is kept single. `natural`: doing it twice changes nothing; `key`: the platform drops a repeated
 * key; `lookup`: the connector looks before it acts; `none`: a crash between send and record may repeat it. With `key` the
 * host repeats a batch whose outcome it does not know with the same items in the same order: the key may be the batch's.
 */
export type Idempotency = 'natural' | 'key' | 'lookup' | 'none';

export interface Repeatable {
  idempotency: Idempotency;
  /** How long the platform remembers a `key`; absent: for good. After that a repeat is a second action. */
  keyLifetimeMs?: number;
}

export interface ResultAction extends Repeatable {
  name: 'message' | 'tag' | 'record' | 'attribute';
  title: LocalizedText;
  optionsSchema: ConfigSchema;
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
  /**
   * For platforms that name the address of a web socket in an answer of their API, on whatever host: the configuration
   * property with the origin of that API. Opens web sockets only, to no address the deployer's policy refuses, and
   * unencrypted ones only where that origin is `http://` itself.
   */
  webSocketsNamedBy?: { fromConfig: string };
  rateLimits: readonly RateLimit[];
  /** Calls in flight per connection. */
  maxConcurrency: number;
  identity?: {
    /** Pieces of the User-Agent by which the platform's own client is known: there a login needs no scanning. */
    inAppUserAgents: readonly string[];
  };
  directory?: {
    /**
     * How people are listed: once per department, once for the company, or both (two sources that complete each other,
     * such as an id list under one credential and attributes under another).
     */
    usersBy: 'department' | 'company' | 'both';
    /**
     * How departments are listed: all in one walk (absent), or the host goes from parent to children, side by side, where the
     * platform only tells direct children.
     */
    departmentsBy?: 'company' | 'parent';
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
    /**
     * Fields of the configuration that callbacks are verified with. Where `listen` is declared too and one of them is filled in,
     * a held connection that is not up is no failed check: events may come by callback.
     */
    callbackKeys?: readonly string[];
    /**
     * Fields of the configuration that name the app. A platform tells each event to any one of the connections held by an app;
     * the host gives it to all of its own whose fields are equal.
     */
    listenKeyFrom?: readonly string[];
  };
  tasks?: {
    /** What `since` is compared with. `created`: the host also reads again the tasks it still holds as open. */
    listedBy: 'created' | 'changed';
    /** Most ids per `tasks.get` call. */
    lookupBatch: number;
    /**
     * Minutes between two readings nobody asked for, at least; absent: the host's own 10. More where a platform tells changes
     * by event and counts calls by the month.
     */
    everyMinutes?: number;
  };
  todos?: Repeatable & { maxBatch: number };
  results?: { actions: readonly ResultAction[] };
  /** Configuration properties `{ name, content }` the host serves as `/{name}` at its root: a platform's proof of domain. */
  servedFiles?: readonly { fromConfig: string }[];
}
