import type { DepartmentRecord, UserRecord } from '@trainbridge/connector-kit';
import type { DataSource } from 'typeorm';
import type { OpenedSource } from '../runs/run-engine.js';
import { DEFAULT_GUARD, type RunFacts } from '../sync/run-facts.js';
import { rows } from '../sync/sql.js';
import { keyOf } from '../sync/stage/fields.js';
import { RecordStager } from '../sync/stage/record-stager.js';
import type { StagedBatch, StagedDepartment, StagedUser } from '../sync/stage/staged-records.js';
import type { EventHints, Hint } from './event-hints.js';
import { departmentsLedOtherwise } from './led-departments.js';
import { lookUp, OTHER_ID, type Answer } from './lookups.js';
import { aroundDepartments } from './removed-departments.js';
import { peopleWaitingFor, type Coming } from './unresolved-people.js';

/** What the platform said when it was asked again. */
export interface BatchReading {
  /** By the key of the hint. */
  users: Map<string, Answer<UserRecord>>;
  departments: Map<string, Answer<DepartmentRecord>>;
  /** Ready for a run. */
  staged: StagedBatch;
  /** Keys of stored people who are to be disabled, by the key of the hint. */
  leavers: Map<string, string>;
  /** Stored departments that are no more. */
  removed: string[];
  coming: Coming;
  facts: RunFacts;
}

/** For a batch that names nobody. */
export const NOTHING_READ: BatchReading = {
  users: new Map(),
  departments: new Map(),
  staged: { users: [], departments: [], rejected: [] },
  leavers: new Map(),
  removed: [],
  coming: { userKeys: [], departments: false },
  facts: { guard: DEFAULT_GUARD, declaredFields: [] },
};

/** More than this is cheaper, and safer, as a full run. */
export const MAX_USERS = 500;
export const MAX_DEPARTMENTS = 200;
const MAX_CONCURRENCY = 4;
/** Levels of unknown parents that are looked up above a department. */
const MAX_LEVELS = 10;
/** People who waited for what comes and are read again at once; the next full run looks at the others. */
const MAX_WAITING = 100;

