import { OldApiError } from '../api-error.js';
import type { ExternalContact } from '../external-contacts.js';
import {
  oldNumber,
  oldText,
  type DingtalkCall,
  type DingtalkEndpoint,
  type DingtalkWorld,
} from '../world.js';

// Documentation pages at open.dingtalk.com: update-enterprise-external-contacts, and the pages beside it.

const read = { generation: 'old', method: 'POST', scope: 'qyapi_ext_read' } as const;
const write = { generation: 'old', method: 'POST', scope: 'qyapi_ext_write' } as const;
const mostLabels = 20;
const optionalTexts = ['email', 'title', 'address', 'remark', 'company_name'] as const;

/** A top-level list without total: who gets fewer than asked for has them all. */
const list: DingtalkEndpoint = {
  ...read,
  path: '/topapi/extcontact/list',
  handle: (call, world) => ({ results: page(call, world.contacts.all()) }),
};

/** Groups of labels, which are made in the console only. */
const listLabelGroups: DingtalkEndpoint = {
  ...read,
  path: '/topapi/extcontact/listlabelgroups',
  handle: (call, world) => ({ results: page(call, world.contacts.labelGroups) }),
};

/** One contact. Requests say `user_id`, answers `userid`. */
const get: DingtalkEndpoint = {
  ...read,
  path: '/topapi/extcontact/get',
  handle: (call, world) => ({ result: known(call.body, world) }),
};

/** A new contact; a mobile stands for one contact only. */
const create: DingtalkEndpoint = {
  ...write,
  path: '/topapi/extcontact/create',
  handle(call, world) {
    const contact = contactOf(call);
    const mobile = oldText(contact, 'mobile');
    if (!/^\d{6,20}$/.test(mobile)) throw new OldApiError(60103);
    if (world.contacts.byMobile(mobile) !== undefined) throw new OldApiError(22005);
    const { userid } = world.contacts.add({
      ...written(contact, undefined, world),
      mobile,
      state_code: oldText(contact, 'state_code'),
    });
    return { userid };
  },
};

/** The labels sent replace all there were; whether optional fields do too is not known. */
const update: DingtalkEndpoint = {
  ...write,
  path: '/topapi/extcontact/update',
  handle(call, world) {
    const contact = contactOf(call);
    const before = known(contact, world);
    const { userid, mobile, state_code } = before;
    const changed = written(contact, before, world);
    world.contacts.put({ ...changed, userid, mobile, state_code });
    return {};
  },
};

/** Takes a contact away. */
const remove: DingtalkEndpoint = {
  ...write,
  path: '/topapi/extcontact/delete',
  handle(call, world) {
    world.contacts.remove(known(call.body, world).userid);
    return {};
  },
};

export const externalContactEndpoints = [list, listLabelGroups, get, create, update, remove];

function page<T>(call: DingtalkCall, all: readonly T[]): T[] {
  const { size, offset } = call.body;
  if ((size === undefined) !== (offset === undefined))
    throw new OldApiError(41101, 'size and offset belong together');
  const count = size === undefined ? 20 : oldNumber(call.body, 'size', 40069);
  const from = offset === undefined ? 0 : oldNumber(call.body, 'offset', 40068);
  if (count < 1 || count > 100) throw new OldApiError(40069);
  if (from < 0) throw new OldApiError(40068);
  return all.slice(from, from + count);
}

function contactOf(call: DingtalkCall): Record<string, unknown> {
  const { contact } = call.body;
  if (contact === undefined) throw new OldApiError(40035);
  if (typeof contact !== 'object' || contact === null || Array.isArray(contact))
    throw new OldApiError(400002);
  return contact as Record<string, unknown>;
}

function known(body: Record<string, unknown>, world: DingtalkWorld): ExternalContact {
  const contact = world.contacts.get(oldText(body, 'user_id'));
  if (contact === undefined) throw new OldApiError(60121);
  return contact;
}

/** What create and update write alike; name, follower and labels are required in both. */
function written(
  contact: Record<string, unknown>,
  before: ExternalContact | undefined,
  world: DingtalkWorld,
): Omit<ExternalContact, 'userid' | 'mobile' | 'state_code'> {
  if (contact.name === '') throw new OldApiError(60112);
  const follower = oldText(contact, 'follower_user_id');
  if (world.humans.byUserid(follower) === undefined) throw new OldApiError(33012);
  if (contact.label_ids === undefined) throw new OldApiError(60204);
  const labels = idList(contact.label_ids, mostLabels);
  if (labels.length === 0) throw new OldApiError(60204);
  if (!labels.every((id) => world.contacts.isLabel(id))) throw new OldApiError(400002, 'invalid label_ids');
  const kept = world.facts.contactUpdateClears ? undefined : before;
  return {
    ...kept,
    name: oldText(contact, 'name'),
    follower_user_id: follower,
    label_ids: labels,
    share_dept_ids: idList(contact.share_dept_ids ?? kept?.share_dept_ids ?? [], 20),
    share_user_ids: textList(contact.share_user_ids ?? kept?.share_user_ids ?? []),
    ...Object.fromEntries(
      optionalTexts
        .filter((name) => contact[name] !== undefined)
        .map((name) => [name, oldText(contact, name)]),
    ),
  };
}

function idList(value: unknown, most: number): number[] {
  if (!Array.isArray(value) || value.length > most || !value.every((id) => Number.isSafeInteger(id)))
    throw new OldApiError(400002);
  return value as number[];
}

function textList(value: unknown): string[] {
  if (!Array.isArray(value) || value.length > 20 || !value.every((id) => typeof id === 'string'))
    throw new OldApiError(400002);
  return value;
}
