import { WecomApiError } from '../api-error.js';
import type { Customer, Relation } from '../customers/customers.js';
import { nextOffset } from '../paging.js';
import {
  bodyText,
  isGone,
  requireCustomers,
  textList,
  type WecomCall,
  type WecomEndpoint,
  type WecomWorld,
} from '../world.js';
import { visiblePerson } from './members.js';

// D-92113, D-92114, D-92994: customers of the members in view.

const followersPerPage = 500;
const mostUserids = 100;

/** Members with the feature. */
export const followUserList: WecomEndpoint = {
  method: 'GET',
  handle(call, world) {
    requireCustomers(call.principal);
    const followers = world.customers.followers().filter((person) => call.lens.seesPerson(person));
    return { follow_user: followers.map(({ account }) => account) };
  },
};

/** Ids of one member's customers; not paged. */
export const customerList: WecomEndpoint = {
  method: 'GET',
  handle(call, world) {
    requireCustomers(call.principal);
    const userid = call.query.get('userid') ?? '';
    if (userid === '') throw new WecomApiError(40063);
    const person = visiblePerson(world.company.person(userid), call, world);
    const ids = world.customers
      .of(person)
      .filter(({ customer }) => !isGone(customer.externalUserId, call))
      .map(({ customer }) => customer.externalUserId);
    if (ids.length === 0 && world.facts.customersOfNobody === 'refused') throw new WecomApiError(84061);
    return { external_userid: ids };
  },
};

/** One customer and the members in view who follow them, 500 a page. */
export const customerGet: WecomEndpoint = {
  method: 'GET',
  handle(call, world) {
    requireCustomers(call.principal);
    const id = call.query.get('external_userid') ?? '';
    if (id === '') throw new WecomApiError(40063);
    const customer = visibleCustomer(id, call, world);
    const { formerFollowerLingers } = world.facts;
    const relations = world.customers
      .relationsOf(customer)
      .filter(
        ({ person, standing }) =>
          (standing !== 'over' || formerFollowerLingers) && call.lens.seesPerson(person),
      );
    const cursor = call.query.get('cursor') ?? '';
    const kind = `followers of ${id}`;
    const from = cursor === '' ? 0 : world.seal.openOffset(kind, cursor);
    const next = nextOffset(call, { from, size: followersPerPage, total: relations.length });
    return {
      external_contact: customerRecord(customer),
      follow_user: relations
        .slice(from, from + followersPerPage)
        .map((relation) => ({ ...relationRecord(relation), tags: tagRecords(relation, world) })),
      ...(next === undefined ? {} : { next_cursor: world.seal.sealOffset(kind, next) }),
    };
  },
};

/** Customers of up to 100 members, one row per member and customer. */
export const customerBatch: WecomEndpoint = {
  method: 'POST',
  handle(call, world) {
    requireCustomers(call.principal);
    const relations = useridsOf(call).flatMap((userid) => {
      const person = world.company.person(userid);
      if (world.facts.invisibleFollowerInBatch === 'skipped' && (!person || !call.lens.seesPerson(person)))
        return [];
      return world.customers.of(visiblePerson(person, call, world));
    });
    const rows = relations.filter(({ customer }) => !isGone(customer.externalUserId, call));
    const size = limitOf(call.body.limit);
    const { cursor = '' } = call.body;
    if (typeof cursor !== 'string') throw new WecomApiError(50100);
    const kind = `customers of ${useridsOf(call).join(',')}`;
    const from = cursor === '' ? 0 : world.seal.openOffset(kind, cursor);
    const next = nextOffset(call, { from, size, total: rows.length });
    return {
      external_contact_list: rows.slice(from, from + size).map((relation) => ({
        external_contact: customerRecord(relation.customer),
        follow_info: { ...relationRecord(relation), tag_id: [...relation.tagIds] },
      })),
      next_cursor: next === undefined ? '' : world.seal.sealOffset(kind, next),
      ...(world.facts.batchFailInfo ? { fail_info: { unlicensed_userid_list: [] } } : {}),
    };
  },
};

/** D-92115: remark and description of one relation; what is sent replaces, what is not stays. */
export const customerRemark: WecomEndpoint = {
  method: 'POST',
  handle(call, world) {
    requireCustomers(call.principal);
    const relation = bodyRelation(call, world);
    const remark = optionalText(call.body, 'remark', 20);
    const description = optionalText(call.body, 'description', 150);
    const company = optionalText(call.body, 'remark_company', 20);
    const mobiles =
      call.body.remark_mobiles === undefined ? undefined : textList(call.body, 'remark_mobiles');
    const given = [remark, description, company, mobiles, call.body.remark_pic_mediaid];
    if (given.every((value) => value === undefined)) throw new WecomApiError(40063);
    if (remark !== undefined) relation.remark = remark;
    if (description !== undefined) relation.description = description;
    // Whoever comes from another corporation brings its name along.
    if (company !== undefined && relation.customer.type === 1) relation.companyRemark = company;
    if (mobiles !== undefined) relation.mobiles = mobiles.filter((mobile) => mobile !== '');
    return {};
  },
};

