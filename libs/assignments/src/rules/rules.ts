import { Injectable } from '@nestjs/common';
import { assertConnectionAllowed, AuditLog, type Actor, type Caller } from '@trainbridge/access';
import { Connections, Connectors } from '@trainbridge/connections';
import { Expressions, ExpressionError } from '@trainbridge/expressions';
import {
  decodeCursor,
  invalid,
  listAnswer,
  notFound,
  type FieldProblem,
  type ListAnswer,
} from '@trainbridge/http-api';
import { newId, rows } from '@trainbridge/persistence';
import { DataSource, type EntityManager } from 'typeorm';
import { Courses } from '../courses/courses.js';
import type { FiringDto, FiringOutcome, FiringsQuery } from './firing.dto.js';
import { learnerExpression } from './rule-decision.js';
import type { CreateRuleBody, RuleDto, RulesQuery, UpdateRuleBody } from './rule.dto.js';
import { SELECT_RULES, toRule, type CountedRuleRow } from './rule-row.js';

interface FiringRow {
  subject_id: string;
  outcome: FiringOutcome;
  detail: string | null;
  assignment_id: string | null;
  created_at: Date;
  decided_at: Date | null;
}

/** Which happenings on a platform assign which course. Everybody who may use the connection sees its rules. */
@Injectable()
export class Rules {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditLog,
    private readonly connections: Connections,
    private readonly connectors: Connectors,
    private readonly expressions: Expressions,
    private readonly courses: Courses,
  ) {}

  /** @throws {ProblemError} 400 naming what is wrong (expressions with the place), 404 for the connection. */
  async create(body: CreateRuleBody, caller: Caller): Promise<RuleDto> {
    const { connectionId } = body;
    assertConnectionAllowed(caller.actor, connectionId);
    const connection = await this.connections.require(connectionId);
    const connector = this.connectors.find(connection.connector);
    if (body.when.kind === 'task' && connector && !connector.tasks)
      throw invalid([{ path: '/when/kind', message: NO_TASKS }]);
    return this.dataSource.transaction(async (manager) => {
      await this.check(manager, body, caller.actor.clientId, connectionId);
      const id = newId('rul');
      await manager.query(
        `insert into rules (id, client_id, connection_id, name, is_active, "when", assign) values ($1, $2, $3, $4, $5, $6, $7)`,
        [id, caller.actor.clientId, connectionId, body.name, body.isActive ?? true, body.when, body.assign],
      );
      const rule = toRule(await this.row(manager, id, caller.actor));
      await this.record(manager, caller, 'rule.created', rule, { after: rule });
      return rule;
    });
  }

  /** Newest first. */
  async list({ limit, cursor, ...filters }: RulesQuery, actor: Actor): Promise<ListAnswer<RuleDto>> {
    const scope = { list: 'rules', filters };
    const [before = null] = decodeCursor(scope, cursor) ?? [];
    const found = await rows<CountedRuleRow>(
      this.dataSource,
      `${SELECT_RULES} where ($1::text[] is null or r.connection_id = any($1)) and ($2::text is null or r.connection_id = $2)
         and ($3::text is null or r.id < $3) order by r.id desc limit $4`,
      [actor.connectionIds, filters.connectionId ?? null, before, limit + 1],
    );
    return listAnswer(scope, found, limit, ({ id }) => [id], toRule);
  }

  /** @throws {ProblemError} 404 */
  async require(id: string, actor: Actor): Promise<RuleDto> {
    return toRule(await this.row(this.dataSource.manager, id, actor));
  }

  /** Absent fields stay. @throws {ProblemError} 400, 404 */
  async update(id: string, body: UpdateRuleBody, caller: Caller): Promise<RuleDto> {
    return this.dataSource.transaction(async (manager) => {
      const row = await this.row(manager, id, caller.actor, 'for update of r');
      const { when = row.when, assign = row.assign } = body;
      await this.check(manager, { when, assign }, row.client_id, row.connection_id);
      await manager.query(
        `update rules set name = $2, is_active = $3, "when" = $4, assign = $5, updated_at = now() where id = $1`,
        [id, body.name ?? row.name, body.isActive ?? row.is_active, when, assign],
      );
      const before = toRule(row);
      const after = toRule(await this.row(manager, id, caller.actor));
      await this.record(manager, caller, 'rule.updated', after, { before, after });
      return after;
    });
  }

  /** What it has made stays. @throws {ProblemError} 404 */
  async remove(id: string, caller: Caller): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const before = toRule(await this.row(manager, id, caller.actor, 'for update of r'));
      await manager.query(`delete from rule_firings where rule_id = $1`, [id]);
      await manager.query(`delete from rules where id = $1`, [id]);
      await this.record(manager, caller, 'rule.deleted', before, { before });
    });
  }

  /** What it looked at and what came of it, in order of the thing's id. @throws {ProblemError} 404 */
  async firings(
    id: string,
    { limit, cursor, outcome }: FiringsQuery,
    actor: Actor,
  ): Promise<ListAnswer<FiringDto>> {
    await this.row(this.dataSource.manager, id, actor);
    const scope = { list: `firings:${id}`, filters: { outcome } };
    const [before = null] = decodeCursor(scope, cursor) ?? [];
    const found = await rows<FiringRow>(
      this.dataSource,
      `select * from rule_firings where rule_id = $1 and ($2::text is null or outcome = $2)
         and ($3::text is null or subject_id < $3) order by subject_id desc limit $4`,
      [id, outcome ?? null, before, limit + 1],
    );
    return listAnswer(scope, found, limit, (row) => [row.subject_id], toFiring);
  }

  /** @throws {ProblemError} 404, also for rules of connections the caller may not see. */
  async row(
    manager: EntityManager,
    id: string,
    actor: Actor,
    lock: '' | 'for update of r' = '',
  ): Promise<CountedRuleRow> {
    const [row] = await rows<CountedRuleRow>(
      manager,
      `${SELECT_RULES} where r.id = $1 and ($2::text[] is null or r.connection_id = any($2)) ${lock}`,
      [id, actor.connectionIds],
    );
    if (!row) throw notFound('rule', id);
    return row;
  }

  private async check(
    manager: EntityManager,
    { when, assign }: Pick<CreateRuleBody, 'when' | 'assign'>,
    clientId: string | null,
    connectionId: string,
  ): Promise<void> {
    const problems: FieldProblem[] = [];
    for (const field of ['taskKind', 'status', 'since'] as const) {
      if (when.kind !== 'task' && when[field] !== undefined)
        problems.push({ path: `/when/${field}`, message: ONLY_TASKS });
    }
    if (when.condition !== undefined) this.compile(when.condition, '/when/condition', problems);
    const to = learnerExpression({ when, assign });
    if (to !== null) this.compile(to, '/assign/to', problems);
    if (problems.length > 0) throw invalid(problems);
    if (assign.title == null) {
      const who = { clientId, connectionIds: [connectionId] };
      await this.courses.require(manager, assign.courseId, who, '/assign/courseId');
    }
  }

  private compile(source: string, path: string, problems: FieldProblem[]): void {
    try {
      this.expressions.compile(source);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      const place = error.position === null ? '' : ` (${error.position})`;
      problems.push({
        path,
        message: {
          en: `is not a JSONata expression: ${error.message}${place}`,
          'zh-CN': `不是有效的 JSONata 表达式：${error.message}${place}`,
        },
      });
    }
  }

  private record(
    manager: EntityManager,
    caller: Caller,
    action: string,
    { id, connectionId }: RuleDto,
    sides: { before?: object; after?: object },
  ): Promise<void> {
    return this.audit.record(manager, {
      ...caller,
      action,
      subject: { type: 'rule', id },
      connectionId,
      ...sides,
    });
  }
}

const NO_TASKS = { en: 'this connector has no tasks', 'zh-CN': '该连接器不提供任务' };
const ONLY_TASKS = { en: 'is only for rules of kind task', 'zh-CN': '仅适用于 kind 为 task 的规则' };

function toFiring(row: FiringRow): FiringDto {
  return {
    subjectId: row.subject_id,
    outcome: row.outcome,
    detail: row.detail,
    assignmentId: row.assignment_id,
    createdAt: row.created_at.toISOString(),
    decidedAt: row.decided_at?.toISOString() ?? null,
  };
}
