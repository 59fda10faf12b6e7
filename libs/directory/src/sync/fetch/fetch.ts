import { setMaxListeners } from 'node:events';
import type {
  ConnectorContext,
  ConnectorErrorData,
  DirectoryCapability,
  JsonObject,
  Manifest,
} from '@trainbridge/connector-kit';
import type { DataSource } from 'typeorm';
import type { RunHandle } from '../run-facts.js';
import { rows } from '../sql.js';
import type { RecordStager } from '../stage/record-stager.js';
import {
  COMPANY_WALK,
  DEPARTMENTS_WALK,
  departmentOfWalk,
  holdRun,
  openWalks,
  stagePages,
} from '../stage/staging.js';
import { PageWriter, type PageWriterOptions } from './page-writer.js';
import { errorData, ReadRefused, retried, walkPages, type WalkOptions } from './walk.js';

/** The platform as a run reads it. */
export interface DirectorySource {
  directory: DirectoryCapability<JsonObject>;
  manifest: Manifest;
  context: ConnectorContext;
}

export interface FetchOptions {
  signal: AbortSignal;
  retryDelaysMs: readonly number[];
  writer?: Pick<PageWriterOptions, 'flushRecords' | 'flushAfterMs' | 'maxWaiting'>;
}

/** Live figures of a run that reads; stored with every commit of pages. */
export interface FetchProgress {
  phase: 'fetch';
  departmentsDone: number;
  departmentsTotal: number;
  usersRead: number;
  pages: number;
  estimatedSecondsLeft: number | null;
}

const MAX_CONCURRENCY = 32;
const WALKS_PER_LOOKUP = 500;
/** So many walks failing one after the other mean that the platform is down, not that some departments are odd. */
const FAILURES_IN_A_ROW = 10;

/**
 * Reads everything a platform shows of its departments and people into staging, going on from the cursors of an earlier
 * attempt. Walks that cannot be finished keep their error in `run_walks`; the others go on.
 *
 * @throws {ReadRefused} on bad credentials, permissions or configuration
 * @throws {StagingLost} {RunInterrupted}
 */
