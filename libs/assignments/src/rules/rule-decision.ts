import type { DirectoryReader } from '@trainbridge/directory';
import type { JsonValue } from '@trainbridge/connector-kit';
import type { Expressions } from '@trainbridge/expressions';
import { storable, type Sql } from '@trainbridge/persistence';
import type { RuleRow } from './rule-row.js';
import type { RuleKind } from './rule.dto.js';
import type { RuleSubject } from './rule-subjects.js';

/** More people than this are no answer to "who learns", but a mistake of an expression. */
const MOST_LEARNERS = 1_000;

export interface RuleLearner {
  externalId: string;
  userId: string | null;
}

/** What a rule makes of one thing. */
export interface RuleDecision {
  outcome: 'fire' | 'held' | 'not_matched' | 'failed';
  /** Why not, or what to know. */
  detail: string | null;
  learners: RuleLearner[];
  userIds: string[];
  customerIds: string[];
}

const DEFAULT_TO: Record<RuleKind, string> = { task: 'applicant', customer: 'customer', user: 'user' };

/** Whom a rule means: an expression unless it is the word for the one a thing of its kind is about. */
export function learnerExpression({ when, assign }: Pick<RuleRow, 'when' | 'assign'>): string | null {
  const to = assign.to ?? DEFAULT_TO[when.kind];
  return to === DEFAULT_TO[when.kind] ? null : to;
}

/**
 * Lets one rule look at some things: one batch of expressions and two statements, however many there are. Changes nothing.
 *
 * @returns a decision for each subject, in order
 */
export async function decide(
  sql: Sql,
  { directory, expressions }: { directory: DirectoryReader; expressions: Expressions },
  rule: Pick<RuleRow, 'connection_id' | 'when' | 'assign'>,
  subjects: readonly RuleSubject[],
): Promise<RuleDecision[]> {
  const to = learnerExpression(rule);
  const evaluated = await expressions.evaluateBatch(
    {
      ...(rule.when.condition !== undefined && { condition: rule.when.condition }),
      ...(to !== null && { to }),
    },
    subjects.map(({ record }) => record),
  );
  const drafts = subjects.map((subject, place) => {
    const { values, errors } = evaluated[place]!;
    if (errors.condition !== undefined) return no('failed', `the condition failed: ${errors.condition}`);
    if (rule.when.condition !== undefined && values.condition !== true)
      return no('not_matched', 'the condition is not true');
    if (to === null) return learnerItself(rule.when.kind, subject);
    if (errors.to !== undefined) return no('failed', `\`to\` failed: ${errors.to}`);
    return named(values.to);
  });
  await resolve(sql, directory, rule.connection_id, drafts);
  return drafts;
}

function no(outcome: RuleDecision['outcome'], detail: string): RuleDecision {
  return { outcome, detail, learners: [], userIds: [], customerIds: [] };
}

function learnerItself(kind: RuleKind, subject: RuleSubject): RuleDecision {
  if (kind === 'customer') {
    if (subject.id === null) return no('fire', 'a customer made up for a test');
    return { ...no('fire', ''), detail: null, customerIds: [subject.id] };
  }
  const externalId = kind === 'user' ? subject.externalId : subject.record.applicantExternalId;
  if (typeof externalId !== 'string' || externalId === '') return no('failed', 'the task names no applicant');
  return named(externalId);
}

function named(value: JsonValue | undefined): RuleDecision {
  const ids = [value ?? []].flat();
  const isUsable = ids.every(
    (id): id is string => typeof id === 'string' && id !== '' && id.length <= 400 && storable(id) === id,
  );
  if (!isUsable) return no('failed', '`to` gave something that is not an external id');
  if (ids.length === 0) return no('failed', '`to` names nobody');
  if (ids.length > MOST_LEARNERS) return no('failed', `\`to\` names more than ${MOST_LEARNERS} people`);
  const learners = [...new Set(ids)].map((externalId) => ({ externalId, userId: null }));
  return { outcome: 'fire', detail: null, learners, userIds: [], customerIds: [] };
}

/** Fills in who is known; who is not may come with the next sync. */
async function resolve(
  sql: Sql,
  directory: DirectoryReader,
  connectionId: string,
  drafts: readonly RuleDecision[],
): Promise<void> {
  const asked = drafts.flatMap(({ learners }) => learners);
  const found = await directory.resolveLearners(
    sql,
    asked.map(({ externalId }) => ({ connectionId, externalId })),
    [connectionId],
  );
  for (const [place, learner] of asked.entries()) learner.userId = found[place]?.userId ?? null;
  const people = await directory.usersById(sql, [...new Set(asked.flatMap(({ userId }) => userId ?? []))]);
  const disabled = new Set(people.filter(({ status }) => status === 'disabled').map(({ id }) => id));
  for (const draft of drafts) {
    if (draft.learners.length === 0) continue;
    const unknown = draft.learners
      .filter(({ userId }) => userId === null)
      .map(({ externalId }) => externalId);
    const known = draft.learners.flatMap(({ userId }) => userId ?? []);
    draft.userIds = known.filter((id) => !disabled.has(id));
    if (draft.userIds.length > 0) {
      draft.detail = unknown.length === 0 ? null : `not known here: ${shortList(unknown)}`;
    } else if (known.length > 0) {
      draft.outcome = 'failed';
      draft.detail = 'the person is disabled';
    } else {
      draft.outcome = 'held';
      draft.detail = `waits until the directory knows ${shortList(unknown)}`;
    }
  }
}

function shortList(ids: readonly string[]): string {
  return ids.length <= 5 ? ids.join(', ') : `${ids.slice(0, 5).join(', ')} and ${ids.length - 5} more`;
}
