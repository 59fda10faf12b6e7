import type { ConnectionContext, ResultSetting } from '@trainbridge/connections';
import {
  CONTRACT_VERSION,
  type Connector,
  type ConnectorContext,
  type ErrorCode,
  type ItemOutcome,
  type JsonObject,
  type ResultItem,
} from '@trainbridge/connector-kit';
import { redactingConnector } from '@trainbridge/connector-runtime';
import { DirectoryReader } from '@trainbridge/directory';
import { newId, OutgoingEvents, type NewOutgoingEvent } from '@trainbridge/persistence';
import { createTestDatabase, type TestDatabase } from '@trainbridge/persistence/testing';
import { fanOut } from '../../src/fan-out.js';
import { makePlatformDeliveries } from '../../src/platform/platform-deliveries.js';
import { PlatformEngine, type PlatformEngineOptions } from '../../src/platform/platform-engine.js';

export interface Report {
  connectionId: string;
  action: string;
  options: JsonObject;
  items: ResultItem[];
}

export const allDone = (items: readonly ResultItem[]): ItemOutcome[] =>
  items.map(({ key }) => ({ key, status: 'done', externalRef: `msg-${key.slice(-4)}` }));

export const failing =
  (code: ErrorCode, more: object = {}) =>
  ({ items }: { items: { key: string }[] }): ItemOutcome[] =>
    items.map(({ key }) => ({
      key,
      status: 'failed',
      error: { code, message: `it is ${code}, s3cret`, ...more },
    }));

export interface AttemptRow {
  delivery_id: string;
  attempt_no: number;
  error_code: string | null;
  error: string | null;
  vendor: { vendorCode?: string; advice?: { en: string } } | null;
}

const text = (en: string) => ({ en, 'zh-CN': en });
const action = (
  name: 'message' | 'tag' | 'record',
  idempotency: 'natural' | 'key' | 'none',
  maxBatch: number,
  recipients: ('user' | 'customer')[] = ['user'],
) =>
  ({
    name,
    idempotency,
    maxBatch,
    recipients,
    title: text(name),
    optionsSchema: { type: 'object', properties: {} },
  }) as const;

/** Platforms in memory behind the real queue and engine; every call of a connector is kept. */
export class PlatformFixture {
  readonly events = new OutgoingEvents();
  readonly reports: Report[] = [];
  /** What a platform answers; by default everything is done. */
  answer: (report: Report, context: ConnectorContext) => ItemOutcome[] | Promise<ItemOutcome[]> = ({
    items,
  }) => allDone(items);
  readonly connector: Connector;

  private constructor(readonly database: TestDatabase) {
    this.connector = {
      manifest: {
        id: 'fake', contractVersion: CONTRACT_VERSION, name: text('Fake'), allowedHosts: [], rateLimits: [], maxConcurrency: 4,
        results: { actions: [action('message', 'key', 3, ['user', 'customer']), action('tag', 'natural', 100), action('record', 'none', 10)] },
      },
      configSchema: { type: 'object', properties: {} },
      tokens: {}, classify: () => ({ outcome: 'ok' }), check: async () => [],
      results: {
        report: async (
          context: ConnectorContext,
          { action: name, options, items }: Omit<Report, 'connectionId'>,
        ) => {
          const report = { connectionId: context.connection.id, action: name, options, items };
          this.reports.push(report);
          return this.answer(report, context);
        },
      },
    } as unknown as Connector; // prettier-ignore
    const make = async (
      manager: Parameters<typeof fanOut>[0],
      events: Parameters<typeof fanOut>[1],
      connectionFound: boolean,
    ): Promise<void> => {
      const { telling } = await fanOut(manager, events, { connectionFound });
      await makePlatformDeliveries(manager, events, telling, () => this.connector);
    };
    this.events.onPublished((manager, events) => make(manager, events, false));
    this.events.onSubjectKnown((manager, events) => make(manager, events, true));
  }

  static async create(): Promise<PlatformFixture> {
    return new PlatformFixture(await createTestDatabase());
  }

