import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DirectoryReader } from '@trainbridge/directory';
import { Expressions } from '@trainbridge/expressions';
import { JobQueue } from '@trainbridge/jobs';
import { rows, storable } from '@trainbridge/persistence';
import { DataSource, type EntityManager } from 'typeorm';
import { AssignmentMaker, type NewAssignment } from '../assignments/assignment-maker.js';
import { holdFeedPosition } from '../audience/feed-position.js';
import { Courses } from '../courses/courses.js';
import { decide, type RuleDecision } from './rule-decision.js';
import type { RuleRow } from './rule-row.js';
import { loadSubjects, type RuleSubject } from './rule-subjects.js';
import { RULES_QUEUE } from './rule-triggers.js';

const SWEEP_QUEUE = 'rules-sweep';
const SWEEP_EVERY_MS = 30_000;
const CONNECTIONS_AT_ONCE = 2;
/** Things one transaction decides about: all of one rule. */
const PAGE = 200;
const DAY_MS = 86_400_000;

/** What is written down about one thing a rule looked at. */
interface Decided {
  subjectId: string;
  outcome: 'fired' | 'held' | 'not_matched' | 'failed';
  detail: string | null;
  assignmentId: string | null;
}

/**
 * Decides what waits for rules, and makes the assignments in the transaction that says so: a process that dies in between has
 * done neither, and who looks again finds the thing still waiting or decided for good.
 */
@Injectable()
export class RuleEngine implements OnModuleInit {
  private readonly log = new Logger('Assignments');

  constructor(
    private readonly dataSource: DataSource,
    private readonly jobs: JobQueue,
    readonly directory: DirectoryReader,
    readonly expressions: Expressions,
    private readonly courses: Courses,
    private readonly maker: AssignmentMaker,
  ) {}

  onModuleInit(): void {
    this.jobs.process(RULES_QUEUE, { concurrency: CONNECTIONS_AT_ONCE }, ({ key, signal }) =>
      this.drain(key, signal),
    );
    this.jobs.process(SWEEP_QUEUE, { concurrency: 1 }, async () => {
      const waiting = await rows<{ id: string }>(
        this.dataSource,
        `select distinct f.connection_id as id from rule_firings f join rules r on r.id = f.rule_id and r.is_active
         where f.outcome = 'pending'`,
      );
      for (const { id } of waiting) await this.jobs.wake(RULES_QUEUE, id);
    });
    this.jobs.every(SWEEP_QUEUE, 'pending', SWEEP_EVERY_MS);
  }

  /** Everything that waits for the rules of one connection. */
  async drain(connectionId: string, signal: AbortSignal): Promise<void> {
    while (
      !signal.aborted &&
      (await this.dataSource.transaction((manager) => this.decidePage(manager, connectionId)))
    );
  }

  private async decidePage(manager: EntityManager, connectionId: string): Promise<boolean> {
    const [rule] = await rows<RuleRow>(
      manager,
      `select r.* from rules r where r.connection_id = $1 and r.is_active
         and exists (select from rule_firings f
           where f.connection_id = r.connection_id and f.rule_id = r.id and f.outcome = 'pending') order by r.id limit 1`,
      [connectionId],
    );
    if (!rule) return false;
    // Who arrives meanwhile is told of after this, when it is written down who waits for them.
    await holdFeedPosition(manager);
    const waiting = await rows<{ subject_id: string }>(manager, WAITING, [rule.id, connectionId, PAGE]);
    if (waiting.length === 0) return false;
    const ids = waiting.map((row) => row.subject_id);
    const subjects = await loadSubjects(manager, this.directory, rule.when.kind, connectionId, ids);
    const decided = await this.decideAll(manager, rule, [...subjects.values()]);
    const missing = ids.filter((id) => !subjects.has(id)).map((id) => no(id, 'it is no longer there'));
    await manager.query(RECORD, [rule.id, JSON.stringify([...decided, ...missing])]);
    const fired = decided.filter(({ outcome }) => outcome === 'fired').length;
    if (fired > 0) this.log.log({ msg: 'rule fired', ruleId: rule.id, assignments: fired });
    return true;
  }

  private async decideAll(
    manager: EntityManager,
    rule: RuleRow,
    subjects: readonly RuleSubject[],
  ): Promise<Decided[]> {
    if (subjects.length === 0) return [];
    const decisions = await decide(manager, this, rule, subjects);
    const firing = subjects.flatMap((subject, place) => {
      const decision = decisions[place]!;
      return decision.outcome === 'fire' ? [{ subject, decision }] : [];
    });
    const wanted = await this.assignmentsOf(
      manager,
      rule,
      firing.map(({ subject, decision }) => ({ externalId: subject.externalId, decision })),
    );
    const made = new Map<string, string | null>();
    const ids = await this.maker.make(manager, wanted);
    for (const [place, { subject }] of firing.entries()) made.set(subject.id!, ids[place] ?? null);
    return subjects.map(({ id }, place) => {
      const { outcome, detail } = decisions[place]!;
      const told = detail === null ? null : storable(detail).slice(0, 500);
      if (outcome !== 'fire') return { subjectId: id!, outcome, detail: told, assignmentId: null };
      return { subjectId: id!, outcome: 'fired', detail: told, assignmentId: made.get(id!) ?? null };
    });
  }

  /** The assignments a rule would make now. */
  async assignmentsOf(
    manager: EntityManager,
    rule: RuleRow,
    firing: readonly { externalId: string; decision: Pick<RuleDecision, 'userIds' | 'customerIds'> }[],
  ): Promise<NewAssignment[]> {
    if (firing.length === 0) return [];
    const { courseId, title = null, url = null, dueInDays, isMandatory = false } = rule.assign;
    const who = { clientId: rule.client_id, connectionIds: [rule.connection_id] };
    const course = await this.courses.find(manager, courseId, who);
    const dueAt = dueInDays == null ? null : new Date(Date.now() + dueInDays * DAY_MS).toISOString();
    return firing.map(({ externalId, decision: { userIds, customerIds } }) => ({
      clientId: rule.client_id,
      ruleId: rule.id,
      sourceKind: rule.when.kind,
      sourceExternalId: externalId,
      courseId,
      courseClientId: course?.clientId ?? null,
      audience: { userIds, customerIds, departments: [], tags: [], live: false },
      connectionIds: [rule.connection_id],
      title,
      url,
      dueAt,
      isMandatory,
      requestHash: '',
    }));
  }
}

function no(subjectId: string, detail: string): Decided {
  return { subjectId, outcome: 'not_matched', detail, assignmentId: null };
}

/** In no order: a first sync may leave a row for everybody, and sorting them for each page would take hours. */
export const WAITING = `
  select subject_id from rule_firings where rule_id = $1 and connection_id = $2 and outcome = 'pending'
  limit $3 for update skip locked`;

const RECORD = `
  update rule_firings f set outcome = d.outcome, detail = d.detail, assignment_id = d."assignmentId", decided_at = now()
  from jsonb_to_recordset($2::jsonb) as d("subjectId" text, outcome text, detail text, "assignmentId" text)
  where f.rule_id = $1 and f.subject_id = d."subjectId"`;
