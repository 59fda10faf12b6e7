import { WecomApiError } from '../api-error.js';
import { checkCard, isInteractive } from '../messages/card.js';
import { checkedContent } from '../messages/content.js';
import { isRecord } from '../messages/shape.js';
import { bodyText, requireApp, type WecomCall, type WecomEndpoint, type WecomWorld } from '../world.js';

// D-90236: messages of an app to members.

const mostUsers = 1000;
const mostGroups = 100;
const longestCheckSeconds = 4 * 3600;

/** Accepted and recorded; who is out of range comes back in lower case. */
export const messageSend: WecomEndpoint = {
  method: 'POST',
  handle(call, world) {
    const app = requireApp(call.principal);
    const { agentid, msgtype } = call.body;
    if (Number(agentid) !== app.agentId) throw new WecomApiError(301002);
    if (typeof msgtype !== 'string') throw new WecomApiError(40058);
    const content = checkedContent(msgtype, call.body, world.facts);
    const interactive = isRecord(content.template_card) && isInteractive(content.template_card);
    // Interactive cards need somewhere to tell of what is pressed.
    if (interactive && world.appCallback === undefined) throw new WecomApiError(40058);
    const to = recipientsOf(call, world);
    if (to.accounts.length === 0) throw new WecomApiError(81013);
    const { msgid, responseCode } = world.mailbox.send({
      agentId: app.agentId,
      msgtype,
      recipients: to.accounts,
      content,
      duplicateSeconds: checkSeconds(call.body),
      request: call.body,
      interactive,
    });
    return {
      invaliduser: to.badUsers.map((userid) => userid.toLowerCase()).join('|'),
      invalidparty: to.badParties.join('|'),
      invalidtag: to.badTags.join('|'),
      msgid,
      ...(responseCode === undefined ? {} : { response_code: responseCode }),
    };
  },
};

/** A card becomes another one, or its button turns grey; for all it reached, or for some of them. */
export const updateCard: WecomEndpoint = {
  method: 'POST',
  handle(call, world) {
    const app = requireApp(call.principal);
    const { body } = call;
    if (Number(body.agentid) !== app.agentId) throw new WecomApiError(301002);
    const card = body.template_card;
    const { replace_name: replaceName } = isRecord(body.button) ? body.button : {};
    if (isRecord(card)) checkCard(card);
    else if (typeof replaceName !== 'string' || replaceName === '') throw new WecomApiError(40063);
    const people = Array.isArray(body.userids) ? body.userids.map(String) : [];
    const groups = [body.partyids, body.tagids].some((list) => Array.isArray(list) && list.length > 0);
    if (people.length === 0 && !groups && body.atall !== 1) throw new WecomApiError(40063);
    const message = world.mailbox.takeResponseCode(bodyText(body, 'response_code'), app.agentId);
    const named = new Set(people.map((userid) => userid.toLowerCase()));
    for (const account of message.recipients) {
      if (people.length > 0 && !named.has(account.toLowerCase())) continue;
      message.updates.set(account, isRecord(card) ? { card } : { replaceName: String(replaceName) });
    }
    return {};
  },
};

/** Within 24 hours. */
export const messageRecall: WecomEndpoint = {
  method: 'POST',
  handle(call, world) {
    const app = requireApp(call.principal);
    world.mailbox.recall(bodyText(call.body, 'msgid'), app.agentId);
    return {};
  },
};

interface Recipients {
  accounts: string[];
  badUsers: string[];
  badParties: string[];
  badTags: string[];
}

function recipientsOf(call: WecomCall, world: WecomWorld): Recipients {
  const { company, tags } = world;
  const userids = barList(call.body.touser);
  const accounts = new Set<string>();
  const add = (person: { account: string } | undefined): void => {
    if (person !== undefined) accounts.add(person.account);
  };
  if (userids[0] === '@all') {
    for (const person of company.people()) if (call.lens.seesPerson(person)) accounts.add(person.account);
    return { accounts: [...accounts], badUsers: [], badParties: [], badTags: [] };
  }
  const parties = barList(call.body.toparty);
  const tagIds = barList(call.body.totag);
  if (userids.length > mostUsers) throw new WecomApiError(40032);
  if (parties.length > mostGroups || tagIds.length > mostGroups) throw new WecomApiError(40058);
  const people = userids.map((userid) => ({ userid, person: company.person(userid) }));
  const badUsers = people.filter(({ person }) => !person || !call.lens.seesPerson(person));
  for (const { person } of people) if (person && call.lens.seesPerson(person)) add(person);
  const badParties = parties.filter(
    (id) => !call.lens.seesDepartment(Number(id)) || !company.department(Number(id)),
  );
  for (const id of parties.filter((party) => !badParties.includes(party)))
    for (const below of company.subtree(Number(id))) for (const person of company.members(below)) add(person);
  const badTags = tagIds.filter((id) => !tags.has(Number(id)));
  for (const id of tagIds)
    for (const personId of tags.get(Number(id))?.personIds ?? []) add(company.personById(personId));
  return { accounts: [...accounts], badUsers: badUsers.map(({ userid }) => userid), badParties, badTags };
}

/** The window of the duplicate check. @throws WecomApiError 40058 for one longer than four hours. */
function checkSeconds(body: Record<string, unknown>): number {
  if (body.enable_duplicate_check !== 1) return 0;
  const { duplicate_check_interval: seconds = 1800 } = body;
  if (typeof seconds !== 'number' || seconds < 0 || seconds > longestCheckSeconds)
    throw new WecomApiError(40058);
  return seconds;
}

function barList(value: unknown): string[] {
  if (typeof value !== 'string') return [];
  return value.split('|').filter((part) => part !== '');
}