  query<T>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    return this.database.dataSource.query(sql, parameters);
  }

  async clear(): Promise<void> {
    this.reports.length = 0;
    this.answer = ({ items }) => allDone(items);
    await this.query(
      `truncate deliveries, delivery_queue, platform_delivery_queue, delivery_attempts, subscriptions, outgoing_events,
         connections, users, customers, clients cascade`,
    );
  }

  async connect(id: string, results: Partial<ResultSetting>[], locale = 'en'): Promise<void> {
    const settings = {
      locale,
      results: results.map((one) => ({ eventTypes: ['*'], action: 'message', options: {}, ...one })),
    };
    await this.query(
      `insert into connections (id, name, connector, config, settings) values ($1, $1, 'fake', '{}', $2)`,
      [id, JSON.stringify(settings)],
    ); // prettier-ignore
  }

  async people(connectionId: string, count: number): Promise<string[]> {
    const found = await this.query<{ id: string }>(
      `insert into users (id, person_id, connection_id, external_key, external_id, external_ids, display_name, status)
       select 'usr_' || $1 || '_' || n, 'per_1', $1, 'p' || n, 'P' || n, '[{"type": "open_id", "value": "ou"}]', '员工' || n, 'active'
       from generate_series(1, $2) n returning id`,
      [connectionId, count],
    );
    return found.map(({ id }) => id);
  }

  /** Learning events about these people or customers. */
  async publish(
    connectionId: string | null,
    subjects: (string | null)[],
    event: Partial<NewOutgoingEvent> = {},
  ): Promise<string[]> {
    const published = await this.database.dataSource.transaction((manager) =>
      this.events.publish(
        manager,
        subjects.map((subjectId, index) => {
          const type = event.type ?? 'course.completed';
          const learner = subjectId?.startsWith('cus_') ? { customerId: subjectId } : { userId: subjectId };
          const course = { id: 'c-1', title: '信息安全基础' };
          return {
            type,
            connectionId,
            subjectId,
            clientId: 'cli_lms',
            ...event,
            data: { id: `${newId('e')}-${index}`, type, learner, course, ...event.data },
          };
        }),
      ),
    );
    return published.map(({ id }) => id);
  }

  engine(options: Partial<PlatformEngineOptions> = {}): PlatformEngine {
    return new PlatformEngine({
      dataSource: this.database.dataSource,
      directory: new DirectoryReader(),
      open: (connectionId, signal) => this.open(connectionId, signal),
      log: () => undefined,
      ...options,
    });
  }

  /** Keys of the items of a call. */
  keysOf(report: number): string[] {
    return this.reports[report]!.items.map(({ key }) => key);
  }

  attempts(): Promise<AttemptRow[]> {
    return this.query(`select * from delivery_attempts order by delivery_id, attempt_no`);
  }

  /** Works off what is due now; answers when something will be again. */
  async drain(connectionId: string, engine = this.engine()): Promise<number | null> {
    return engine.drain(connectionId, new AbortController().signal);
  }

  /** Makes everything that waits for its time due. */
  async hurry(): Promise<void> {
    await this.query(`update platform_delivery_queue set due_at = now() where leased_until is null`);
  }

  async states(): Promise<Record<string, number>> {
    const rows = await this.query<{ state: string; count: number }>(
      `select coalesce(d.ended, case when q.delivery_id is null then 'delivered' when q.leased_until > now() then 'sending'
         else 'pending' end) as state, count(*)::int as count
       from deliveries d left join platform_delivery_queue q on q.delivery_id = d.id
       where d.subscription_id is null group by 1`,
    );
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  }

  async open(connectionId: string, signal: AbortSignal): Promise<ConnectionContext> {
    const [row] = await this.query<{ settings: { locale: 'en' | 'zh-CN' } }>(
      `select settings from connections where id = $1`,
      [connectionId],
    );
    const connection = { id: connectionId, timezone: 'Asia/Shanghai', locale: row!.settings.locale };
    const redact = (said: string): string => said.replaceAll('s3cret', '***');
    return {
      connector: redactingConnector(this.connector, redact),
      connection: { ...connection, settings: row!.settings } as unknown as ConnectionContext['connection'],
      context: { connection, signal, config: {} } as unknown as ConnectorContext,
      redact,
    };
  }
}
