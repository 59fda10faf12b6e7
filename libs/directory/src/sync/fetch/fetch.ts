import { setMaxListeners } from 'node:events';
import type {
  ConnectorContext,
  ConnectorErrorData,
  DirectoryCapability,
  JsonObject,
  Manifest,
  UserField,
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
  type DepartmentWalkKind,
} from '../stage/staging.js';
import { PageWriter, type PageWriterOptions } from './page-writer.js';
import { readVisibility } from './visibility.js';
import { walkPages, type WalkOptions } from './walk.js';

/** The platform as a run reads it. */
export interface DirectorySource {
  directory: DirectoryCapability<JsonObject>;
  manifest: Manifest;
  context: ConnectorContext;
  /** Fields to spend a lookup per new or changed person on; the connection's setting `detailCalls` decides. */
  detailFields?: readonly UserField[];
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

/** A listing that is not read to its end, and where it stopped. */
interface SavedWalk {
  name: string;
  cursor: string | null;
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
    const departmentWalks: DepartmentWalkKind[] = [];
    if (source.manifest.directory?.usersBy !== 'company') departmentWalks.push('department');
    if (this.byParent) departmentWalks.push('children');
    this.writer = new PageWriter({
      ...options.writer,
      write: (batch, walks) =>
        stagePages(dataSource, run, batch, walks, { progress: this.currentProgress(), departmentWalks }),
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
      await readVisibility(this.dataSource, this.run, this.source, this.options);
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

  /** The platform tells the direct children of one department at a time, and the tree is walked from its top. */
  private get byParent(): boolean {
    return this.source.manifest.directory?.departmentsBy === 'parent';
  }

  private async walkDepartments(): Promise<void> {
    const saved = await this.savedWalk(DEPARTMENTS_WALK);
    if (saved) await this.walkDepartmentList(saved, null);
    if (this.byParent)
      await this.walkEach('children', (walk, parentId) => this.walkDepartmentList(walk, parentId));
  }

  private async walkDepartmentList(saved: SavedWalk, parentId: string | null): Promise<boolean> {
    const { directory, context } = this.source;
    const error = await walkPages(
      {
        ...saved,
        read: (cursor) =>
          directory.listDepartments(context, this.byParent ? { parentId, cursor } : { cursor }),
        stage: (page) => this.stager.departments(page.items, page.rejected),
      },
      this.writer,
      { ...this.walking, onPage: () => (this.progress.pages += 1) },
    );
    return error === null;
  }

  private async walkCompany(): Promise<void> {
    const saved = await this.savedWalk(COMPANY_WALK);
    if (saved) await this.walkPeople(saved, null);
  }

  private async savedWalk(name: string): Promise<SavedWalk | null> {
    const [walk] = await rows<SavedWalk>(
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
    await this.walkEach('department', async (walk, departmentId) => {
      const read = await this.walkPeople(walk, departmentId);
      if (read) this.progress.departmentsDone += 1;
      return read;
    });
  }

  /**
   * Every walk of a kind that is not done, side by side, and those that open meanwhile: the tree below a department is only
   * known when its page is written. `walk` answers whether it could be read to its end.
   */
  private async walkEach(
    kind: DepartmentWalkKind,
    walk: (saved: SavedWalk, departmentId: string) => Promise<boolean>,
  ): Promise<void> {
    const concurrency = Math.max(1, Math.min(this.source.manifest.maxConcurrency, MAX_CONCURRENCY));
    this.failuresInARow = 0;
    for (;;) {
      await this.writer.drain();
      const batch = await rows<SavedWalk>(
        this.dataSource,
        `select walk as name, cursor from run_walks
         where run_id = $1 and walk like $2 and not done and error is null
         order by walk limit ${WALKS_PER_LOOKUP}`,
        [this.run.id, `${kind}:%`],
      );
      if (batch.length === 0) return;
      const queue = batch.values();
      const workers = Array.from({ length: concurrency }, async () => {
        for (const saved of queue) {
          if (this.failuresInARow >= FAILURES_IN_A_ROW) return;
          const read = await walk(saved, departmentOfWalk(saved.name));
          this.failuresInARow = read ? 0 : this.failuresInARow + 1;
        }
      });
      await this.together(workers);
      if (this.failuresInARow >= FAILURES_IN_A_ROW) return await this.giveUp(kind);
    }
  }

  private async walkPeople(saved: SavedWalk, departmentId: string | null): Promise<boolean> {
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
    return error === null;
  }

  private async giveUp(kind: DepartmentWalkKind): Promise<void> {
    const error: ConnectorErrorData = {
      code: 'unavailable',
      message: `not read: ${FAILURES_IN_A_ROW} departments before failed one after the other`,
    };
    await this.writer.drain();
    await this.dataSource.query(
      `update run_walks set error = $2 where run_id = $1 and walk like $3 and not done and error is null`,
      [this.run.id, JSON.stringify(error), `${kind}:%`],
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
