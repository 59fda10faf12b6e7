import { isJsonObject, type JsonValue } from '@trainbridge/connector-kit';
import type { WecomContext } from '../api.js';
import { getAgent, getTag } from '../api/directory.js';
import { missing } from '../errors.js';
import { departmentId, userId } from './records.js';

/** What an administrator ticked under 可见范围. A tag adds its own people and departments. */
export interface VisibleRange {
  agentName: string;
  /** Stopped by an administrator. */
  isClosed: boolean;
  /** The domain its web pages, and so logins, have to be on; null where WeCom tells none. */
  trustedDomain: string | null;
  /** People ticked one by one, as given. */
  userIds: string[];
  departmentIds: string[];
  tags: VisibleTag[];
}

export interface VisibleTag {
  id: string;
  userIds: string[];
  departmentIds: string[];
}

/**
 * Reads `agent/get`, and `tag/get` for each tag of the range. An answer without the three lists is `bad_response`: to
 * take it for an empty range would look like everybody left.
 */
export async function readVisibleRange(context: WecomContext): Promise<VisibleRange> {
  const agent = await getAgent(context);
  const lists = ['allow_userinfos', 'allow_partys', 'allow_tags'].map((key) => agent[key]);
  if (lists.every((list) => list === undefined)) throw missing('agent/get', 'the visible range');
  const [users, parties, tags] = lists;
  const tagIds = entries(tags, 'tagid', departmentId);
  return {
    agentName: typeof agent.name === 'string' ? agent.name : '',
    isClosed: Number(agent.close) === 1,
    trustedDomain: hostOf(agent.redirect_domain),
    userIds: entries(users, 'user', (entry) => userId(isJsonObject(entry) ? entry.userid : entry)),
    departmentIds: entries(parties, 'partyid', departmentId),
    tags: await Promise.all(tagIds.map((id) => readTag(context, id))),
  };
}

/** Everybody the range names in person, by whatever way; each once, in a steady order. */
export function peopleNamedIn(range: VisibleRange): string[] {
  const people = new Map<string, string>();
  for (const id of [...range.userIds, ...range.tags.flatMap((tag) => tag.userIds)]) {
    if (!people.has(id.toLowerCase())) people.set(id.toLowerCase(), id);
  }
  return [...people].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, id]) => id);
}

export function seesDepartments(range: VisibleRange): boolean {
  return range.departmentIds.length > 0 || range.tags.some((tag) => tag.departmentIds.length > 0);
}

/**
 * The range as grants. Departments of a tag count one by one, because taking one out hides everybody in it; people of a
 * tag do not, because one of them leaving the company must not look like a narrowed range.
 */
export function grantsOf(range: VisibleRange, hasContactsSecret: boolean): string[] {
  const grants = [
    ...range.departmentIds.map((id) => `department:${id}`),
    ...range.userIds.map((id) => `user:${id.toLowerCase()}`),
    ...range.tags.flatMap((tag) => [
      `tag:${tag.id}`,
      ...tag.departmentIds.map((id) => `tag:${tag.id}/department:${id}`),
    ]),
    ...(hasContactsSecret ? ['contacts'] : []),
  ];
  return [...new Set(grants)].sort();
}

/** `lms.example.com`, as somebody typed it; told back to people, so nothing but a host is taken. */
function hostOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' && /^[A-Za-z0-9.:-]{1,255}$/.test(value) ? value.toLowerCase() : null;
}

async function readTag(context: WecomContext, id: string): Promise<VisibleTag> {
  const tag = await getTag(context, id);
  if (!Array.isArray(tag.userlist) && !Array.isArray(tag.partylist)) throw missing('tag/get', 'its members');
  return {
    id,
    userIds: listOf(tag.userlist, (entry) => userId(isJsonObject(entry) ? entry.userid : entry)),
    departmentIds: listOf(tag.partylist, departmentId),
  };
}

/** `{ allow_partys: { partyid: [1, 2] } }`: the list inside one of the three groups; a group may be missing when empty. */
function entries(
  group: JsonValue | undefined,
  key: string,
  read: (entry: JsonValue) => string | null,
): string[] {
  return listOf(isJsonObject(group) ? group[key] : undefined, read);
}

function listOf(list: JsonValue | undefined, read: (entry: JsonValue) => string | null): string[] {
  return Array.isArray(list) ? [...new Set(list.flatMap((entry) => read(entry) ?? []))] : [];
}
