import { Injectable, type OnModuleInit } from '@nestjs/common';
import { JobQueue } from '@trainbridge/jobs';
import { OutgoingEvents, rows } from '@trainbridge/persistence';
import { DataSource, type EntityManager } from 'typeorm';
import { EnrollmentRecord } from '../enrollments/enrollment-record.js';
import { RuleTriggers } from '../rules/rule-triggers.js';
import { membersOf } from './audience.js';
import { ensureFeedPosition, moveFeedPosition, takeFeedPosition } from './feed-position.js';

const QUEUE = 'audiences';
const KEY = 'follow';
const SWEEP_MS = 60_000;
/** After people changed: their transaction is committed by then, and a burst of changes becomes one look. */
const SETTLE_MS = 1_000;
/** Changes, and people, per transaction. */
const PAGE = 2_000;

/** What a stretch of the directory's feed is about. */
interface Stretch {
  last: number;
  users: string[];
  customers: string[];
  /** That stand elsewhere in the tree now, or are new or gone: everybody below them belongs elsewhere. */
  departments: string[];
  connections: string[];
  /** Connections of which somebody may be known now who was not before. */
  arrivals: string[];
}

/**
 * Follows the directory's feed: who joins a live audience is enrolled, who leaves it before starting is withdrawn, and rules
 * hear of people and customers. In sets, from a stored position, so nothing is missed however long the host was away.
 */
@Injectable()
export class AudienceFollower implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly jobs: JobQueue,
    private readonly outgoing: OutgoingEvents,
    private readonly enrollments: EnrollmentRecord,
    private readonly rules: RuleTriggers,
  ) {}

  async onModuleInit(): Promise<void> {
    await ensureFeedPosition(this.dataSource);
    this.jobs.process(QUEUE, { concurrency: 1 }, ({ signal }) => this.follow(signal));
    this.jobs.every(QUEUE, KEY, SWEEP_MS);
    this.outgoing.onPublished(async (_manager, published) => {
      const people = published.some(({ type }) =>
        /^(?:user\.|department\.|customer\.|run\.finished$)/.test(type),
      );
      if (people) await this.jobs.wake(QUEUE, KEY, { delayMs: SETTLE_MS }).catch(() => undefined);
    });
  }

  /** To the end of the feed. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const stretch = await this.dataSource.transaction((manager) => this.step(manager));
      if (stretch === null) return;
      await this.rules.wake(stretch.connections);
    }
  }

  private async step(manager: EntityManager): Promise<Stretch | null> {
    const stretch = await this.read(manager, await takeFeedPosition(manager));
    if (stretch === null) return null;
    await this.adjust(manager, stretch.users, stretch.customers);
    for (let after = ''; stretch.departments.length > 0;) {
      const below = await rows<{ id: string }>(manager, BELOW, [stretch.departments, after, PAGE]);
      const ids = below.map(({ id }) => id);
      await this.adjust(manager, ids, []);
      if (ids.length < PAGE) break;
      after = ids.at(-1)!;
    }
    await this.rules.peopleChanged(manager, stretch);
    await moveFeedPosition(manager, stretch.last);
    return stretch;
  }

  private async read(manager: EntityManager, position: number): Promise<Stretch | null> {
    const [found] = await rows<Omit<Stretch, 'last'> & { last: string | null }>(manager, READ, [
      position,
      PAGE,
    ]);
    return found?.last == null ? null : { ...found, last: Number(found.last) };
  }

  /** Makes the live enrollments of these people what they should be by now. */
  private async adjust(
    manager: EntityManager,
    users: readonly string[],
    customers: readonly string[],
  ): Promise<void> {
    if (users.length + customers.length === 0) return;
    const joined = await rows<{ id: string; isNew: boolean }>(manager, JOIN, [users, customers]);
    const left = await rows<{ id: string }>(manager, LEAVE, [users, customers]);
    const idsOf = (changed: readonly { id: string }[]) => changed.map(({ id }) => id);
    await this.enrollments.announce(
      manager,
      'enrollment.created',
      idsOf(joined.filter(({ isNew }) => isNew)),
    );
    await this.enrollments.announce(manager, 'enrollment.updated', [
      ...idsOf(joined.filter(({ isNew }) => !isNew)),
      ...idsOf(left),
    ]);
  }
}

const READ = `
  with changes as (
    select * from directory_changes where sequence > $1 order by sequence limit $2
  ), ids as (
    select distinct subject_id as id, split_part(type, '.', 1) as what from changes
    where type not like 'department.%' or before is null or type <> 'department.updated'
      or (before ? 'parentId' and before -> 'parentId' is distinct from after -> 'parentId')
      or (before ? 'pathIds' and before -> 'pathIds' is distinct from after -> 'pathIds')
  )
  select (select max(sequence) from changes) as last,
    coalesce((select array_agg(id) from ids where what = 'user'), '{}') as users,
    coalesce((select array_agg(id) from ids where what = 'customer'), '{}') as customers,
    coalesce((select array_agg(id) from ids where what = 'department'), '{}') as departments,
    coalesce((select array_agg(distinct connection_id) from changes), '{}') as connections,
    coalesce((select array_agg(distinct connection_id) from changes where type like 'user.%'
      and (type <> 'user.updated' or before ?| array['externalId', 'externalIds'])), '{}') as arrivals`;

const BELOW = `
  select distinct m.user_id as id from departments d join memberships m on m.department_id = d.id
  where d.path_ids && $1::text[] and m.user_id > $2 order by 1 limit $3`;

const LIVE = `
  live as (select * from assignments where live and status = 'active'),
  members as (${membersOf('live', 'u.id = any($1)', 'k.id = any($2)')})`;

/** Who comes back after having left is enrolled again; whom somebody withdrew by hand is not. */
const JOIN = `
  with ${LIVE}
  insert into enrollments as e (id, assignment_id, connection_id, user_id, customer_id, course_id, due_at)
  select tb_id('enr'), m.assignment_id, m.connection_id, m.user_id, m.customer_id, a.course_id, a.due_at
  from members m join live a on a.id = m.assignment_id
  where not exists (
    select from enrollments x where x.assignment_id = m.assignment_id
      and x.learner_id = coalesce(m.user_id, m.customer_id) and not (x.left_audience and x.status = 'withdrawn'))
  order by 2, coalesce(m.user_id, m.customer_id)
  on conflict (assignment_id, learner_id) do update
    set status = 'assigned', left_audience = false, due_at = excluded.due_at, updated_at = now()
    where e.left_audience and e.status = 'withdrawn'
  returning id, xmax = 0 as "isNew"`;

const LEAVE = `
  with ${LIVE},
  gone as (
    select e.id from enrollments e join live a on a.id = e.assignment_id
    where e.learner_id = any($1::text[] || $2::text[]) and e.status = 'assigned' and not exists (
      select from members m where m.assignment_id = e.assignment_id and coalesce(m.user_id, m.customer_id) = e.learner_id)
    order by e.id for update of e)
  update enrollments e set status = 'withdrawn', left_audience = true, updated_at = now()
  from gone g where e.id = g.id and e.status = 'assigned' returning e.id`;
