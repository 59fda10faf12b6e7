import type { Person } from '../../company/index.js';
import { FeishuApiError, invalidField } from '../api-error.js';
import type { UserIdType } from '../identifiers.js';
import { tiers } from '../limits.js';
import { contactPages, cutPage, shownItems } from '../paging.js';
import { userRecord } from '../records.js';
import { broadContactScopes, grantsAny } from '../scopes.js';
import {
  idTypesOf,
  requireEmployeeId,
  type FeishuCall,
  type FeishuEndpoint,
  type FeishuWorld,
} from '../world.js';
import { batchIds, batchScopes, departmentInView, listingScopes } from './departments.js';

const baseScopes = ['contact:contact.base:readonly', ...broadContactScopes];
const unknownId: Readonly<Record<UserIdType, number>> = {
  open_id: 99992351,
  user_id: 99992352,
  union_id: 99992353,
};

/** contact-v3/user/find_by_department: who works in the department itself; people of two departments come in both. */
export const usersOfDepartment: FeishuEndpoint = {
  method: 'GET',
  path: 'contact/v3/users/find_by_department',
  token: 'either',
  scopes: listingScopes,
  rate: tiers.thousandPerMinute,
  handle(call, world) {
    const types = idTypesOf(call, world);
    const id = call.query.get('department_id') ?? '';
    if (id === '') throw invalidField('department_id', '', 'department_id is required');
    const department = departmentInView(id, types, call, world);
    const members = [...world.company.members(department.id)]
      .filter((person) => call.lens.seesPerson(person))
      .sort((left, right) => left.id - right.id);
    const { items, fields } = cutPage(call, world, members, (person) => person.id, contactPages);
    // Listings repeat one flag at the top level.
    const readsStatus = grantsAny(world.app.scopes, [
      'contact:user.employee:readonly',
      ...broadContactScopes,
    ]);
    const records = items.map((person) => ({
      ...userRecord(person, world, types),
      ...(readsStatus ? { is_frozen: person.status === 'disabled' } : {}),
    }));
    return { ...fields, ...shownItems(records, world) };
  },
};

/** contact-v3/user/get: also of people who left, with `is_resigned`. */
export const userGet: FeishuEndpoint = {
  method: 'GET',
  path: 'contact/v3/users/:user_id',
  token: 'either',
  scopes: baseScopes,
  rate: tiers.thousandPerMinute,
  handle(call, world) {
    const types = idTypesOf(call, world);
    const person = personInView(call.params.user_id ?? '', types.user, call, world);
    return { user: userRecord(person, world, types) };
  },
};

/** contact-v3/user/batch: who is unknown or out of the range is missing without a word. */
export const userBatch: FeishuEndpoint = {
  method: 'GET',
  path: 'contact/v3/users/batch',
  token: 'either',
  scopes: batchScopes,
  rate: tiers.thousandPerMinute,
  handle(call, world) {
    const types = idTypesOf(call, world);
    const people = batchIds(call, 'user_ids').flatMap((id) => {
      const person = world.ids.person(id, types.user);
      if (person === undefined || !call.lens.seesPerson(person)) return [];
      const resigned = world.company.personById(person.id) !== person;
      return resigned && !world.facts.resignedInBatch ? [] : [person];
    });
    const records = people.map((person) => userRecord(person, world, types));
    return { ...shownItems(records, world) };
  },
};

/** contact-v3/user/basic_batch: names only, of anybody. */
export const userNames: FeishuEndpoint = {
  method: 'POST',
  path: 'contact/v3/users/basic_batch',
  token: 'either',
  scopes: ['contact:user.basic_profile:readonly', ...baseScopes],
  rate: tiers.fivePerSecond,
  handle(call, world) {
    const types = idTypesOf(call, world);
    const wanted: unknown = call.body.user_ids;
    if (!Array.isArray(wanted) || wanted.length < 1 || wanted.length > 10) {
      throw invalidField('user_ids', wanted, 'the length must be between 1 and 10');
    }
    const users = wanted.flatMap((id) => {
      const person = world.ids.person(String(id), types.user);
      const name = person?.name;
      return person === undefined ? [] : [{ user_id: String(id), name, i18n_name: { zh_cn: name } }];
    });
    return { users };
  },
};

