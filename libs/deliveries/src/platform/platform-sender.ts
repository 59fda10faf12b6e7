import { Inject, Injectable, Logger, Optional, type OnModuleInit } from '@nestjs/common';
import { ConnectionChanges, Connections, Connectors, CourseLinks } from '@trainbridge/connections';
import { DirectoryReader } from '@trainbridge/directory';
import { JobQueue } from '@trainbridge/jobs';
import type { OutgoingEvent } from '@trainbridge/persistence';
import { DataSource, type EntityManager } from 'typeorm';
import { DeliveriesOptions } from '../deliveries-options.js';
import { makePlatformDeliveries, type TellingConnection } from './platform-deliveries.js';
import { PlatformEngine } from './platform-engine.js';

const QUEUE = 'platform-deliveries';
const SWEEP_QUEUE = 'platform-deliveries-sweep';
/** Finds what nobody woke for: deliveries made by other processes, leases of killed ones. */
const SWEEP_MS = 5_000;
/** A connection whose platform hangs holds one of these places; the others have theirs. */
const CONNECTIONS_AT_ONCE = 64;

/** Joins the engine to the life of the host: one job per connection, so that a dead platform holds up nobody else's. */
@Injectable()
export class PlatformSender implements OnModuleInit {
  private readonly log = new Logger('Deliveries');
  private readonly engine: PlatformEngine;
  /** Alone on the database nobody holds what a killed process had leased. */
  private freed: boolean;

  constructor(
    private readonly options: DeliveriesOptions,
    dataSource: DataSource,
    private readonly jobs: JobQueue,
    private readonly connectors: Connectors,
    private readonly changes: ConnectionChanges,
    connections: Connections,
    directory: DirectoryReader,
    @Optional() @Inject(CourseLinks) courses: CourseLinks | null,
  ) {
    this.freed = !options.alone;
    this.engine = new PlatformEngine({
      dataSource,
      directory,
      courses,
      open: (connectionId, signal) => connections.contextFor(connectionId, signal),
      log: (level, message, fields) => this.log[level]({ msg: message, ...fields }),
    });
  }

  onModuleInit(): void {
    if (!this.options.sends) return;
    this.jobs.process(QUEUE, { concurrency: CONNECTIONS_AT_ONCE }, async ({ key, signal }) => {
      const nextMs = await this.engine.drain(key, signal);
      if (nextMs !== null && !signal.aborted) await this.jobs.wake(QUEUE, key, { delayMs: nextMs });
    });
    this.jobs.process(SWEEP_QUEUE, { concurrency: 1 }, () => this.sweep());
    this.jobs.every(SWEEP_QUEUE, 'sweep', SWEEP_MS);
    // What waited because of how the connection was configured need not wait any more.
    this.changes.register(async (connectionId) => this.probeNow(connectionId));
  }

  /** Makes the deliveries of events in the publisher's transaction; answers the connections to wake when it is committed. */
  make(
    manager: EntityManager,
    events: readonly OutgoingEvent[],
    telling: readonly TellingConnection[],
  ): Promise<string[]> {
    return makePlatformDeliveries(manager, events, telling, (id) => this.connectors.find(id));
  }

  /** Says that deliveries of a connection are due. */
  wake(connectionId: string): void {
    if (this.options.sends) void this.jobs.wake(QUEUE, connectionId);
  }

  /** As `wake`, even if the platform was to be left alone for a while. */
  probeNow(connectionId: string): void {
    this.engine.probeNow(connectionId);
    this.wake(connectionId);
  }

  private async sweep(): Promise<void> {
    if (!this.freed) await this.engine.queue.releaseAll();
    this.freed = true;
    for (const connectionId of await this.engine.queue.connectionsDue()) this.wake(connectionId);
  }
}