export class DirectoryFetch {
  private readonly writer: PageWriter;
  private readonly progress: FetchProgress = {
    phase: 'fetch',
    departmentsDone: 0,
    departmentsTotal: 0,
    usersRead: 0,
    pages: 0,
    estimatedSecondsLeft: null,
  };
  private readonly startedAt = Date.now();
  private departmentsDoneBefore = 0;
  private failuresInARow = 0;
  /** The first failure ends the other walks too. */
  private readonly stop = new AbortController();
  private readonly walking: Pick<WalkOptions, 'signal' | 'retryDelaysMs'>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly run: RunHandle,
    private readonly source: DirectorySource,
    private readonly stager: RecordStager,
    private readonly options: FetchOptions,
  ) {
    this.walking = { ...options, signal: AbortSignal.any([options.signal, this.stop.signal]) };
    // As many walks listen to it as run side by side.
    setMaxListeners(0, this.walking.signal, options.signal);
    const walkDepartments = source.manifest.directory?.usersBy !== 'company';
    this.writer = new PageWriter({
      ...options.writer,
      write: (batch, walks) =>
        stagePages(dataSource, run, batch, walks, { progress: this.currentProgress(), walkDepartments }),
    });
  }

  async execute(): Promise<void> {
    const usersBy = this.source.manifest.directory?.usersBy ?? 'department';
    await this.dataSource.transaction(async (manager) => {
      await holdRun(manager, this.run, null);
      await openWalks(
        manager,
        this.run.id,
        usersBy === 'department' ? [DEPARTMENTS_WALK] : [DEPARTMENTS_WALK, COMPANY_WALK],
      );
    });
    try {
      await this.readVisibility();
      const listings = [this.walkDepartments()];
      if (usersBy === 'company') listings.push(this.walkCompany());
      await this.together(listings);
      await this.writer.drain();
      if (usersBy !== 'company') await this.walkPeopleOfDepartments();
      // After the records with attributes, a listing of bare ids finds everybody staged already; the other way round
      // every person would be written twice.
      if (usersBy === 'both') await this.walkCompany();
      await this.writer.drain();
      // Walks that waited for room in the writer were counted after the last page was written.
      await holdRun(this.dataSource, this.run, this.currentProgress());
    } catch (error) {
      await this.writer.abandon();
      throw error;
    }
  }

  /** What this app may see is read first, and once: an answer after the reading could hide what was lost during it. */
  private async readVisibility(): Promise<void> {
    const [run] = await rows<{ known: boolean }>(
      this.dataSource,
      `select grants is not null as known from runs where id = $1`,
      [this.run.id],
    );
    if (run?.known) return;
    let grants: string[] | null = null;
    let error: ConnectorErrorData | null = null;
    try {
      const answer = await retried(() => this.source.directory.visibility(this.source.context), this.options);
      grants = [...new Set(answer.grants)].sort();
    } catch (failure) {
      this.options.signal.throwIfAborted();
      error = errorData(failure);
      if (['auth_failed', 'permission_denied', 'config_invalid'].includes(error.code))
        throw new ReadRefused(error);
    }
    await this.dataSource.transaction(async (manager) => {
      await holdRun(manager, this.run, null);
      if (grants)
        await manager.query(`update runs set grants = $2 where id = $1`, [
          this.run.id,
          JSON.stringify(grants),
        ]);
      else {
        await manager.query(
          `insert into run_walks (run_id, walk, error) values ($1, 'visibility', $2)
           on conflict (run_id, walk) do update set error = excluded.error`,
          [this.run.id, JSON.stringify(error)],
        );
      }
    });
  }

  private async walkDepartments(): Promise<void> {
    const saved = await this.savedWalk(DEPARTMENTS_WALK);
    if (!saved) return;
    const { directory, context } = this.source;
    await walkPages(
      {
        ...saved,
        read: (cursor) => directory.listDepartments(context, { cursor }),
        stage: (page) => this.stager.departments(page.items, page.rejected),
      },
      this.writer,
      { ...this.walking, onPage: () => (this.progress.pages += 1) },
    );
  }

  private async walkCompany(): Promise<void> {
    const saved = await this.savedWalk(COMPANY_WALK);
    if (saved) await this.walkPeople(saved, null);
  }

  private async savedWalk(name: string): Promise<{ name: string; cursor: string | null } | null> {
    const [walk] = await rows<{ name: string; cursor: string | null }>(
      this.dataSource,
      `select walk as name, cursor from run_walks where run_id = $1 and walk = $2 and not done and error is null`,
      [this.run.id, name],
    );
    return walk ?? null;
  }

  private async walkPeopleOfDepartments(): Promise<void> {
    const [walks] = await rows<{ total: number; done: number; pages: number; records: number }>(
      this.dataSource,
      `select count(*)::int as total, (count(*) filter (where done))::int as done,
         coalesce(sum(pages), 0)::int as pages, coalesce(sum(records), 0)::int as records
       from run_walks where run_id = $1 and walk like 'department:%'`,
      [this.run.id],
    );
    this.progress.departmentsTotal = walks!.total;
    this.progress.departmentsDone = this.departmentsDoneBefore = walks!.done;
    this.progress.pages += walks!.pages;
    this.progress.usersRead += walks!.records;
    const concurrency = Math.max(1, Math.min(this.source.manifest.maxConcurrency, MAX_CONCURRENCY));
    for (let after = ''; ;) {
      const batch = await rows<{ walk: string; cursor: string | null }>(
        this.dataSource,
        `select walk, cursor from run_walks
         where run_id = $1 and walk like 'department:%' and not done and error is null and walk > $2
         order by walk limit ${WALKS_PER_LOOKUP}`,
        [this.run.id, after],
      );
      if (batch.length === 0) return;
      after = batch.at(-1)!.walk;
      const queue = batch.values();
      const workers = Array.from({ length: concurrency }, async () => {
        for (const { walk, cursor } of queue) {
          if (this.failuresInARow >= FAILURES_IN_A_ROW) return;
          await this.walkPeople({ name: walk, cursor }, departmentOfWalk(walk));
        }
      });
      await this.together(workers);
      if (this.failuresInARow >= FAILURES_IN_A_ROW) return await this.giveUp();
    }
  }

  private async walkPeople(
    saved: { name: string; cursor: string | null },
    departmentId: string | null,
  ): Promise<void> {
    const { directory, context } = this.source;
    const error = await walkPages(
      {
        ...saved,
        read: (cursor) => directory.listUsers(context, { departmentId, cursor }),
        stage: (page) => this.stager.users(page.items, page.rejected),
      },
      this.writer,
      {
        ...this.walking,
        onPage: (records) => {
          this.progress.pages += 1;
          this.progress.usersRead += records;
        },
      },
    );
    if (departmentId === null) return;
    if (!error) this.progress.departmentsDone += 1;
    this.failuresInARow = error ? this.failuresInARow + 1 : 0;
  }

  private async giveUp(): Promise<void> {
    const error: ConnectorErrorData = {
      code: 'unavailable',
      message: `not read: ${FAILURES_IN_A_ROW} departments before failed one after the other`,
    };
    await this.writer.drain();
    await this.dataSource.query(
      `update run_walks set error = $2 where run_id = $1 and walk like 'department:%' and not done and error is null`,
      [this.run.id, JSON.stringify(error)],
    );
  }

  /** Waits for all, then throws the first failure: nobody may still be reading when the caller goes on. */
  private async together(work: Promise<void>[]): Promise<void> {
    await Promise.allSettled(work.map((part) => part.catch((error: unknown) => this.stop.abort(error))));
    this.walking.signal.throwIfAborted();
  }

  private currentProgress(): FetchProgress {
    const { departmentsDone, departmentsTotal } = this.progress;
    const doneNow = departmentsDone - this.departmentsDoneBefore;
    const secondsPerDepartment = (Date.now() - this.startedAt) / 1_000 / Math.max(1, doneNow);
    const estimatedSecondsLeft =
      doneNow > 0 ? Math.ceil((departmentsTotal - departmentsDone) * secondsPerDepartment) : null;
    return { ...this.progress, estimatedSecondsLeft };
  }
}
