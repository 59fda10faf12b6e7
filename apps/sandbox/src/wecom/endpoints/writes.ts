import { CompanyError, type Person, type PersonDetails } from '../../company/index.js';
import { WecomApiError } from '../api-error.js';
import {
  bodyText,
  queryNumber,
  requireContacts,
  type WecomCall,
  type WecomEndpoint,
  type WecomWorld,
} from '../world.js';

/*
 * Sheet 3, as far as a test needs it: what the contacts secret writes changes the company and is not
 * called back.
 */

/** What the company refuses, in the platform's codes. */
function translated<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof CompanyError)) throw error;
    const codes: Record<CompanyError['code'], number> = {
      unknown_person: 60111,
      unknown_department: 60003,
      account_taken: 60102,
      account_fixed: 301036,
      not_empty: 60006,
      is_root: 60011,
      name_taken: 60008,
      no_department: 40066,
      circular: 60004,
      invalid: 40058,
    };
    throw new WecomApiError(codes[error.code]);
  }
}

function written(
  handle: (call: WecomCall, world: WecomWorld) => Record<string, unknown>,
  method: 'GET' | 'POST',
): WecomEndpoint {
  return {
    method,
    handle(call, world) {
      requireContacts(call.principal);
      return translated(() => handle(call, world));
    },
  };
}

export const userCreate = written((call, world) => {
  const { body } = call;
  const userid = bodyText(body, 'userid');
  const name = bodyText(body, 'name');
  if (!/^[0-9A-Za-z][0-9A-Za-z_\-@.]{0,63}$/.test(userid)) throw new WecomApiError(40003);
  if (!body.mobile && !body.email) throw new WecomApiError(60129);
  const departmentIds = numbers(body.department) ?? [1];
  checkDepartments(departmentIds, body, world);
  world.mutations.hire(
    {
      account: userid,
      name,
      departmentIds,
      ...(typeof body.position === 'string' ? { position: body.position } : {}),
      status: 'inactive',
      details: detailsOf(body, undefined, world),
    },
    'api',
  );
  return { errmsg: 'created' };
}, 'POST');

export const userUpdate = written((call, world) => {
  const { body } = call;
  const userid = bodyText(body, 'userid');
  const person = world.company.person(userid);
  if (person === undefined) throw new WecomApiError(60111);
  const departmentIds = numbers(body.department);
  if (departmentIds !== undefined) {
    checkDepartments(departmentIds, body, world);
    world.mutations.move(
      userid,
      departmentIds,
      'api',
      typeof body.main_department === 'number' ? body.main_department : undefined,
    );
  }
  numbers(body.is_leader_in_dept)?.forEach((flag, index) => {
    const departmentId = person.departmentIds[index];
    if (departmentId !== undefined) world.mutations.makeLeader(userid, departmentId, flag === 1, 'api');
  });
  const details = detailsOf(body, person, world);
  world.mutations.edit(
    userid,
    {
      ...(typeof body.name === 'string' ? { name: body.name } : {}),
      ...(typeof body.position === 'string' ? { position: body.position } : {}),
      ...(body.enable === 0 || body.enable === 1
        ? { status: body.enable === 1 ? 'active' : 'disabled' }
        : {}),
      ...(Array.isArray(body.direct_leader) ? { leaders: body.direct_leader.map(String) } : {}),
      ...(Object.keys(details).length > 0 ? { details } : {}),
    },
    'api',
  );
  if (typeof body.new_userid === 'string')
    world.mutations.changeAccount(userid, body.new_userid, 'api', false);
  return { errmsg: 'updated' };
}, 'POST');

export const userDelete = written((call, world) => {
  world.mutations.dismiss(call.query.get('userid') ?? '', 'api');
  return { errmsg: 'deleted' };
}, 'GET');

export const userBatchDelete = written((call, world) => {
  const list = call.body.useridlist;
  if (!Array.isArray(list) || list.length === 0 || list.length > 200) throw new WecomApiError(40031);
  for (const userid of list) world.mutations.dismiss(String(userid), 'api');
  return { errmsg: 'deleted' };
}, 'POST');

