import { WecomApiError } from '../api-error.js';
import type { Principal } from '../credentials.js';
import type { WecomTag } from '../visibility.js';
import {
  bodyText,
  queryNumber,
  textList,
  type WecomCall,
  type WecomEndpoint,
  type WecomWorld,
} from '../world.js';

// D-90210, D-90214: tags of members. Whoever made a tag changes it; contacts sync also those of administrators.

const mostUsers = 1000;
const mostParties = 100;
const longestName = 32;

/** The tags in view. */
export const tagList: WecomEndpoint = {
  method: 'GET',
  handle: (_call, world) => ({
    taglist: [...world.tags.values()].map((tag) => ({ tagid: tag.id, tagname: tag.name })),
  }),
};

/** One tag with the members and departments in view. */
export const tagGet: WecomEndpoint = {
  method: 'GET',
  handle(call, world) {
    const tag = knownTag(queryNumber(call.query, 'tagid'), world);
    const people = [...tag.personIds].flatMap((id) => world.company.personById(id) ?? []);
    return {
      tagname: tag.name,
      userlist: people
        .filter((person) => call.lens.seesPerson(person))
        .map((person) => ({ userid: person.account, name: person.name })),
      partylist: [...tag.parties].filter((id) => call.lens.seesDepartment(id)),
    };
  },
};

export const tagCreate: WecomEndpoint = {
  method: 'POST',
  handle({ principal, body }, world) {
    const name = freeName(body, world);
    const id = body.tagid ?? Math.max(0, ...world.tags.keys()) + 1;
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 1) throw new WecomApiError(40058);
    if (world.tags.has(id)) throw new WecomApiError(40068);
    world.tags.set(id, { id, name, personIds: new Set(), parties: new Set(), creator: creatorOf(principal) });
    return { errmsg: 'created', tagid: id };
  },
};

export const tagUpdate: WecomEndpoint = {
  method: 'POST',
  handle(call, world) {
    const tag = ownTag(call.body.tagid, call.principal, world);
    if (call.body.tagname !== tag.name) world.tags.set(tag.id, { ...tag, name: freeName(call.body, world) });
    return { errmsg: 'updated' };
  },
};

export const tagDelete: WecomEndpoint = {
  method: 'GET',
  handle(call, world) {
    world.tags.delete(ownTag(queryNumber(call.query, 'tagid'), call.principal, world).id);
    return { errmsg: 'deleted' };
  },
};

export const tagAddUsers: WecomEndpoint = {
  method: 'POST',
  handle: (call, world) => changeMembers(call, world, 'add'),
};

export const tagRemoveUsers: WecomEndpoint = {
  method: 'POST',
  handle: (call, world) => changeMembers(call, world, 'delete'),
};

/** Who is bad is named (people in one text, departments in a list) and the others are dealt with. */
function changeMembers(call: WecomCall, world: WecomWorld, how: 'add' | 'delete'): Record<string, unknown> {
  const { body, lens } = call;
  const tag = ownTag(body.tagid, call.principal, world);
  const userids = textList(body, 'userlist');
  const parties = Array.isArray(body.partylist) ? body.partylist.map(Number) : [];
  if (userids.length + parties.length === 0) throw new WecomApiError(40063);
  if (userids.length > mostUsers) throw new WecomApiError(40032);
  if (parties.length > mostParties) throw new WecomApiError(40058);
  const people = userids.map((userid) => ({ userid, person: world.company.person(userid) }));
  const good = people.flatMap(({ person }) => (person && lens.seesPerson(person) ? [person.id] : []));
  const badUsers = people.filter(({ person }) => !person || !lens.seesPerson(person));
  const badParties = parties.filter((id) => !world.company.department(id) || !lens.seesDepartment(id));
  if (badUsers.length + badParties.length === people.length + parties.length) throw new WecomApiError(40070);
  const personIds = new Set(tag.personIds);
  const departments = new Set(tag.parties);
  for (const id of good) personIds[how](id);
  for (const id of parties) if (!badParties.includes(id)) departments[how](id);
  world.tags.set(tag.id, { ...tag, personIds, parties: departments });
  return {
    ...(badUsers.length > 0 ? { invalidlist: badUsers.map(({ userid }) => userid).join('|') } : {}),
    ...(badParties.length > 0 ? { invalidparty: badParties } : {}),
  };
}

/** @throws WecomApiError 40068 for no tag, 81011 for a tag somebody else made. */
function ownTag(id: unknown, principal: Principal, world: WecomWorld): WecomTag {
  const tag = knownTag(id, world);
  const isOwn = tag.creator === creatorOf(principal);
  if (!isOwn && !(principal.kind === 'contacts' && tag.creator === 'console')) throw new WecomApiError(81011);
  return tag;
}

function knownTag(id: unknown, world: WecomWorld): WecomTag {
  const tag = world.tags.get(Number(id ?? 0));
  if (tag === undefined) throw new WecomApiError(40068);
  return tag;
}

/** A name of 1 to 32 characters nobody in the company has given to a tag yet. */
function freeName(body: Record<string, unknown>, world: WecomWorld): string {
  const name = bodyText(body, 'tagname');
  if ([...name].length > longestName) throw new WecomApiError(40072);
  if ([...world.tags.values()].some((tag) => tag.name === name)) throw new WecomApiError(40071);
  return name;
}

function creatorOf(principal: Principal): WecomTag['creator'] {
  return principal.kind === 'app' ? principal.app.agentId : 'contacts';
}
