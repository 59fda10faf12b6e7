import type { Person } from '../../company/index.js';
import { WecomApiError } from '../api-error.js';
import type { RowPosition } from '../cursor-seal.js';
import type { WecomCall, WecomEndpoint, WecomWorld } from '../world.js';

const largestPage = 10_000;

/** Sheet 2.1: one row per person and department, page by page, for the contacts secret only. */
export const userListId: WecomEndpoint = {
  method: 'POST',
  handle(call, world) {
    if (call.principal.kind !== 'contacts') throw new WecomApiError(world.facts.listIdWrongTokenCode);
    const limit = limitOf(call.body.limit);
    const cursor = call.body.cursor ?? '';
    if (typeof cursor !== 'string') throw new WecomApiError(50100);
    const from = cursor === '' ? { personId: 0, membership: 0 } : world.seal.open(cursor);
    const faulty = call.faults.some((fault) => fault.kind.endsWith('_page') || fault.kind === 'cursor_loop');
    const key =
      call.lens.key === undefined || faulty
        ? undefined
        : `list_id ${from.personId}.${from.membership} ${limit}`;
    return world.bodies.get(key, () => {
      const page = readPage(call, world, from, limit);
      const next = bendCursor(call, world, from, page.next, limit);
      return { ...nextCursor(next, world), dept_user: page.rows };
    });
  },
};

function limitOf(value: unknown): number {
  if (value === undefined || value === null) return largestPage;
  if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > largestPage) {
    throw new WecomApiError(40058);
  }
  return value as number;
}

function nextCursor(next: RowPosition | undefined, world: WecomWorld): { next_cursor?: string } {
  if (next !== undefined) return { next_cursor: world.seal.seal(next) };
  return world.facts.lastCursor === 'empty' ? { next_cursor: '' } : {};
}

/** Rows from a position on. Positions name people, so that comings and goings between pages lose nobody else. */
function readPage(
  call: WecomCall,
  world: WecomWorld,
  from: RowPosition,
  limit: number,
): { rows: { userid: string; department: number }[]; next: RowPosition | undefined } {
  const people = world.company.people();
  const rows: { userid: string; department: number }[] = [];
  const { lens } = call;
  for (let at = firstFrom(people, from.personId); at < people.length; at += 1) {
    const person = people[at] as Person;
    if (!lens.seesPerson(person)) continue;
    const start = person.id === from.personId ? from.membership : 0;
    for (let index = start; index < person.memberships.length; index += 1) {
      const department = person.memberships[index]?.departmentId ?? 0;
      if (!lens.seesDepartment(department)) continue;
      if (rows.length === limit) return { rows, next: { personId: person.id, membership: index } };
      rows.push({ userid: person.account, department });
    }
  }
  return { rows, next: undefined };
}

function bendCursor(
  call: WecomCall,
  world: WecomWorld,
  from: RowPosition,
  next: RowPosition | undefined,
  limit: number,
): RowPosition | undefined {
  for (const fault of call.faults) {
    if (fault.kind === 'cursor_loop') return { personId: 0, membership: 0 };
    if (fault.kind === 'duplicate_page') return from;
    if (fault.kind === 'skip_page' && next !== undefined) return readPage(call, world, next, limit).next;
  }
  return next;
}

/** Index of the first person whose number is not below `id`. */
function firstFrom(people: readonly Person[], id: number): number {
  let low = 0;
  let high = people.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((people[middle] as Person).id < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
