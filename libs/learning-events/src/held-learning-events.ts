import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { JobQueue } from '@trainbridge/jobs';
import { OutgoingEvents } from '@trainbridge/persistence';
import { DataSource, type EntityManager } from 'typeorm';
import { groupedBy, LearnerLookup, type ResolvedLearner } from './accept/learner-lookup.js';
import type { LearnerDto } from './learning-event.dto.js';

const QUEUE = 'learning-events';
const KEY = 'resolve-held';
const SWEEP_MS = 60_000;
/** After people changed: their transaction is committed by then, and a burst of changes becomes one look. */
const SETTLE_MS = 1_000;
const LEARNERS_AT_ONCE = 1_000;

/** The connections whoever sent an event may see: null for all, none when the client is gone. */
const SIGHT = `case when e.client_id is null then null::text[]
  when exists (select from clients c where c.id = e.client_id)
    then (select c.connection_ids from clients c where c.id = e.client_id)
  else '{}'::text[] end`;

/** A learner whom events wait for, as far as their senders can see. */
interface HeldLearner {
  key: string;
  sight: string[] | null;
}

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
    const held = await manager.query<HeldLearner[]>(
      `with page as (
         select distinct learner_key from learning_events where held and learner_key > $1 order by learner_key limit $2)
       select distinct e.learner_key as key, ${SIGHT} as sight
       from page p join learning_events e on e.held and e.learner_key = p.learner_key
       order by key`,
      [after, LEARNERS_AT_ONCE],
    );
    const known = await this.find(manager, held);
    const resolved = known.length === 0 ? 0 : await this.assign(manager, known);
    const isLast = new Set(held.map(({ key }) => key)).size < LEARNERS_AT_ONCE;
    return { last: isLast ? null : held.at(-1)!.key, resolved };
  }

  private async find(
    manager: EntityManager,
    held: readonly HeldLearner[],
  ): Promise<(HeldLearner & ResolvedLearner)[]> {
    const known: (HeldLearner & ResolvedLearner)[] = [];
    for (const asking of groupedBy(held, ({ sight }) => JSON.stringify(sight))) {
      const learners = await this.lookup.resolve(
        manager,
        asking.map(({ key }) => JSON.parse(key) as LearnerDto),
        asking[0]!.sight,
      );
      for (const [index, one] of asking.entries()) {
        const learner = learners[index];
        if (learner) known.push({ ...one, ...learner });
      }
    }
    return known;
  }

  /** A client limited to some connections never learns of people outside them, not even this way. */
  private async assign(
    manager: EntityManager,
    known: readonly (HeldLearner & ResolvedLearner)[],
  ): Promise<number> {
    const [resolved] = await manager.query<
      [{ id: string; subjectId: string; connectionId: string | null }[], number]
    >(
      `update learning_events e
       set user_id = k."userId", customer_id = k."customerId", connection_id = k."connectionId", held = false
       from jsonb_to_recordset($1::jsonb) as k(
         key text, sight text[], "userId" text, "customerId" text, "connectionId" text)
       where e.held and e.learner_key = k.key and (${SIGHT}) is not distinct from k.sight
       returning e.id, coalesce(e.user_id, e.customer_id) as "subjectId", e.connection_id as "connectionId"`,
      [JSON.stringify(known)],
    );
    await this.events.subjectKnown(manager, resolved);
    return resolved.length;
  }
}
