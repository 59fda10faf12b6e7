import type { DuePlatformEvent, PlatformEventOutcome } from '@trainbridge/connections';
import type { DataSource } from 'typeorm';
import type { OpenedSource } from '../runs/run-engine.js';
import { withConnectionLock } from '../runs/run-lock.js';
import type { RunStore } from '../runs/run-store.js';
import { RunInterrupted } from '../sync/run-facts.js';
import { hintsOf, type EventHints } from './event-hints.js';
import { outcomeOfEvent } from './event-outcomes.js';
import { EventReader, MAX_DEPARTMENTS, MAX_USERS, NOTHING_READ, type BatchReading } from './event-reader.js';
import { causeOf, runEvents, type EventRunResult } from './event-run.js';
import { requestFullRun } from './full-run-request.js';
import { emptyRemovedDepartments } from './removed-departments.js';
import { renamePeople, type RenameFate } from './rename-people.js';
import { compareAgain } from './unresolved-people.js';

export interface EventSyncParts {
  dataSource: DataSource;
  store: RunStore;
  open(connectionId: string, signal: AbortSignal): Promise<OpenedSource>;
  wakeRun(runId: string): Promise<void>;
}

type Outcomes = Map<string, PlatformEventOutcome>;

/** A full run has the connection: look again soon, at no cost. */
const BUSY_MS = 2_000;
/** As many as a flood are not asked for every other second. */
const FLOOD_BUSY_MS = 10_000;

/**
 * Events are hints: the people and departments of a batch are read again, each once, and what was found goes through the
 * same plan, guard and apply as a full run. A flood becomes a full run; only a changed id is taken from the event itself,
 * because nothing else tells who somebody was.
 */
export class EventSync {
  constructor(private readonly parts: EventSyncParts) {}

  async handle(connectionId: string, events: DuePlatformEvent[], signal: AbortSignal): Promise<Outcomes> {
    const { dataSource } = this.parts;
    const hints = hintsOf(events);
    const done = await withConnectionLock(dataSource, connectionId, { signal }, () =>
      this.handleHeld(connectionId, events, hints, signal),
    );
    if (done === 'busy')
      return outcomes(events, { status: 'later', afterMs: isFlood(hints) ? FLOOD_BUSY_MS : BUSY_MS });
    if (done.fullRun) await this.parts.wakeRun(done.fullRun);
    return done.outcomes;
  }

  private async handleHeld(
    connectionId: string,
    events: DuePlatformEvent[],
    hints: EventHints,
    signal: AbortSignal,
  ): Promise<{ outcomes: Outcomes; fullRun: string | null }> {
    const { dataSource, store } = this.parts;
    const renames = await renamePeople(dataSource, connectionId, hints.renames);
    const reading = await this.read(connectionId, hints, signal);
    const forFullRun = events.filter((event) => reading === null || event.kind === 'visibility.changed');
    const oneByOne = events.filter((event) => !forFullRun.includes(event));
    const told: Outcomes = new Map();
    if (reading && oneByOne.length > 0)
      await this.apply(connectionId, oneByOne, { hints, renames, reading }, told, signal);
    if (forFullRun.length === 0) return { outcomes: told, fullRun: null };
    const fullRun = await requestFullRun(
      dataSource,
      store,
      connectionId,
      forFullRun.map(({ id }) => id),
    );
    const outcome: PlatformEventOutcome = fullRun
      ? { status: 'applied', detail: `run ${fullRun} reads everything` }
      : { status: 'later', afterMs: reading ? BUSY_MS : FLOOD_BUSY_MS };
    for (const [id, same] of outcomes(forFullRun, outcome)) told.set(id, same);
    return { outcomes: told, fullRun };
  }

  /** Null: a full run should read everything. */
  private async read(
    connectionId: string,
    hints: EventHints,
    signal: AbortSignal,
  ): Promise<BatchReading | null> {
    if (isFlood(hints)) return null;
    if (hints.users.size + hints.departments.size === 0) return NOTHING_READ;
    const source = await this.parts.open(connectionId, signal);
    return new EventReader(this.parts.dataSource, connectionId, source, signal).read(hints);
  }

  private async apply(
    connectionId: string,
    events: DuePlatformEvent[],
    batch: { hints: EventHints; renames: Map<string, RenameFate>; reading: BatchReading },
    told: Outcomes,
    signal: AbortSignal,
  ): Promise<void> {
    const { dataSource, store } = this.parts;
    const { reading } = batch;
    const eventIds = events.map(({ id }) => id);
    let run: EventRunResult;
    try {
      const { staged, facts } = reading;
      run = await runEvents(dataSource, store, { connectionId, facts, staged, eventIds }, signal);
    } catch (error) {
      if (!(error instanceof RunInterrupted)) throw error;
      for (const [id, outcome] of outcomes(events, { status: 'applied', detail: error.message }))
        told.set(id, outcome);
      return;
    }
    if (run.status === 'applied') {
      await emptyRemovedDepartments(dataSource, connectionId, reading.removed, causeOf(run.runId, eventIds));
      await compareAgain(dataSource, connectionId, reading.coming);
    }
    for (const event of events) told.set(event.id, outcomeOfEvent(event, { ...batch, run }));
  }
}

function isFlood({ users, departments }: EventHints): boolean {
  return users.size > MAX_USERS || departments.size > MAX_DEPARTMENTS;
}

function outcomes(events: readonly DuePlatformEvent[], outcome: PlatformEventOutcome): Outcomes {
  return new Map(events.map(({ id }) => [id, outcome]));
}
