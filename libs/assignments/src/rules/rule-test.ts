import { Injectable } from '@nestjs/common';
import type { Actor } from '@trainbridge/access';
import { invalid, notFound } from '@trainbridge/http-api';
import type { JsonObject } from '@trainbridge/connector-kit';
import { rows } from '@trainbridge/persistence';
import { DataSource, type EntityManager } from 'typeorm';
import type { NewAssignment } from '../assignments/assignment-maker.js';
import { Courses } from '../courses/courses.js';
import { decide } from './rule-decision.js';
import { RuleEngine } from './rule-engine.js';
import type { CountedRuleRow } from './rule-row.js';
import { loadSubjects, type RuleSubject } from './rule-subjects.js';
import type { TestRuleBody, TestRuleDto } from './rule-test.dto.js';
import { Rules } from './rules.js';

/** Says what a rule would do, by the very code that does it. Nothing is written. */
@Injectable()
export class RuleTest {
  constructor(
    private readonly dataSource: DataSource,
    private readonly rules: Rules,
    private readonly engine: RuleEngine,
    private readonly courses: Courses,
  ) {}

  /** @throws {ProblemError} 400, 404 for the rule or the thing it is tested with. */
  async run(ruleId: string, body: TestRuleBody, actor: Actor): Promise<TestRuleDto> {
    const { manager } = this.dataSource;
    const rule = await this.rules.row(manager, ruleId, actor);
    const subject = await this.subject(manager, rule, body);
    const mismatch = triggerMismatch(rule, subject.record);
    const [decision] = await decide(manager, this.engine, rule, [subject]);
    const existingAssignmentId = await this.existing(manager, rule, subject);
    const fires = mismatch === null && decision!.outcome === 'fire';
    const [assignment] = fires
      ? await this.engine.assignmentsOf(manager, rule, [
          { externalId: subject.externalId, decision: decision! },
        ])
      : [];
    return {
      wouldFire: fires && existingAssignmentId === null,
      detail:
        mismatch ??
        (fires && existingAssignmentId !== null ? 'it has fired for this one already' : decision!.detail),
      learners: decision!.learners,
      assignment: assignment ? await this.shown(manager, rule, assignment) : null,
      existingAssignmentId,
    };
  }

  private async subject(
    manager: EntityManager,
    rule: CountedRuleRow,
    body: TestRuleBody,
  ): Promise<RuleSubject> {
    const { record, subjectId = body.taskId } = body;
    if ((record === undefined) === (subjectId === undefined)) throw invalid([{ path: '', message: ONE_OF }]);
    if (record !== undefined) {
      const { externalId } = record;
      return { id: null, externalId: typeof externalId === 'string' ? externalId : 'test', record };
    }
    const ids = [subjectId!];
    const found = await loadSubjects(manager, this.engine.directory, rule.when.kind, rule.connection_id, ids);
    const subject = found.get(subjectId!);
    if (!subject) throw notFound(rule.when.kind, subjectId!);
    return subject;
  }

  private async existing(
    manager: EntityManager,
    rule: CountedRuleRow,
    subject: RuleSubject,
  ): Promise<string | null> {
    const [found] = await rows<{ id: string }>(
      manager,
      `select id from assignments where rule_id = $1 and source_kind = $2 and source_external_id = $3`,
      [rule.id, rule.when.kind, subject.externalId],
    );
    return found?.id ?? null;
  }

  private async shown(
    manager: EntityManager,
    rule: CountedRuleRow,
    wanted: NewAssignment,
  ): Promise<JsonObject> {
    const who = { clientId: rule.client_id, connectionIds: [rule.connection_id] };
    const course = await this.courses.find(manager, wanted.courseId, who);
    return {
      courseId: wanted.courseId,
      title: wanted.title ?? course?.title ?? wanted.courseId,
      url: wanted.url ?? course?.url ?? null,
      dueAt: wanted.dueAt,
      isMandatory: wanted.isMandatory,
      source: { ruleId: rule.id, kind: wanted.sourceKind, externalId: wanted.sourceExternalId },
    };
  }
}

/** What keeps a task from being looked at in the first place; null: nothing. */
function triggerMismatch({ when }: CountedRuleRow, record: JsonObject): string | null {
  if (when.kind !== 'task') return null;
  const status = when.status ?? 'approved';
  if (record.status !== status) return `the rule waits for status ${status}`;
  if (when.taskKind !== undefined && record.kind !== when.taskKind)
    return `the rule waits for tasks of kind ${when.taskKind}`;
  return null;
}

const ONE_OF = {
  en: 'must hold one of subjectId (or taskId) and record',
  'zh-CN': '必须且只能包含 subjectId（或 taskId）与 record 之一',
};
