import { Injectable } from '@nestjs/common';
import {
  assertConnectionAllowed,
  AuditLog,
  isConnectionAllowed,
  type Actor,
  type Caller,
} from '@trainbridge/access';
import { Connections, Connectors } from '@trainbridge/connections';
import { notFound, ProblemError } from '@trainbridge/http-api';
import { DataSource, QueryFailedError, type EntityManager } from 'typeorm';
import { outdatedLines } from '../sync/apply/apply.js';
import { PlanOutdated } from '../sync/run-facts.js';
import { rows } from '../sync/sql.js';
import { dropStaging } from '../sync/stage/staging.js';
import type { CreateRunBody } from './run.dto.js';
import { viewOf, type RunRow, type RunView } from './run-record.js';
import { RunWorker } from './run-worker.js';

/** What people and clients ask of runs: begin, approve, stop. Each is on the audit record. */
@Injectable()
export class RunRequests {
  constructor(
    private readonly dataSource: DataSource,
    private readonly connections: Connections,
    private readonly connectors: Connectors,
    private readonly audit: AuditLog,
    private readonly worker: RunWorker,
  ) {}

  /** @throws {ProblemError} `not_found`, `unprocessable`, `run_in_progress` naming the run. */
  async start(caller: Caller, connectionId: string, body: CreateRunBody): Promise<RunView> {
    assertConnectionAllowed(caller.actor, connectionId);
    const connection = await this.connections.require(connectionId);
    const connector = this.connectors.require(connection.connector);
    if (body.kind === 'tasks')
      refuseTasks(body, connector.tasks !== undefined && this.worker.taskRuns !== undefined);
    else refuseDirectory(body, connector.directory !== undefined);
    const run = await this.dataSource.transaction(async (manager) => {
      const created = await this.worker.engine.store.create(manager, {
        connectionId,
        kind: body.kind,
        mode: body.mode ?? 'full',
        dryRun: body.dryRun ?? false,
        requestedBy: caller.actor.name,
      });
      if (!created) throw await this.inProgress(manager, connectionId, body.kind);
      await this.record(manager, caller, 'run.requested', created, {
        kind: created.kind,
        mode: created.mode,
        dryRun: created.dry_run,
      });
      return created;
    });
    await this.worker.wake(run.id);
    return viewOf(run);
  }

  /**
   * Carries out a planned run, or a blocked one, which the caller approves by name.
   * @throws {ProblemError} `not_found`, `conflict`, `plan_outdated`, `run_in_progress`.
   */
  async apply(caller: Caller, id: string): Promise<RunView> {
    const run = await this.require(id, caller.actor);
    if (run.status !== 'planned' && run.status !== 'blocked') {
      throw new ProblemError('conflict', {
        detail: {
          en: `Only a planned or blocked run can be applied; this one is ${run.status}.`,
          'zh-CN': `只有状态为 planned 或 blocked 的任务可以执行，当前状态为 ${run.status}。`,
        },
      });
    }
    await this.refuseOutdated(run);
    try {
      await this.dataSource.transaction(async (manager) => {
        const [approved] = await rows<RunRow>(
          manager,
          `update runs set status = 'queued', phase = 'apply', approved_by = $2, approved_at = now(), error = null,
             finished_at = null, updated_at = now()
           where id = $1 and status in ('planned', 'blocked') returning *`,
          [id, caller.actor.name],
        );
        if (!approved) throw new ProblemError('conflict');
        await this.record(manager, caller, 'run.approved', run, {
          status: run.status,
          error: run.error,
          counts: run.counts,
        });
      });
    } catch (error) {
      if (isUniqueViolation(error))
        throw await this.inProgress(this.dataSource.manager, run.connection_id, run.kind);
      throw error;
    }
    await this.worker.wake(id);
    return viewOf(await this.require(id, caller.actor));
  }