export const departmentCreate = written((call, world) => {
  const { body } = call;
  const name = departmentName(body);
  if (typeof body.parentid !== 'number') throw new WecomApiError(60004);
  const department = world.mutations.createDepartment(
    {
      name,
      parentId: body.parentid,
      ...(typeof body.name_en === 'string' ? { nameEn: body.name_en } : {}),
      ...(typeof body.id === 'number' ? { id: body.id } : {}),
      ...(typeof body.order === 'number' ? { order: body.order } : {}),
    },
    'api',
  );
  return { errmsg: 'created', id: department.id };
}, 'POST');

export const departmentUpdate = written((call, world) => {
  const { body } = call;
  if (typeof body.id !== 'number') throw new WecomApiError(40063);
  if (body.name !== undefined) world.mutations.renameDepartment(body.id, departmentName(body), 'api');
  // Pitfall 18: the root's parent may be sent back as null, but not as 0.
  if (body.parentid === 0) throw new WecomApiError(60004);
  if (typeof body.parentid === 'number') world.mutations.moveDepartment(body.id, body.parentid, 'api');
  return { errmsg: 'updated' };
}, 'POST');

export const departmentDelete = written((call, world) => {
  const id = queryNumber(call.query, 'id') ?? 0;
  if (world.company.children(id).length > 0) throw new WecomApiError(60005);
  world.mutations.removeDepartment(id, 'api');
  return { errmsg: 'deleted' };
}, 'GET');

function departmentName(body: Record<string, unknown>): string {
  const name = bodyText(body, 'name');
  if ([...name].length > 32 || /[\\:*?"<>|]/.test(name)) throw new WecomApiError(60001);
  return name;
}

function numbers(value: unknown): number[] | undefined {
  return Array.isArray(value) ? value.map(Number) : undefined;
}

function checkDepartments(ids: readonly number[], body: Record<string, unknown>, world: WecomWorld): void {
  if (ids.length > world.facts.departmentMax) throw new WecomApiError(60110);
  const flags = numbers(body.is_leader_in_dept);
  if (flags !== undefined && flags.length !== ids.length) throw new WecomApiError(60132);
}

function detailsOf(
  body: Record<string, unknown>,
  person: Person | undefined,
  world: WecomWorld,
): Partial<PersonDetails> {
  const details: Partial<PersonDetails> = {};
  // Once somebody is activated the mobile belongs to them: a new one is ignored, silently (sheet 3).
  if (typeof body.mobile === 'string' && person?.status !== 'active') details.mobile = body.mobile;
  if (typeof body.email === 'string') details.email = body.email;
  if (typeof body.biz_mail === 'string') details.bizMail = body.biz_mail;
  if (typeof body.alias === 'string') details.alias = body.alias;
  if (typeof body.telephone === 'string') details.telephone = body.telephone;
  if (typeof body.address === 'string') details.address = body.address;
  if (body.gender === '1' || body.gender === '2') details.gender = body.gender === '1' ? 'male' : 'female';
  const attrs = (body.extattr as { attrs?: unknown } | undefined)?.attrs;
  if (Array.isArray(attrs)) Object.assign(details, attributesOf(attrs, person, world));
  return details;
}

function attributesOf(
  attrs: readonly unknown[],
  person: Person | undefined,
  world: WecomWorld,
): Partial<Pick<PersonDetails, 'attributes' | 'employeeNumber'>> {
  const wipes = world.facts.partialExtattrWipes;
  const attributes: Record<string, string> = wipes ? {} : { ...person?.attributes };
  // The employee number is one of them: wiped like the others when it is not sent along.
  let employeeNumber: string | undefined = wipes && person !== undefined ? '' : undefined;
  for (const attr of attrs as { name?: unknown; text?: { value?: unknown } }[]) {
    const text = attr.text?.value;
    const value = (typeof text === 'string' ? text : '').slice(0, 64);
    if (attr.name === '工号') employeeNumber = value;
    // Names nobody created in the console are ignored, silently (sheet 3).
    else if (typeof attr.name === 'string' && world.attributeNames.includes(attr.name))
      attributes[attr.name] = value;
  }
  return { attributes, ...(employeeNumber === undefined ? {} : { employeeNumber }) };
}