/** contact-v3/user/batch_get_id: ids behind mobile numbers and mail addresses; who is unknown has no `user_id`. */
export const userIdsByContact: FeishuEndpoint = {
  method: 'POST',
  path: 'contact/v3/users/batch_get_id',
  token: 'tenant',
  scopes: ['contact:user.id:readonly'],
  rate: tiers.thousandPerMinute,
  handle(call, world) {
    const { user: type } = idTypesOf(call, world);
    const list = (name: string): string[] => {
      const value: unknown = call.body[name] ?? [];
      if (Array.isArray(value) && value.length <= 50) return value.map(String);
      throw invalidField(name, value, 'the max length is 50');
    };
    const entry = (key: 'mobile' | 'email', asked: string): Record<string, unknown> => {
      const value = asked.replace(/^\+86/, '').toLowerCase();
      const person = world.company.people().find((candidate) => candidate[key].toLowerCase() === value);
      const found = person !== undefined && call.lens.seesPerson(person);
      return { [key]: asked, ...(found ? { user_id: world.ids.of(person, type) } : {}) };
    };
    return {
      user_list: [
        ...list('emails').map((asked) => entry('email', asked)),
        ...list('mobiles').map((asked) => entry('mobile', asked)),
      ],
    };
  },
};

/** contact-v3/scope/list: the nodes of the range, not what is below them; people first, then departments, on shared pages. */
export const contactScopes: FeishuEndpoint = {
  method: 'GET',
  path: 'contact/v3/scopes',
  token: 'tenant',
  scopes: baseScopes,
  rate: tiers.thousandPerMinute,
  handle(call, world) {
    const types = idTypesOf(call, world);
    if (world.facts.scopesNeedEmployeeId) requireEmployeeId(world);
    const { lens } = call;
    const { company, ids } = world;
    const people = lens.all
      ? [...company.members(1)]
      : lens.range.users.flatMap((account) => company.person(account) ?? []);
    const departments = (lens.all ? company.children(1) : lens.range.departments).filter((id) =>
      lens.seesDepartment(id),
    );
    const nodes = [
      ...people
        .filter((person) => lens.seesPerson(person))
        .map((person) => ({ user: ids.of(person, types.user), department: undefined })),
      ...departments.map((id) => ({ user: undefined, department: ids.department(id, types.department) })),
    ];
    const rule = { standard: 50, largest: 100, sizeCode: 40011, tokenCode: 40012 };
    const { items, fields } = cutPage(call, world, nodes, (_node, index) => index, rule);
    return {
      department_ids: items.flatMap(({ department }) => department ?? []),
      user_ids: items.flatMap(({ user }) => user ?? []),
      group_ids: [],
      ...fields,
    };
  },
};

/** contact-v3/custom_attr/list: definitions of the custom fields. */
export const customFieldList: FeishuEndpoint = {
  method: 'GET',
  path: 'contact/v3/custom_attrs',
  token: 'tenant',
  scopes: ['contact:user.employee:readonly', ...baseScopes],
  rate: tiers.thousandPerMinute,
  handle(call, world) {
    const rule = { standard: 20, largest: 100, sizeCode: 40011, tokenCode: 40012 };
    const { items, fields } = cutPage(call, world, world.customFields, (_field, index) => index, rule);
    const records = items.map(({ id, name }) => ({
      id,
      type: 'TEXT',
      i18n_name: [{ locale: 'zh_cn', value: name }],
    }));
    return { ...fields, ...shownItems(records, world) };
  },
};

/** contact-v3/employee_type_enum/list; `enum_value` is a text here and a number on people. */
export const employeeTypes: FeishuEndpoint = {
  method: 'GET',
  path: 'contact/v3/employee_type_enums',
  token: 'tenant',
  scopes: baseScopes,
  rate: tiers.thousandPerMinute,
  handle: () => ({
    has_more: false,
    items: ['正式', '实习', '外包', '劳务', '顾问'].map((content, index) => ({
      enum_id: String(index + 1),
      enum_value: String(index + 1),
      content,
      enum_type: 1,
      enum_status: 1,
    })),
  }),
};

/**
 * Somebody who works here or left.
 * @throws FeishuApiError 9999235x for an id of nobody, 41050 for somebody out of the range.
 */
export function personInView(id: string, type: UserIdType, call: FeishuCall, world: FeishuWorld): Person {
  const person = world.ids.person(id, type);
  const vanished = call.faults.some(
    (fault) =>
      fault.kind === 'empty_company' ||
      (fault.kind === 'vanish_person' && fault.account.toLowerCase() === person?.account.toLowerCase()),
  );
  if (person === undefined || vanished) throw new FeishuApiError(unknownId[type]);
  if (!call.lens.seesPerson(person)) throw new FeishuApiError(41050);
  return person;
}
