import type { ConnectorContext } from './context.js';
import type { ConnectorErrorData } from './errors.js';
import type { JsonObject, LocalizedText } from './json.js';
import type {
  CustomerRecord,
  DepartmentRecord,
  ExternalId,
  Lookup,
  Page,
  TaskRecord,
  UserRecord,
} from './records.js';

/** One step of `check`; `ok: false` comes with advice that names the console page to open. */
export interface Finding {
  step: string;
  ok: boolean;
  message: LocalizedText;
  advice?: LocalizedText;
  data?: JsonObject;
}

export interface DirectoryCapability<C> {
  /**
   * What this app may see at the moment: sorted grants such as `department:1` or `user:lin.mei`. When a grant of the last
   * good run is missing, the host removes nobody until a person approves.
   */
  visibility(context: ConnectorContext<C>): Promise<{ grants: string[]; summary: JsonObject }>;
  /**
   * One call, one page. `parentId` only with `departmentsBy: parent`: null or absent asks for the topmost departments the
   * app may see, an id for the departments directly below it.
   */
  listDepartments(
    context: ConnectorContext<C>,
    input: { parentId?: string | null; cursor: string | null },
  ): Promise<Page<DepartmentRecord>>;
  /**
   * `departmentId: null` asks for the company-wide listing (`usersBy: company` or `both`). With `both` that is the second
   * source: an id list under another credential, or the people granted one by one who stand in no visible department.
   */
  listUsers(
    context: ConnectorContext<C>,
    input: { departmentId: string | null; cursor: string | null },
  ): Promise<Page<UserRecord>>;
  /** One answer per id, in any order. */
  getUsers(context: ConnectorContext<C>, input: { externalIds: string[] }): Promise<Lookup<UserRecord>[]>;
  getDepartments(
    context: ConnectorContext<C>,
    input: { externalIds: string[] },
  ): Promise<Lookup<DepartmentRecord>[]>;
}

/** A callback as it came: nothing decoded, nothing trusted. */
export interface RawCallback {
  method: string;
  /** Without the question mark, percent-encoding untouched: signatures are made over these very characters. */
  queryString: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  bodyBase64: string;
}

export interface CallbackReply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export type PlatformEventKind =
  | 'user.changed'
  | 'user.left'
  | 'user.renamed'
  | 'department.changed'
  | 'department.removed'
  | 'visibility.changed'
  | 'customer.changed'
  | 'customer.removed'
  | 'task.changed'
  | 'todo.changed'
  | 'other';

/** What a platform told us, as a hint: the host re-reads the object before it changes anything. */
export interface PlatformEvent {
  /** Equal for every delivery of the same event, different for different events of the same second. */
  key: string;
  kind: PlatformEventKind;
  /**
   * External ids the event is about. For `user.renamed`: the new id. Where the platform names people by another id than
   * the one it lists them by: `type:value`, such as `open_id:ou_…`.
   */
  ids: string[];
  /** For `user.renamed`: the id until now. */
  previousId?: string;
  /** Milliseconds since the epoch, by the platform's clock. */
  time: number;
  data: JsonObject;
}

export interface EventsCapability<C> {
  /**
   * Verifies, decrypts and decodes one callback; pure CPU, no network. The host commits raw and decoded events, then
   * sends the reply. A callback that is not genuine rejects with `auth_failed`, one that cannot be read with `input_invalid`.
   */
  receive(
    context: ConnectorContext<C>,
    raw: RawCallback,
  ): Promise<{ reply: CallbackReply; events: PlatformEvent[] }>;
  /**
   * Holds a connection; `emit` resolves after the host committed, and only then may it acknowledge. Returns when the signal
   * aborts or the platform ends the connection; the host calls it again, after a pause that grows with failures.
   */
  listen?(
    context: ConnectorContext<C>,
    input: { emit: (raw: JsonObject, events: PlatformEvent[]) => Promise<void> },
  ): Promise<void>;
  /**
   * Tells the platform to send events where that takes calls of its own (one per approval form, one per table). Idempotent:
   * the host calls it after the configuration changed and once a day. `check` still only reads.
   */
  activate?(context: ConnectorContext<C>): Promise<Finding[]>;
}