/** Reads again what a batch of events is about, and what has to be known to put it in its place. Writes nothing. */
export class EventReader {
  private readonly stager: RecordStager;
  private readonly staged: StagedBatch = { users: [], departments: [], rejected: [] };
  private readonly askedDepartments = new Set<string>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly connectionId: string,
    private readonly source: OpenedSource,
    private readonly signal: AbortSignal,
  ) {
    this.stager = new RecordStager(source.mapper);
  }

  /** Null: so much depends on it that a full run should read everything. */
  async read(hints: EventHints): Promise<BatchReading | null> {
    const departments = await this.readDepartments([...hints.departments.values()].map(({ id }) => id));
    const removedIds = [...hints.departments].flatMap(([id, hint]) =>
      goneAs(departments.get(id), hint) ? [id] : [],
    );
    const around = await aroundDepartments(this.dataSource, this.connectionId, removedIds, MAX_USERS + 1);
    const userIds = new Map([...hints.users].map(([key, { id }]) => [key, id]));
    for (const id of around.users) if (!userIds.has(keyOf(id))) userIds.set(keyOf(id), id);
    if (userIds.size > MAX_USERS || around.departments.length + hints.departments.size > MAX_DEPARTMENTS)
      return null;

    await this.readDepartments(around.departments);
    const users = await this.readUsers([...userIds.values()]);
    await this.readUnknownDepartments();
    const leavers = await this.stageLeavers(hints, users);
    const led = await departmentsLedOtherwise(this.dataSource, this.connectionId, this.staged.users);
    await this.readDepartments(led.slice(0, MAX_DEPARTMENTS));
    const removed = await this.stageRemoved(hints, departments, removedIds);
    const coming = await this.whatComes();
    const known = new Set(this.staged.users.map(({ key }) => key));
    const waiting = await peopleWaitingFor(this.dataSource, this.connectionId, coming, MAX_WAITING);
    await this.readUsers(waiting.filter((id) => !known.has(keyOf(id))));
    return { users, departments, staged: this.staged, leavers, removed, coming, facts: this.source.facts };
  }

  private async readUsers(ids: string[]): Promise<Map<string, Answer<UserRecord>>> {
    const { directory, context } = this.source;
    const answers = await lookUp(
      (externalIds) => directory.getUsers(context, { externalIds }),
      ids,
      this.lookingUp(keyOf),
    );
    const batch = await this.stager.users(
      [...answers.values()].flatMap((answer) => recordOf(answer)),
      [],
    );
    this.staged.users.push(...batch.users);
    this.staged.rejected.push(...batch.rejected);
    return answers;
  }

  private async readDepartments(ids: readonly string[]): Promise<Map<string, Answer<DepartmentRecord>>> {
    const { directory, context } = this.source;
    const fresh = ids.filter((id) => !this.askedDepartments.has(id));
    for (const id of fresh) this.askedDepartments.add(id);
    const sameId = (id: string) => id;
    const answers = await lookUp(
      (externalIds) => directory.getDepartments(context, { externalIds }),
      fresh,
      this.lookingUp(sameId),
    );
    const batch = await this.stager.departments(
      [...answers.values()].flatMap((answer) => recordOf(answer)),
      [],
    );
    this.staged.departments.push(...batch.departments);
    this.staged.rejected.push(...batch.rejected);
    return answers;
  }

  private lookingUp(key: (id: string) => string) {
    const { manifest } = this.source;
    return {
      batch: manifest.directory?.lookupBatch ?? 1,
      concurrency: Math.min(MAX_CONCURRENCY, manifest.maxConcurrency),
      keyOf: key,
      signal: this.signal,
    };
  }

  /**
   * Events come in no order: somebody may be put into a department whose own event is still on its way. Departments that
   * are named and not here are looked up too, and the unknown parents above them.
   */
  private async readUnknownDepartments(): Promise<void> {
    for (let level = 0; level < MAX_LEVELS; level++) {
      const named = new Set([
        ...this.staged.users
          .filter(({ idOnly }) => !idOnly)
          .flatMap(({ memberships }) => Object.keys(memberships)),
        ...this.staged.departments.flatMap(({ parent }) => (parent === null ? [] : [parent])),
      ]);
      const candidates = [...named].filter((id) => !this.askedDepartments.has(id));
      const unknown = await this.notStored(candidates);
      if (unknown.length === 0 || this.askedDepartments.size + unknown.length > MAX_DEPARTMENTS) return;
      await this.readDepartments(unknown);
    }
  }

  /** Those of these departments that are not here, or not active. */
  private async notStored(departmentIds: string[]): Promise<string[]> {
    if (departmentIds.length === 0) return [];
    const found = await rows<{ id: string }>(
      this.dataSource,
      `select n.id from unnest($2::text[]) n(id) where not exists (
         select 1 from departments d where d.connection_id = $1 and d.external_id = n.id and d.status = 'active')`,
      [this.connectionId, departmentIds],
    );
    return found.map(({ id }) => id);
  }

  private async stageLeavers(
    hints: EventHints,
    users: Map<string, Answer<UserRecord>>,
  ): Promise<Map<string, string>> {
    const leaving = [...hints.users].flatMap(([key, hint]) => {
      const reason = goneAs(users.get(key), hint);
      const [, type, value] = OTHER_ID.exec(hint.id) ?? [];
      return reason ? [{ key, reason, otherId: type === undefined ? null : [{ type, value }] }] : [];
    });
    if (leaving.length === 0) return new Map();
    const stored = await rows<{ asked: string; reason: string; key: string; id: string }>(
      this.dataSource,
      `select distinct on (u.id) l.key as asked, l.reason, u.external_key as key, u.external_id as id
       from jsonb_to_recordset($2::jsonb) as l(key text, reason text, "otherId" jsonb)
       join users u on u.connection_id = $1 and (u.external_key = l.key or u.external_ids @> l."otherId")
       order by u.id, l.reason desc`,
      [this.connectionId, JSON.stringify(leaving)],
    );
    const found = new Set(this.staged.users.map(({ key }) => key));
    const leavers = stored.filter(({ key }) => !found.has(key));
    this.staged.users.push(...leavers.map(({ key, id, reason }) => leaverRow(key, id, reason)));
    return new Map(leavers.map(({ asked, key }) => [asked, key]));
  }

  private async stageRemoved(
    hints: EventHints,
    answers: Map<string, Answer<DepartmentRecord>>,
    ids: string[],
  ): Promise<string[]> {
    const missing = new Set(await this.notStored(ids));
    const removed = ids.filter((id) => !missing.has(id));
    this.staged.departments.push(
      ...removed.map((id) => removedRow(id, goneAs(answers.get(id), hints.departments.get(id)!)!)),
    );
    return removed;
  }

  /** What this batch brings that was not here before. */
  private async whatComes(): Promise<Coming> {
    const userKeys = this.staged.users.filter(({ idOnly, gone }) => !idOnly && !gone).map(({ key }) => key);
    const departmentIds = this.staged.departments
      .filter(({ idOnly, gone }) => !idOnly && !gone)
      .map(({ id }) => id);
    return { userKeys, departments: (await this.notStored(departmentIds)).length > 0 };
  }
}

/** Only proof of absence removes anybody: `gone`, or the platform's word that they left together with not finding them. */
function goneAs(answer: Answer<unknown> | undefined, hint: Hint): 'gone' | 'left' | null {
  if (answer?.status === 'gone') return hint.left ? 'left' : 'gone';
  return answer?.status === 'unknown' && hint.left ? 'left' : null;
}

function recordOf<R>(answer: Answer<R>): R[] {
  return answer.status === 'found' ? [answer.record] : [];
}

function leaverRow(key: string, id: string, gone: string): StagedUser {
  return { key, id, newId: '', idOnly: false, gone, content: {}, memberships: {}, raw: {} };
}

function removedRow(id: string, gone: string): StagedDepartment {
  return { id, newId: '', idOnly: false, gone, content: {}, parent: null, raw: {} };
}