  /** Stops a run; what it applied stays applied. @throws {ProblemError} `not_found`, `conflict` when it has ended. */
  async cancel(caller: Caller, id: string): Promise<RunView> {
    const run = await this.require(id, caller.actor);
    const canceled = await this.dataSource.transaction(async (manager) => {
      const stopped = await this.worker.engine.store.cancel(manager, id);
      if (!stopped) {
        throw new ProblemError('conflict', {
          detail: { en: `The run has ended: ${run.status}.`, 'zh-CN': `任务已结束：${run.status}。` },
        });
      }
      await this.record(manager, caller, 'run.canceled', run, { status: run.status });
      return stopped;
    });
    this.worker.stop(id);
    await dropStaging(this.dataSource, id);
    return viewOf(canceled);
  }

  /** @throws {ProblemError} `not_found`, also for runs of connections the actor may not see. */
  async require(id: string, actor: Actor): Promise<RunRow> {
    const run = await this.worker.engine.store.find(id);
    if (!run || !isConnectionAllowed(actor, run.connection_id)) throw notFound('run', id);
    return run;
  }

  private async refuseOutdated(run: RunRow): Promise<void> {
    let outdated: number;
    try {
      outdated = await outdatedLines(this.dataSource, run.id, run.connection_id);
    } catch (error) {
      if (!(error instanceof PlanOutdated)) throw error;
      outdated = run.planned_lines;
    }
    if (outdated === 0) return;
    throw new ProblemError('plan_outdated', {
      detail: {
        en: `${outdated} of ${run.planned_lines} records are no longer what this plan was made from. Start a new run.`,
        'zh-CN': `该计划的 ${run.planned_lines} 条记录中有 ${outdated} 条已发生变化，请重新发起同步。`,
      },
      extensions: { outdated, planned: run.planned_lines },
    });
  }

  private async inProgress(
    manager: EntityManager,
    connectionId: string,
    kind: RunRow['kind'],
  ): Promise<ProblemError> {
    const open = await this.worker.engine.store.openRun(manager, connectionId, kind);
    const runId = open?.id ?? null;
    return new ProblemError('run_in_progress', {
      detail: {
        en: `Run ${runId} of this connection is ${open?.status ?? 'running'}; wait for it or cancel it.`,
        'zh-CN': `该连接的任务 ${runId} 正在进行（${open?.status ?? 'running'}），请等待或先取消。`,
      },
      extensions: { runId },
    });
  }

  private record(
    manager: EntityManager,
    caller: Caller,
    action: string,
    run: RunRow,
    after: object,
  ): Promise<void> {
    const subject = { type: 'run', id: run.id };
    return this.audit.record(manager, { ...caller, action, subject, connectionId: run.connection_id, after });
  }
}

function refuseDirectory(body: CreateRunBody, hasDirectory: boolean): void {
  if (body.mode === 'incremental') {
    throw refusal(
      'A directory is read in mode full or reconcile.',
      '通讯录同步仅支持 full 或 reconcile 模式。',
    );
  }
  if (!hasDirectory) throw refusal('This connector has no directory to read.', '该连接器不提供通讯录。');
}

function refuseTasks(body: CreateRunBody, hasTasks: boolean): void {
  if (!hasTasks) throw refusal('This connector has no tasks to read.', '该连接器不提供任务（tasks）。');
  if (body.mode === 'reconcile' || body.dryRun === true) {
    throw refusal(
      'Tasks are read in mode full or incremental, and not as a dry run; POST /api/v1/rules/{id}/test tells what a rule would do.',
      '任务（tasks）仅支持 full 或 incremental 模式，且不支持 dryRun；可用 POST /api/v1/rules/{id}/test 试运行规则。',
    );
  }
}

function refusal(en: string, zh: string): ProblemError {
  return new ProblemError('unprocessable', { detail: { en, 'zh-CN': zh } });
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof QueryFailedError && (error.driverError as { code?: string }).code === '23505';
}
