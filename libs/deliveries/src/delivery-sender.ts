import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { JobQueue } from '@trainbridge/jobs';
import { OutgoingEvents, type OutgoingEvent } from '@trainbridge/persistence';
import { DataSource, type EntityManager } from 'typeorm';
import { CommitWatch } from './commit-watch.js';
import { DeliveriesOptions } from './deliveries-options.js';
import type { BreakerState } from './engine/breaker.js';
import { DeliveryEngine } from './engine/delivery-engine.js';
import { fanOut } from './fan-out.js';
import { PlatformSender } from './platform/platform-sender.js';
import { ReceiverAddresses } from './receiver/receiver-addresses.js';
import { LaneSettingsLoader } from './subscriptions/lane-settings-loader.js';

const QUEUE = 'deliveries';
const KEY = 'send';
/** Finds what nobody woke for: deliveries made by other processes, leases of killed ones. */
const SWEEP_MS = 2_000;

/** Joins the engine to the life of the host: events fan out as they are published, commits wake it, jobs run it. */
@Injectable()
export class DeliverySender implements OnModuleInit, OnApplicationShutdown {
  private readonly log = new Logger('Deliveries');
  private readonly engine: DeliveryEngine;
  private readonly wakeSelf = (): void => this.wake();

  constructor(
    private readonly options: DeliveriesOptions,
    private readonly dataSource: DataSource,
    private readonly events: OutgoingEvents,
    private readonly jobs: JobQueue,
    private readonly commits: CommitWatch,
    private readonly platforms: PlatformSender,
    addresses: ReceiverAddresses,
    settings: LaneSettingsLoader,
  ) {
    this.engine = new DeliveryEngine({
      dataSource,
      addresses,
      alone: options.alone,
      loadSettings: (ids) => settings.load(ids),
      onGone: (id) => this.disableGone(id),
      log: (level, message, fields) => this.log[level]({ msg: message, ...fields }),
    });
  }

  onModuleInit(): void {
    this.events.onPublished((manager, events) => this.makeDeliveries(manager, events, false));
    this.events.onSubjectKnown((manager, events) => this.makeDeliveries(manager, events, true));
    if (!this.options.sends) return;
    this.jobs.process(QUEUE, { concurrency: 1 }, async ({ signal }) => {
      const nextMs = await this.engine.drain(signal);
      if (nextMs !== null && !signal.aborted) await this.jobs.wake(QUEUE, KEY, { delayMs: nextMs });
    });
    this.jobs.every(QUEUE, KEY, SWEEP_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.engine.close();
  }

  /** Says that deliveries are due: a running drain looks at once, otherwise one is started. */
  wake(): void {
    if (!this.options.sends) return;
    this.engine.poke();
    void this.jobs.wake(QUEUE, KEY);
  }

  /** As `wake`; and if the receiver is paused, its next delivery goes out as a probe now. */
  probeNow(subscriptionId: string): void {
    this.engine.probeNow(subscriptionId);
    this.wake();
  }

  breakerState(subscriptionId: string): BreakerState {
    return this.engine.breakerState(subscriptionId);
  }

  private async makeDeliveries(
    manager: EntityManager,
    events: readonly OutgoingEvent[],
    connectionFound: boolean,
  ): Promise<void> {
    const { count, telling } = await fanOut(manager, events, { connectionFound });
    if (count > 0) this.commits.afterCommit(manager, this.wakeSelf);
    if (telling.length === 0) return;
    const told = await this.platforms.make(manager, events, telling);
    if (told.length > 0)
      this.commits.afterCommit(manager, () =>
        told.forEach((connectionId) => this.platforms.wake(connectionId)),
      );
  }

  private async disableGone(subscriptionId: string): Promise<void> {
    await this.dataSource.query(
      `update subscriptions set status = 'disabled', disabled_reason = 'gone', revision = revision + 1, updated_at = now()
       where id = $1 and status = 'active'`,
      [subscriptionId],
    );
    this.log.warn({ msg: 'a subscription was disabled: its receiver answered 410', subscriptionId });
  }
}
