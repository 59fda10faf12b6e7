import { WecomApiError } from '../api-error.js';
import { visiblePerson } from './members.js';
import { queryNumber, requireApp, type WecomEndpoint } from '../world.js';

/** Sheet 0 and 2.1: what the app may see. */
export const agentGet: WecomEndpoint = {
  method: 'GET',
  handle(call, world) {
    const app = requireApp(call.principal);
    const agentId = queryNumber(call.query, 'agentid');
    if (agentId === undefined) throw new WecomApiError(40056);
    if (agentId !== app.agentId) throw new WecomApiError(301002);
    const narrowed = call.faults.find((fault) => fault.kind === 'narrow_range');
    const range = narrowed === undefined ? app.range : { users: [], parties: [], tags: [], ...narrowed };
    const userids = range.users.map((userid) => world.company.person(userid)?.account ?? userid);
    return {
      agentid: app.agentId,
      name: app.name,
      square_logo_url: 'https://img.example.test/logo/0',
      description: '',
      allow_userinfos: { user: userids.map((userid) => ({ userid })) },
      allow_partys: { partyid: [...range.parties] },
      allow_tags: { tagid: [...range.tags] },
      close: app.disabled ? 1 : 0,
      redirect_domain: '',
      report_location_flag: 0,
      isreportenter: 0,
      home_url: '',
    };
  },
};

/** Sheet 4.1: addresses callbacks come from. */
export const callbackAddresses: WecomEndpoint = {
  method: 'GET',
  handle: (_call, world) => ({ ip_list: [...world.callbackIps] }),
};

/** Sheet 3: the tags in view. */
export const tagList: WecomEndpoint = {
  method: 'GET',
  handle: (_call, world) => ({
    taglist: [...world.tags.values()].map((tag) => ({ tagid: tag.id, tagname: tag.name })),
  }),
};

/** Sheet 3: one tag with the members and departments in view. */
export const tagGet: WecomEndpoint = {
  method: 'GET',
  handle(call, world) {
    const tag = world.tags.get(queryNumber(call.query, 'tagid') ?? 0);
    if (tag === undefined) throw new WecomApiError(40068);
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

/** Sheet 6: accepted and recorded; who is out of range comes back in lower case. */
export const messageSend: WecomEndpoint = {
  method: 'POST',
  handle(call, world) {
    const app = requireApp(call.principal);
    const { touser, toparty, totag, agentid, msgtype, ...content } = call.body;
    if (Number(agentid) !== app.agentId) throw new WecomApiError(301002);
    if (typeof msgtype !== 'string') throw new WecomApiError(40058);
    const recipients = new Set<string>();
    const invalid: string[] = [];
    const wanted = barList(touser);
    const everyone = wanted[0] === '@all';
    if (everyone) {
      for (const person of world.company.people())
        if (call.lens.seesPerson(person)) recipients.add(person.account);
    }
    for (const userid of everyone ? [] : wanted) {
      try {
        recipients.add(visiblePerson(world.company.person(userid), call, world).account);
      } catch {
        invalid.push(userid.toLowerCase());
      }
    }
    const parties = everyone ? [] : barList(toparty).map(Number);
    const badParties = parties.filter((id) => !call.lens.seesDepartment(id) || !world.company.department(id));
    for (const id of parties) {
      if (badParties.includes(id)) continue;
      for (const below of world.company.subtree(id)) {
        for (const person of world.company.members(below)) recipients.add(person.account);
      }
    }
    for (const id of everyone ? [] : barList(totag).map(Number)) {
      for (const personId of world.tags.get(id)?.personIds ?? []) {
        const person = world.company.personById(personId);
        if (person !== undefined) recipients.add(person.account);
      }
    }
    if (recipients.size === 0) throw new WecomApiError(81013);
    const id = `msg${String(world.messages.length + 1).padStart(8, '0')}`;
    world.messages.push({
      id,
      at: world.now(),
      agentId: app.agentId,
      msgtype,
      recipients: [...recipients],
      content,
    });
    return { invaliduser: invalid.join('|'), invalidparty: badParties.join('|'), invalidtag: '', msgid: id };
  },
};

function barList(value: unknown): string[] {
  if (typeof value !== 'string') return [];
  return value.split('|').filter((part) => part !== '');
}
