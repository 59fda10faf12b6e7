import type { DuePlatformEvent, PlatformEventOutcome } from '@trainbridge/connections';
import type { PlatformEventKind } from '@trainbridge/connector-kit';
import { EventSync } from '../../src/events/event-sync.js';
import { EngineHarness } from '../engine-harness.js';
import type { FakePlatform } from '../fake-platform.js';

export interface StoredUser {
  id: string;
  external_id: string;
  display_name: string | null;
  status: string;
  disabled_reason: string | null;
  manager_id: string | null;
  manager_external_id: string | null;
  /** External ids, joined by commas, the primary one first. */
  departments: string | null;
}

export interface FeedEntry {
  type: string;
  subject_id: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown>;
  cause: { runId?: string; eventIds?: string[] };
}

export interface StoredRun {
  id: string;
  status: string;
  phase: string;
  cause: FeedEntry['cause'];
  counts: Record<'users' | 'departments', Record<string, number>>;
  error: { code: string } | null;
}

/** An event as the inbox hands it over. The same second for all, unless `at` (seconds) says otherwise. */
export function event(
  kind: PlatformEventKind,
  ids: string | string[],
  { previousId = null, at = 0 }: { previousId?: string | null; at?: number } = {},
): DuePlatformEvent {
  const time = new Date(Date.UTC(2026, 0, 5, 8, 0, at));
  return {
    id: `pev_${++lastEvent}`,
    kind,
    ids: [ids].flat(),
    previousId,
    occurredAt: time,
    receivedAt: time,
    data: {},
    attempt: 1,
  };
}
let lastEvent = 0;

/** The engine's harness with the consumer of events on it, for one connection at a time. */
export class EventHarness {
  con = '';
  readonly woken: string[] = [];
  private number = 0;

  private constructor(readonly engine: EngineHarness) {}

  static async start(): Promise<EventHarness> {
    return new EventHarness(await EngineHarness.start());
  }

  /** A connection of its own with this company in it. */
  async connect(platform: FakePlatform): Promise<void> {
    this.con = `con_${++this.number}`;
    await this.engine.sync(this.con, platform);
    platform.calls.length = 0;
  }

  /** Hands a batch over; answers the outcomes in the order of the events. */
  async receive(
    platform: FakePlatform,
    events: DuePlatformEvent[],
    signal: AbortSignal = new AbortController().signal,
  ): Promise<PlatformEventOutcome[]> {
    const { dataSource } = this.engine;
    const sync = new EventSync({
      dataSource,
      store: this.engine.engine().store,
      open: platform.open,
      wakeRun: async (runId) => void this.woken.push(runId),
    });
    const outcomes = await sync.handle(this.con, events, signal);
    return events.map(({ id }) => outcomes.get(id)!);
  }

  /** As `receive`, for a single event. */
  async tell(platform: FakePlatform, ...args: Parameters<typeof event>): Promise<PlatformEventOutcome> {
    return (await this.receive(platform, [event(...args)]))[0]!;
  }

  async user(externalId: string): Promise<StoredUser | undefined> {
    const [user] = await this.engine.query<StoredUser>(
      `select u.*, (select string_agg(d.external_id, ',' order by m.is_primary desc, d.external_id) from memberships m
         join departments d on d.id = m.department_id where m.user_id = u.id) as departments
       from users u where connection_id = $1 and external_key = lower($2)`,
      [this.con, externalId],
    );
    return user;
  }

  async department(externalId: string): Promise<Record<string, unknown> | undefined> {
    const [department] = await this.engine.query<Record<string, unknown>>(
      `select d.*, p.external_id as parent from departments d left join departments p on p.id = d.parent_id
       where d.connection_id = $1 and d.external_id = $2`,
      [this.con, externalId],
    );
    return department;
  }

  /** The feed since the first `skip` entries of this connection. */
  feed(skip = 0): Promise<FeedEntry[]> {
    return this.engine.query<FeedEntry>(
      `select type, subject_id, before, after, cause from directory_changes where connection_id = $1 order by sequence offset $2`,
      [this.con, skip],
    );
  }

  async feedLength(): Promise<number> {
    return (await this.feed()).length;
  }

  runs(mode = 'events'): Promise<StoredRun[]> {
    return this.engine.query(`select * from runs where connection_id = $1 and mode = $2 order by id`, [
      this.con,
      mode,
    ]);
  }

  async active(): Promise<number> {
    const [found] = await this.engine.query<{ n: number }>(
      `select count(*)::int as n from users where connection_id = $1 and status <> 'disabled'`,
      [this.con],
    );
    return found!.n;
  }

  /** Rows that are staged and belong to no run that waits: there should be none. */
  async leftStaged(): Promise<number> {
    const [found] = await this.engine.query<{ n: number }>(
      `select count(*)::int as n from (
         select run_id from staged_users union all select run_id from staged_departments
       ) s where run_id not in (select id from runs where status in ('blocked', 'planned'))`,
    );
    return found!.n;
  }
}
