import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import {
  ConnectionChanges,
  ConnectionChecks,
  Connections,
  Connectors,
  ConnectionStatsSources,
  ExchangeLog,
  type ConnectionRevision,
  type ListenerState,
} from '@trainbridge/connections';
import type { Finding, JsonObject, PlatformEvent, RawCallback } from '@trainbridge/connector-kit';
import { JobQueue } from '@trainbridge/jobs';
import { DataSource } from 'typeorm';
import { PLATFORM_EVENTS_QUEUE } from '../drain.js';
import { keptEvents, keptMessage } from '../kept-message.js';
import { PlatformEventStore } from '../platform-event-store.js';
import { Listener, type ListenerParts } from './listener.js';
import { listenerFinding } from './listener-finding.js';
import { ListenerLocks } from './listener-locks.js';

const QUEUE = 'platform-listeners';
/** Finds what nobody told: changes made by other processes, locks of processes that died. */
const LOOK_EVERY_MS = 10_000;
/** Nothing is asked of the platform for a finding. */
const FINDING_MS = 5_000;
const OFF: ListenerState = { status: 'off', since: null, lastMessageAt: null, error: null };

/** Times of listeners; tests shorten them. */
export class ListenersOptions {
  pauses?: ListenerParts['pauses'];
}

/**
 * Keeps one listener for every connection whose platform sends events over a connection that we hold. One process listens
 * for a connection at a time; whoever takes over finds what was not acknowledged, because the platform sends it again.
 */
@Injectable()
export class Listeners implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger('Listeners');
  private readonly running = new Map<string, Listener>();
  private readonly locks: ListenerLocks;
  private closing = false;

  constructor(
    dataSource: DataSource,
    private readonly connections: Connections,
    private readonly connectors: Connectors,
    private readonly changes: ConnectionChanges,
    private readonly checks: ConnectionChecks,
    private readonly stats: ConnectionStatsSources,
    private readonly exchanges: ExchangeLog,
    private readonly store: PlatformEventStore,
    private readonly jobs: JobQueue,
    private readonly options: ListenersOptions,
  ) {
    this.locks = new ListenerLocks(dataSource, () => void this.lost());
  }

  onModuleInit(): void {
    this.jobs.process(QUEUE, { concurrency: 1 }, () => this.look());
    this.jobs.every(QUEUE, 'look', LOOK_EVERY_MS);
    this.changes.register(() => this.jobs.wake(QUEUE, 'look'));
    this.stats.register(async (id) => ({ listener: this.state(id) }));
    this.checks.register((id) => this.findings(id));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.closing = true;
    await this.stop([...this.running.values()]);
    await this.locks.close();
  }

  state(connectionId: string): ListenerState {
    return this.running.get(connectionId)?.state ?? OFF;
  }

  /** Ends listeners that are not wanted any more or in another form, and begins those that are missing. */
  private async look(): Promise<void> {
    const wanted = new Map(
      (await this.connections.revisions()).filter((one) => this.isWanted(one)).map((one) => [one.id, one]),
    );
    const outdated = [...this.running.values()].filter(
      ({ connectionId, revision }) => wanted.get(connectionId)?.revision !== revision,
    );
    await this.stop(outdated);
    for (const { id, revision } of wanted.values()) {
      if (this.closing) return;
      if (!this.running.has(id) && (await this.locks.acquire(id))) this.begin(id, revision);
    }
  }

  private isWanted({ connector, listen }: ConnectionRevision): boolean {
    return listen && this.connectors.find(connector)?.events?.listen !== undefined;
  }

  private begin(id: string, revision: number): void {
    if (this.closing) return;
    this.running.set(
      id,
      new Listener(id, revision, {
        open: (signal) => this.connections.contextFor(id, signal),
        accept: (raw, events, redact) =>
          this.accept(id, keptMessage(asMessage(raw), redact), keptEvents(events, redact)),
        record: (entry) => this.exchanges.record(entry),
        warn: (message) => this.logger.warn(message),
        pauses: this.options.pauses,
      }),
    );
  }

  /** For the connection that heard it, and for the others of its app: the platform told only one of them. */
  private async accept(id: string, message: RawCallback, events: readonly PlatformEvent[]): Promise<void> {
    for (const one of [id, ...this.othersOfItsApp(id)]) {
      if ((await this.store.accept(one, message, events)) > 0)
        await this.jobs.wake(PLATFORM_EVENTS_QUEUE, one);
    }
  }

  private othersOfItsApp(id: string): string[] {
    const app = this.running.get(id)?.app ?? null;
    return [...this.running.values()]
      .filter((listener) => app !== null && listener.app === app && listener.connectionId !== id)
      .map(({ connectionId }) => connectionId);
  }

  private async stop(listeners: readonly Listener[]): Promise<void> {
    await Promise.all(
      listeners.map(async (listener) => {
        await listener.stop();
        this.running.delete(listener.connectionId);
        await this.locks.release(listener.connectionId);
      }),
    );
  }

  /** Without its locks this process must not listen; the next look takes them again, or another process has. */
  private async lost(): Promise<void> {
    const listeners = [...this.running.values()];
    await Promise.all(listeners.map((listener) => listener.stop()));
    for (const listener of listeners) {
      if (this.running.get(listener.connectionId) === listener) this.running.delete(listener.connectionId);
    }
    if (!this.closing) await this.jobs.wake(QUEUE, 'look');
  }

  private async findings(id: string): Promise<Finding[]> {
    const state = this.state(id);
    return listenerFinding(state, state.error !== null && (await this.takesCallbacks(id)));
  }

  /** The platform has an address to post to, and the configuration has what its posts are verified with. */
  private async takesCallbacks(id: string): Promise<boolean> {
    const { connector, context } = await this.connections.contextFor(id, AbortSignal.timeout(FINDING_MS));
    const keys = connector.manifest.events?.callbackKeys ?? [];
    return context.callbackUrl !== null && keys.some((key) => Boolean(context.config[key]));
  }
}

/** What came over a held connection, in the form of the inbox. */
function asMessage(raw: JsonObject): RawCallback {
  return {
    method: 'LISTEN',
    queryString: '',
    headers: { 'content-type': 'application/json' },
    bodyBase64: Buffer.from(JSON.stringify(raw)).toString('base64'),
  };
}
