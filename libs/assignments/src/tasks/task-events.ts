import { Injectable, Optional, type OnModuleInit } from '@nestjs/common';
import {
  Connections,
  PlatformEventConsumers,
  type DuePlatformEvent,
  type PlatformEventOutcome,
} from '@trainbridge/connections';
import type { TaskRecord } from '@trainbridge/connector-kit';
import { failureData } from '@trainbridge/connector-runtime';
import { DataSource } from 'typeorm';
import { RuleTriggers } from '../rules/rule-triggers.js';
import { readTasks } from './task-reader.js';
import { deleteTasks, storeTasks } from './task-store.js';

type Outcomes = Map<string, PlatformEventOutcome>;

/** Reads again the tasks a platform says have changed, and lets rules see them. */
@Injectable()
export class TaskEvents implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly connections: Connections,
    private readonly rules: RuleTriggers,
    @Optional() private readonly consumers?: PlatformEventConsumers,
  ) {}

  onModuleInit(): void {
    this.consumers?.register({
      kinds: ['task.changed', 'todo.changed'],
      handle: (connectionId, events, signal) => this.handle(connectionId, events, signal),
    });
  }

  async handle(
    connectionId: string,
    events: readonly DuePlatformEvent[],
    signal: AbortSignal,
  ): Promise<Outcomes> {
    const outcomes: Outcomes = new Map();
    const tasks = events.filter(({ kind }) => kind === 'task.changed');
    // Learning is finished when the learning system says so, not when somebody ticks the reminder off.
    for (const { id, kind } of events) {
      if (kind === 'todo.changed') {
        outcomes.set(id, {
          status: 'ignored',
          detail: 'a to-do ticked off on the platform does not complete a course',
        });
      }
    }
    if (tasks.length > 0) await this.readAgain(connectionId, tasks, outcomes, signal);
    return outcomes;
  }

  private async readAgain(
    connectionId: string,
    events: readonly DuePlatformEvent[],
    outcomes: Outcomes,
    signal: AbortSignal,
  ): Promise<void> {
    const opened = await this.connections.contextFor(connectionId, signal);
    if (!opened.connector.tasks) {
      for (const { id } of events)
        outcomes.set(id, { status: 'ignored', detail: 'this connector has no tasks' });
      return;
    }
    const { lookups, failed } = await readTasks(
      opened,
      events.flatMap(({ ids, data: { taskKind } }) =>
        ids.map((externalId) => ({
          externalId,
          kind: typeof taskKind === 'string' ? taskKind : undefined,
        })),
      ),
      signal,
    );
    const told = new Map<string, PlatformEventOutcome>();
    const records = lookups.flatMap((lookup) => (lookup.status === 'found' ? [lookup.record] : []));
    const gone = lookups.flatMap((lookup) => (lookup.status === 'gone' ? [lookup.externalId] : []));
    await this.keep(connectionId, records, gone, told);
    for (const { externalId, status } of lookups)
      if (!told.has(externalId)) told.set(externalId, UNREAD[status]);
    for (const { externalIds, error } of failed) {
      const { code, message, retryAfterMs } = failureData(error);
      for (const id of externalIds)
        told.set(id, { status: 'failed', error: { code, message }, retryAfterMs });
    }
    for (const { id, ids } of events)
      outcomes.set(id, worst(ids.map((taskId) => told.get(taskId) ?? UNREAD.unknown)));
  }

  private async keep(
    connectionId: string,
    records: readonly TaskRecord[],
    gone: readonly string[],
    told: Map<string, PlatformEventOutcome>,
  ): Promise<void> {
    const stored = await this.dataSource.transaction(async (manager) => {
      const kept = await storeTasks(manager, connectionId, records);
      await this.rules.tasksChanged(manager, kept);
      const deleted = await deleteTasks(manager, connectionId, gone);
      for (const id of deleted) told.set(id, { status: 'applied', detail: 'the task is gone' });
      return kept;
    });
    for (const { externalId } of records) told.set(externalId, { status: 'applied' });
    for (const { externalId, reason } of stored.rejected) {
      if (externalId !== null) {
        told.set(externalId, {
          status: 'failed',
          error: { code: 'bad_response', message: reason },
          final: true,
        });
      }
    }
    await this.rules.wake([connectionId]);
  }
}

/** What becomes of an event whose task was not to be had. Platforms tell of new things before they can be read. */
const UNREAD: Record<'found' | 'gone' | 'notVisible' | 'unknown', PlatformEventOutcome> = {
  found: { status: 'applied' },
  gone: { status: 'ignored', detail: 'the task is gone' },
  notVisible: { status: 'ignored', detail: 'the task is outside what this app may see' },
  unknown: {
    status: 'failed',
    error: { code: 'not_found', message: 'the platform does not show this task' },
  },
};

/** An event about several tasks is done when all are. */
function worst(outcomes: readonly PlatformEventOutcome[]): PlatformEventOutcome {
  const order = ['failed', 'applied', 'ignored'];
  const sorted = [...outcomes].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  return sorted[0] ?? { status: 'ignored', detail: 'it names no task' };
}