/** D-92118: corp tags of one relation, by id. */
export const customerMarkTag: WecomEndpoint = {
  method: 'POST',
  handle(call, world) {
    requireCustomers(call.principal);
    const relation = bodyRelation(call, world);
    const add = textList(call.body, 'add_tag');
    const remove = textList(call.body, 'remove_tag');
    if (add.length + remove.length === 0) throw new WecomApiError(40063);
    const unknown = [...add, ...remove].some((id) => world.corpTags.find(id) === undefined);
    if (unknown) throw new WecomApiError(40068);
    for (const id of add) relation.tagIds.add(id);
    for (const id of remove) relation.tagIds.delete(id);
    return {};
  },
};

/** @throws WecomApiError 40096 for an id that is unknown, or whose followers are all out of view. */
function visibleCustomer(id: string, call: WecomCall, world: WecomWorld): Customer {
  const customer = isGone(id, call) ? undefined : world.customers.get(id);
  if (customer === undefined || !isFollowed(customer, call, world)) throw new WecomApiError(40096);
  return customer;
}

/** Whether a member in view follows the customer. */
export function isFollowed(customer: Customer, call: WecomCall, world: WecomWorld): boolean {
  return world.customers
    .relationsOf(customer)
    .some(({ person, standing }) => standing !== 'over' && call.lens.seesPerson(person));
}

/** The relation a write names. @throws WecomApiError 60111 or 60011, 40096, and 84061 where there is none. */
function bodyRelation(call: WecomCall, world: WecomWorld): Relation {
  const person = visiblePerson(world.company.person(bodyText(call.body, 'userid')), call, world);
  const id = bodyText(call.body, 'external_userid');
  const customer = isGone(id, call) ? undefined : world.customers.get(id);
  if (customer === undefined) throw new WecomApiError(40096);
  const relation = customer.relations.get(person.id);
  if (relation === undefined || relation.standing === 'over') throw new WecomApiError(84061);
  return relation;
}

function customerRecord(customer: Customer): Record<string, unknown> {
  const { externalUserId, name, type, gender, corpName, position, unionId } = customer;
  const avatar = `https://img.example.test/c/${externalUserId}`;
  const record = { external_userid: externalUserId, name, avatar, type, gender };
  if (type === 1) return { ...record, unionid: unionId };
  return { ...record, position, corp_name: corpName, corp_full_name: `${corpName}有限公司` };
}

/** What `follow_user` and `follow_info` share; tags differ (pitfall 12). */
function relationRecord(relation: Relation): Record<string, unknown> {
  const { person, state, companyRemark } = relation;
  return {
    userid: person.account,
    remark: relation.remark,
    description: relation.description,
    createtime: relation.createdAt,
    ...(companyRemark === '' ? {} : { remark_corp_name: companyRemark }),
    remark_mobiles: [...relation.mobiles],
    ...(state === undefined ? {} : { state }),
    oper_userid: person.account,
    add_way: relation.addWay,
  };
}

function tagRecords(relation: Relation, world: WecomWorld): Record<string, unknown>[] {
  const corp = [...relation.tagIds].flatMap((id) => {
    const found = world.corpTags.find(id);
    if (found === undefined) return [];
    return [{ group_name: found.group.name, tag_name: found.tag.name, type: 1, tag_id: id }];
  });
  const personal = relation.personalTags.map((name) => ({ group_name: '', tag_name: name, type: 2 }));
  return [...corp, ...personal];
}

/** @throws WecomApiError 40031 for what is no list of userids, 40032 for more than 100. */
function useridsOf({ body }: WecomCall): string[] {
  const list: unknown = body.userid_list;
  if (!Array.isArray(list) || list.length === 0 || !list.every((userid) => typeof userid === 'string'))
    throw new WecomApiError(40031);
  if (list.length > mostUserids) throw new WecomApiError(40032);
  return list;
}

function limitOf(value: unknown): number {
  if (value === undefined) return 50;
  if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > 100)
    throw new WecomApiError(40058);
  return value as number;
}

function optionalText(body: Record<string, unknown>, name: string, longest: number): string | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || [...value].length > longest) throw new WecomApiError(40058);
  return value;
}
