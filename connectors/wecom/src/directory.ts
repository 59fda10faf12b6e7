import {
  ConnectorError,
  type DepartmentRecord,
  type DirectoryCapability,
  type JsonValue,
  type Page,
  type RejectedRecord,
  type UserRecord,
} from '@trainbridge/connector-kit';
import type { WecomContext } from './api.js';
import {
  listDepartmentIds,
  listDepartments,
  listIds,
  listMemberNames,
  listMembers,
} from './api/directory.js';
import type { WecomConfig } from './config.js';
import {
  firstIds,
  firstSlice,
  nextIds,
  readCursor,
  writeCursor,
  type IdsCursor,
  type SliceCursor,
} from './directory/cursors.js';
import { vendorCodeOf } from './errors.js';
import { isDepartmentGone, isOutOfRange, lookUpDepartments, lookUpMember } from './directory/lookups.js';
import {
  readDepartment,
  readDepartmentId,
  readIdRows,
  readMember,
  type Reading,
} from './directory/records.js';
import { grantsOf, peopleNamedIn, readVisibleRange, seesDepartments } from './directory/visible-range.js';

/** People asked for one by one per page: each costs a call. */
const SLICE = 50;
/** "The answer would be too large": a department of many thousands. */
const TOO_LARGE = 45029;
const IDS_OF_COMPANY = 'ids';

/**
 * Two secrets, two views (D-90193, D-96067). The app secret describes the people and departments of its
 * visible range; the contacts secret, where there is one, lists the ids of everybody, so that whoever the app does not
 * see is told apart from whoever left.
 */
export const directory: DirectoryCapability<WecomConfig> = {
  async visibility(context) {
    const range = await readVisibleRange(context);
    const hasContactsSecret = Boolean(context.config.contactsSecret);
    return {
      grants: grantsOf(range, hasContactsSecret),
      summary: {
        app: range.agentName,
        departments: range.departmentIds.length,
        users: range.userIds.length,
        tags: range.tags.length,
        contactsSecret: hasContactsSecret,
      },
    };
  },

  async listDepartments(context, { cursor }) {
    if (cursor === IDS_OF_COMPANY) {
      return lastPage((await listDepartmentIds(context)).map(readDepartmentId));
    }
    if (cursor !== null) throw new ConnectorError('cursor_expired', 'Not a cursor of the department list.');
    const page = lastPage((await visibleDepartments(context)).map(readDepartment));
    return context.config.contactsSecret ? { ...page, cursor: IDS_OF_COMPANY, done: false } : page;
  },

  async listUsers(context, { departmentId, cursor }) {
    if (departmentId !== null) {
      return cursor === null
        ? membersOf(context, departmentId)
        : membersOneByOne(context, departmentId, sliceCursor(cursor));
    }
    const from =
      cursor === null ? (context.config.contactsSecret ? firstIds : firstSlice) : readCursor(cursor);
    return from.stage === 'ids' ? idsOfCompany(context, from) : peopleNamed(context, from);
  },

  async getUsers(context, { externalIds }) {
    return Promise.all(externalIds.map((externalId) => lookUpMember(context, externalId)));
  },

  async getDepartments(context, { externalIds }) {
    return lookUpDepartments(context, externalIds);
  },
};

/** An app that sees people but no department may be refused instead of getting an empty list (the pages do not say). */
async function visibleDepartments(context: WecomContext): Promise<JsonValue[]> {
  try {
    return await listDepartments(context);
  } catch (error) {
    if (isOutOfRange(error) && !seesDepartments(await readVisibleRange(context))) return [];
    throw error;
  }
}

/** The people directly in one department. */
async function membersOf(context: WecomContext, departmentId: string): Promise<Page<UserRecord>> {
  let members: JsonValue[];
  try {
    members = await listMembers(context, departmentId);
  } catch (error) {
    if (vendorCodeOf(error) === TOO_LARGE) return membersOneByOne(context, departmentId, firstSlice);
    // Dissolved between the list of departments and this call; it had to be empty for that.
    if (await isDepartmentGone(context, departmentId, error)) return lastPage([]);
    throw error;
  }
  return lastPage(members.map((member) => readMember(member, departmentId)));
}

/** The same for a department whose list WeCom refuses to send: names first, then `user/get`, a slice per page. */
async function membersOneByOne(
  context: WecomContext,
  departmentId: string,
  from: SliceCursor,
): Promise<Page<UserRecord>> {
  const names = readIdRows(await listMemberNames(context, departmentId));
  const page = await sliceOfPeople(
    context,
    names.items.map(({ externalId }) => externalId),
    from,
    departmentId,
  );
  return from.after === '' ? { ...page, rejected: names.rejected } : page;
}

/** One page of the ids of everybody; after the last one, the people the range names in person follow. */
async function idsOfCompany(context: WecomContext, from: IdsCursor): Promise<Page<UserRecord>> {
  const { rows, next } = await listIds(context, from.at);
  const page = readIdRows(rows);
  if (next !== null) return { ...page, cursor: writeCursor(nextIds(from, next)), done: false };
  // Asked here, so that companies whose range names nobody in person spend no page on it.
  const named = peopleNamedIn(await readVisibleRange(context));
  return named.length === 0
    ? { ...page, cursor: null, done: true }
    : { ...page, cursor: writeCursor(firstSlice), done: false };
}

/** People ticked one by one, or through a tag: no department of the app leads to them. */
async function peopleNamed(context: WecomContext, from: SliceCursor): Promise<Page<UserRecord>> {
  return sliceOfPeople(context, peopleNamedIn(await readVisibleRange(context)), from);
}

/** By id rather than by position: somebody who comes or goes between two pages moves nobody else out of them. */
async function sliceOfPeople(
  context: WecomContext,
  ids: readonly string[],
  from: SliceCursor,
  listedIn?: string,
): Promise<Page<UserRecord>> {
  const rest = ids
    .map((id) => ({ id, key: id.toLowerCase() }))
    .filter(({ key }) => key > from.after)
    .sort((left, right) => (left.key < right.key ? -1 : 1));
  const slice = rest.slice(0, SLICE);
  const lookups = await Promise.all(slice.map(({ id }) => lookUpMember(context, id, listedIn)));
  const items = lookups.flatMap((lookup) =>
    lookup.status === 'found'
      ? [lookup.record]
      : listedIn === undefined
        ? []
        : [idOnly(lookup.externalId, listedIn)],
  );
  const last = slice.at(-1);
  if (last === undefined || slice.length === rest.length)
    return { items, rejected: [], cursor: null, done: true };
  return { items, rejected: [], cursor: writeCursor({ stage: 'slice', after: last.key }), done: false };
}

/** A list named them, `user/get` does not show them: they exist, and nothing else is known. */
function idOnly(externalId: string, departmentId: string): UserRecord {
  return { externalId, idOnly: true, memberships: [{ departmentId }], raw: { userid: externalId } };
}

function sliceCursor(cursor: string): SliceCursor {
  const read = readCursor(cursor);
  if (read.stage !== 'slice')
    throw new ConnectorError('cursor_expired', 'Not a cursor of a department’s people.');
  return read;
}

function lastPage<T extends UserRecord | DepartmentRecord>(readings: readonly Reading<T>[]): Page<T> {
  const items: T[] = [];
  const rejected: RejectedRecord[] = [];
  for (const reading of readings) {
    if ('record' in reading) items.push(reading.record);
    else rejected.push(reading.rejected);
  }
  return { items, rejected, cursor: null, done: true };
}
