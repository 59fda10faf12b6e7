import {
  ConnectorError,
  defineConnector,
  type ItemOutcome,
  type Lookup,
  type TaskRecord,
  type TodoItem,
} from '@trainbridge/connector-kit';

type Closed = { key: string; externalRef: string; outcome: 'completed' | 'withdrawn' };

/** A platform in memory with tasks and to-dos. Everything a real one gets wrong is set by a test. */
export class WorkPlatform {
  readonly tasks = new Map<string, TaskRecord>();
  /** By reference. */
  readonly todos = new Map<string, TodoItem & { state: 'open' | 'completed' | 'withdrawn' }>();
  readonly upserts: string[][] = [];
  readonly closes: Closed[][] = [];
  readonly gets: string[][] = [];
  readonly lists: { since: number; cursor: string | null }[] = [];
  pageSize = 100;
  /** Runs before anything else of a call; what it throws is the call's failure. */
  onCall: (what: 'upsert' | 'close' | 'list' | 'get', keys: string[]) => Promise<void> = async () =>
    undefined;
  /** Runs after the platform has acted and before its answer arrives. */
  onAnswer: (what: 'upsert' | 'close') => Promise<void> = async () => undefined;
  /** Overrides what becomes of single items, by key. */
  readonly outcomes = new Map<
    string,
    | Omit<Extract<ItemOutcome, { status: 'failed' }>, 'key'>
    | Omit<Extract<ItemOutcome, { status: 'skipped' }>, 'key'>
  >();
  readonly lookups = new Map<string, 'gone' | 'notVisible' | 'unknown'>();

  addTask(externalId: string, more: Partial<TaskRecord> = {}): TaskRecord {
    const record: TaskRecord = {
      externalId,
      kind: 'tpl-training',
      title: `培训申请 ${externalId}`,
      status: 'open',
      applicantExternalId: 'zhang.wei',
      form: {},
      updatedAt: new Date().toISOString(),
      raw: { sp_no: externalId },
      ...more,
    };
    this.tasks.set(externalId, record);
    return record;
  }

  decide(externalId: string, status: TaskRecord['status']): void {
    this.tasks.set(externalId, {
      ...this.tasks.get(externalId)!,
      status,
      updatedAt: new Date().toISOString(),
    });
  }

  get shown(): string[] {
    return [...this.todos.values()]
      .map(({ title, recipientExternalId, state }) => `${recipientExternalId}: ${title} (${state})`)
      .sort();
  }

  /** Idempotent by key, as platforms with keys are. */
  upsert(items: TodoItem[]): ItemOutcome[] {
    this.upserts.push(items.map(({ key }) => key));
    return items.map((item): ItemOutcome => {
      const told = this.outcomes.get(item.key);
      if (told) return { key: item.key, ...told };
      const ref = item.externalRef ?? `todo-${item.key}`;
      this.todos.set(ref, { ...item, state: 'open' });
      return { key: item.key, status: 'done', externalRef: ref };
    });
  }

  close(items: Closed[]): ItemOutcome[] {
    this.closes.push(items.map(({ key, externalRef, outcome }) => ({ key, externalRef, outcome })));
    return items.map(({ key, externalRef, outcome }): ItemOutcome => {
      const todo = this.todos.get(externalRef);
      if (!todo) return { key, status: 'failed', error: { code: 'not_found', message: 'no such to-do' } };
      todo.state = outcome;
      return { key, status: 'done' };
    });
  }
}

const platforms = new Map<string, WorkPlatform>();

/** Platforms of this process by the tenant their connection names. */
export const platformOf = {
  add(platform: WorkPlatform): string {
    const tenant = `work-${platforms.size + 1}`;
    platforms.set(tenant, platform);
    return tenant;
  },
  get(tenant: string): WorkPlatform {
    const platform = platforms.get(tenant);
    if (!platform) throw new ConnectorError('unavailable', 'no such tenant');
    return platform;
  },
};

export default defineConnector({
  manifest: {
    id: 'work',
    contractVersion: '1.0',
    name: { en: 'Work', 'zh-CN': '工作平台' },
    allowedHosts: [],
    rateLimits: [],
    maxConcurrency: 8,
    events: { delivery: ['callback'] },
    tasks: { listedBy: 'created', lookupBatch: 10 },
    todos: { idempotency: 'key', keyLifetimeMs: 3_600_000, maxBatch: 5 },
  },
  configSchema: {
    type: 'object',
    additionalProperties: false,
    required: ['tenant'],
    properties: {
      tenant: { type: 'string', title: 'Tenant', 'x-identity': true },
      secret: { type: 'string', title: 'Secret', writeOnly: true },
    },
  },
  tokens: {},
  classify: () => ({ outcome: 'ok' }),
  check: async () => [],
  events: {
    async receive(context, raw) {
      const sent = JSON.parse(Buffer.from(raw.bodyBase64, 'base64').toString('utf8')) as {
        key: string;
        kind: 'task.changed' | 'todo.changed';
        ids: string[];
      }[];
      const events = sent.map((event) => ({ ...event, time: context.now(), data: {} }));
      return { reply: { status: 200, headers: {}, body: 'success' }, events };
    },
  },
  tasks: {
    async list({ config }, { since, cursor }) {
      const platform = platformOf.get(config.tenant);
      await platform.onCall('list', [cursor ?? '']);
      platform.lists.push({ since, cursor });
      const all = [...platform.tasks.keys()];
      const from = cursor === null ? 0 : Number(cursor);
      const next = from + platform.pageSize;
      const done = next >= all.length;
      const items = all.slice(from, next).map((externalId) => ({ externalId }));
      return { items, rejected: [], cursor: done ? null : String(next), done };
    },
    async get({ config }, { externalIds }) {
      const platform = platformOf.get(config.tenant);
      await platform.onCall('get', externalIds);
      platform.gets.push(externalIds);
      return externalIds.map((externalId): Lookup<TaskRecord> => {
        const told = platform.lookups.get(externalId);
        const record = platform.tasks.get(externalId);
        if (told) return { externalId, status: told };
        return record ? { externalId, status: 'found', record } : { externalId, status: 'gone' };
      });
    },
  },
  todos: {
    async upsert({ config }, { items }) {
      const platform = platformOf.get(config.tenant);
      await platform.onCall(
        'upsert',
        items.map(({ key }) => key),
      );
      const outcomes = platform.upsert(items);
      await platform.onAnswer('upsert');
      return outcomes;
    },
    async close({ config }, { items }) {
      const platform = platformOf.get(config.tenant);
      await platform.onCall(
        'close',
        items.map(({ key }) => key),
      );
      const outcomes = platform.close(items);
      await platform.onAnswer('close');
      return outcomes;
    },
  },
});
