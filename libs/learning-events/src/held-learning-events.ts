import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { JobQueue } from '@trainbridge/jobs';
import { OutgoingEvents } from '@trainbridge/persistence';
import { DataSource, type EntityManager } from 'typeorm';
import { LearnerLookup, type ResolvedLearner } from './accept/learner-lookup.js';
import type { LearnerDto } from './learning-event.dto.js';

const QUEUE = 'learning-events';
const KEY = 'resolve-held';
const SWEEP_MS = 60_000;
/** After people changed: their transaction is committed by then, and a burst of changes becomes one look. */
const SETTLE_MS = 1_000;
const LEARNERS_AT_ONCE = 1_000;

/** Gives held events their learner once the directory knows the person. */
@Injectable()
export class HeldLearningEvents implements OnModuleInit {
  private readonly log = new Logger('LearningEvents');

  constructor(
    private readonly dataSource: DataSource,
    private readonly lookup: LearnerLookup,
    private readonly jobs: JobQueue,
    private readonly events: OutgoingEvents,
  ) {}

  onModuleInit(): void {
    this.jobs.process(QUEUE, { concurrency: 1 }, async ({ signal }) => {
      const resolved = await this.resolveAll(signal);
      if (resolved > 0) this.log.log({ msg: 'held learning events found their learner', count: resolved });
    });
    this.jobs.every(QUEUE, KEY, SWEEP_MS);
    this.events.onPublished(async (_manager, published) => {
      const people = published.some(({ type }) => /^(?:user\.|customer\.|run\.finished$)/.test(type));
      if (people) await this.jobs.wake(QUEUE, KEY, { delayMs: SETTLE_MS });
    });
  }

  /** Looks at every held learner once; answers how many events were resolved. */
  async resolveAll(signal: AbortSignal): Promise<number> {
    let resolved = 0;
    for (let after: string | null = ''; after !== null && !signal.aborted;) {
      const page: { last: string | null; resolved: number } = await this.dataSource.transaction((manager) =>
        this.resolvePage(manager, after!),
      );
      resolved += page.resolved;
      after = page.last;
    }
    return resolved;
  }

  private async resolvePage(
    manager: EntityManager,
    after: string,
  ): Promise<{ last: string | null; resolved: number }> {
    const held = await manager.query<{ learner_key: string }[]>(
      `select distinct learner_key from learning_events where held and learner_key > $1 order by learner_key limit $2`,
      [after, LEARNERS_AT_ONCE],
    );
    if (held.length === 0) return { last: null, resolved: 0 };
    const keys = held.map((row) => row.learner_key);
    const learners = await this.lookup.resolve(
      manager,
      keys.map((key) => JSON.parse(key) as LearnerDto),
    );
    const known = keys.flatMap((key, index) => (learners[index] ? [{ key, ...learners[index] }] : []));
    const resolved = known.length === 0 ? 0 : await this.assign(manager, known);
    return { last: held.length < LEARNERS_AT_ONCE ? null : keys.at(-1)!, resolved };
  }

  /** A client limited to some connections never learns of people outside them, not even this way. */
  private async assign(
    manager: EntityManager,
    known: readonly ({ key: string } & ResolvedLearner)[],
  ): Promise<number> {
    const [, count] = await manager.query<[unknown[], number]>(
      `update learning_events e
       set user_id = k."userId", customer_id = k."customerId", connection_id = k."connectionId", held = false
       from jsonb_to_recordset($1::jsonb) as k(key text, "userId" text, "customerId" text, "connectionId" text)
       where e.held and e.learner_key = k.key
         and (e.client_id is null or exists (
           select 1 from clients c where c.id = e.client_id
             and (c.connection_ids is null or k."connectionId" = any(c.connection_ids))))`,
      [JSON.stringify(known)],
    );
    return count;
  }
}
