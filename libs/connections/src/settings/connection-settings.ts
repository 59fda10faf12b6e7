import type { DepartmentField, JsonObject, ResultAction, UserField } from '@trainbridge/connector-kit';

/** A JSONata expression per field, over the platform's raw record. */
export interface FieldMapping {
  user: Partial<Record<UserField, string>>;
  department: Partial<Record<DepartmentField, string>>;
}

/** When the host stops and asks: see `docs/` and the contract's `guard`. */
export interface GuardSettings {
  /** Of the active, disabled within a rolling 24 hours. */
  maxDisabledPercent: number;
  maxMovedPercent: number;
  /** People; null: only the percentage counts. */
  maxDisabled: number | null;
  /** So many may always be disabled. */
  minimum: number;
}

/** Whether enrollments appear as the platform's to-dos, and where a to-do leads. */
export interface TodoSettings {
  enabled: boolean;
  /** With `{enrollmentId}`, `{courseId}`, `{assignmentId}`, `{userId}`; null: the assignment's or the course's own address. */
  urlTemplate: string | null;
}

/** One kind of write-back: what a platform is told when learning events match. */
export type ResultSetting = {
  /** As in a subscription: `course.completed`, `exam.*`, `*`. */
  eventTypes: string[];
  action: ResultAction['name'];
  /** As the action's `optionsSchema` describes; empty gives a sensible default. */
  options: JsonObject;
};

/** What a connection may be told beside its connector's configuration; every one has a default. */
export interface ConnectionSettings {
  timezone: string;
  locale: 'zh-CN' | 'en';
  mapping: FieldMapping;
  guard: GuardSettings;
  todos: TodoSettings;
  results: ResultSetting[];
  /** One call per new or changed person for the fields only such a call tells (`manifest.directory.detailFields`). */
  detailCalls: boolean;
  /** Hold a connection to the platform for its events, where it offers one: no public address is needed then. */
  listen: boolean;
  /** May hold a password: stored with the secrets, shown without it. */
  proxyUrl: string | null;
}

/** As they are stored: only what somebody set. `proxyUrl` is not among them. */
export type StoredSettings = Partial<Omit<ConnectionSettings, 'guard' | 'mapping' | 'todos' | 'proxyUrl'>> & {
  guard?: Partial<GuardSettings>;
  todos?: Partial<TodoSettings>;
  mapping?: Partial<FieldMapping>;
};

export const DEFAULT_SETTINGS: ConnectionSettings = {
  timezone: 'Asia/Shanghai',
  locale: 'zh-CN',
  mapping: { user: {}, department: {} },
  guard: { maxDisabledPercent: 20, maxMovedPercent: 50, maxDisabled: null, minimum: 10 },
  todos: { enabled: false, urlTemplate: null },
  results: [],
  detailCalls: false,
  listen: true,
  proxyUrl: null,
};

/** Defaults under what is stored. */
export function completeSettings(stored: StoredSettings, proxyUrl: string | null): ConnectionSettings {
  return {
    ...DEFAULT_SETTINGS,
    ...stored,
    mapping: { ...DEFAULT_SETTINGS.mapping, ...stored.mapping },
    guard: { ...DEFAULT_SETTINGS.guard, ...stored.guard },
    todos: { ...DEFAULT_SETTINGS.todos, ...stored.todos },
    proxyUrl,
  };
}

/** `http://user:***@proxy:3128`: the password never leaves. */
export function maskedProxyUrl(proxyUrl: string | null): string | null {
  if (proxyUrl === null) return null;
  const url = new URL(proxyUrl);
  if (url.password !== '') url.password = '***';
  return url.href;
}