export interface IdentityCapability<C> {
  /** `state` is at most 64 letters and digits: platforms take no more. */
  authorizationUrl(
    context: ConnectorContext<C>,
    input: { redirectUri: string; state: string; mode: 'browser' | 'inApp' },
  ): Promise<{ url: string }>;
  /** Exchanges the one-time code, as `mode` got it; never retried. */
  authenticate(
    context: ConnectorContext<C>,
    input: { query: Record<string, string>; redirectUri: string; mode: 'browser' | 'inApp' },
  ): Promise<LoginSubject>;
}

/** Who logged in. A customer is not an employee, a stranger is neither. */
export interface LoginSubject {
  kind: 'employee' | 'customer' | 'stranger';
  externalId: string | null;
  externalIds: ExternalId[];
  profile: JsonObject;
}

export interface CustomersCapability<C> {
  /** Optional: platforms that can list their customers at all. */
  list?(context: ConnectorContext<C>, input: { cursor: string | null }): Promise<Page<CustomerRecord>>;
  get(context: ConnectorContext<C>, input: { externalIds: string[] }): Promise<Lookup<CustomerRecord>[]>;
}

/** A task a listing names; `record` when the listing already told everything, so that no `get` is needed. */
export interface TaskReference {
  externalId: string;
  /** Its `TaskRecord.kind`, where the listing knows it and `get` would not. */
  kind?: string;
  record?: TaskRecord;
}

export interface TasksCapability<C> {
  /**
   * Tasks created (or changed: `manifest.tasks.listedBy`) at or after `since`, in milliseconds; the host remembers where it
   * stopped and reads the rest with `get`. What changes later on an old task comes by event, or when the host reads the
   * tasks it still holds as open again.
   */
  list(
    context: ConnectorContext<C>,
    input: { since: number; cursor: string | null },
  ): Promise<Page<TaskReference>>;
  /**
   * `kinds`: what the host knows of their `TaskRecord.kind` by external id, for platforms whose tasks do not name it
   * themselves. From a listing (`TaskReference.kind`), an event (`data.taskKind`) or an earlier record.
   */
  get(
    context: ConnectorContext<C>,
    input: { externalIds: string[]; kinds?: Record<string, string> },
  ): Promise<Lookup<TaskRecord>[]>;
}

/** What became of one item of a batch. `externalRef` is whatever the platform needs to find it again. */
export type ItemOutcome =
  | { key: string; status: 'done'; externalRef?: string }
  /** The platform offers no way, or none any more, and never will for this item: nothing to retry, nothing to repair. */
  | { key: string; status: 'skipped'; reason: LocalizedText }
  | { key: string; status: 'failed'; error: ConnectorErrorData };

export interface TodoItem {
  /** Stable per enrollment; with an idempotency of `key` it is what the platform drops repeats by. */
  key: string;
  externalRef?: string;
  recipientExternalId: string;
  recipientExternalIds: ExternalId[];
  title: string;
  description?: string;
  url: string;
  /** ISO 8601. */
  dueAt?: string;
}

export interface TodosCapability<C> {
  upsert(context: ConnectorContext<C>, input: { items: TodoItem[] }): Promise<ItemOutcome[]>;
  close(
    context: ConnectorContext<C>,
    input: {
      items: {
        key: string;
        externalRef: string;
        recipientExternalId: string;
        outcome: 'completed' | 'withdrawn';
      }[];
    },
  ): Promise<ItemOutcome[]>;
}

export interface ResultItem {
  key: string;
  recipient: {
    kind: 'user' | 'customer';
    externalId: string;
    externalIds: ExternalId[];
    ownerExternalIds?: string[];
  };
  /** The learning event as the LMS sent it, its course with the title the catalogue has, where it was sent without one. */
  event: JsonObject;
  /** A ready text in the connection's locale. */
  text: string;
}

export interface ResultsCapability<C> {
  report(
    context: ConnectorContext<C>,
    input: { action: string; options: JsonObject; items: ResultItem[] },
  ): Promise<ItemOutcome[]>;
}
