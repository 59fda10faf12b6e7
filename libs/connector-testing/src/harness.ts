import type { JsonObject, RawCallback, ResultItem, TodoItem } from '@trainbridge/connector-kit';

/** What the author of a connector supplies: a platform, and what is in it. The suite brings the cases. */
export interface ConformanceHarness {
  /**
   * A platform in its initial state: a simulator, or a small server of your own that answers as the platform does. Called for
   * every case, so that none sees another's traces.
   */
  start: () => Promise<PlatformUnderTest>;
  /** Cases that cannot apply to this platform, by their name, with the reason that is printed. */
  skip?: Partial<Record<string, string>>;
}

type Awaitable<T> = T | Promise<T>;

/** The platform of one case. What belongs to a capability is needed when the connector has it. */
export interface PlatformUnderTest {
  /** A configuration that works, as somebody would enter it. */
  config: JsonObject;
  /** The same with credentials that the platform refuses. */
  refusedConfig: JsonObject;
  /** Milliseconds since the epoch; absent: the real time. */
  now?: () => number;
  /** Ends every token the platform has given out. */
  expireTokens: () => Awaitable<void>;
  /** The next calls, this many, are refused because there were too many. Tokens are not among them. */
  limitRate: (calls: number) => Awaitable<void>;
  directory?: {
    /** External ids of everybody and everything the configuration may see. */
    people: readonly string[];
    departments: readonly string[];
    /** One of them, who stands in three departments. */
    inThreeDepartments: string;
    /** An id nobody has. */
    nobody: string;
  };
  customers?: { everybody: readonly string[]; nobody: string };
  tasks?: {
    /** All tasks created since then (milliseconds) are `known`. */
    since: number;
    known: readonly string[];
    nothing: string;
  };
  events?: {
    /** A genuine event, as the platform would post it now. Called twice: two different events of one second. */
    genuine: () => Awaitable<RawCallback>;
    /** The same kind of thing from somebody who does not know the keys; each must be refused. */
    forged: () => Awaitable<readonly RawCallback[]>;
    /** Verification of the callback address, and the very body it has to be answered with. */
    challenge?: () => Awaitable<{ raw: RawCallback; body: string }>;
  };
  identity?: {
    redirectUri: string;
    mode: 'browser' | 'inApp';
    /** What the platform's login page sends back for this person, good once. */
    login: (externalId: string) => Awaitable<Record<string, string>>;
    externalId: string;
  };
  todos?: {
    /** Keyed `key`; the suite makes further ones from it. */
    item: TodoItem;
    /** The same for somebody the platform does not know. */
    unknownRecipient: TodoItem;
    /** To-dos the platform holds that were made by this connector, open or not. */
    count: () => Awaitable<number>;
  };
  /** By the name of the action. */
  results?: Record<
    string,
    {
      options: JsonObject;
      item: ResultItem;
      unknownRecipient?: ResultItem;
      /** How often the effect stands on the platform: messages sent, rows written, people tagged. */
      count: () => Awaitable<number>;
    }
  >;
  close: () => Awaitable<void>;
}
