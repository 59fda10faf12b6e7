import type { PersonDetails, PersonEdit } from '../../company/index.js';
import { FeishuApiError, invalidField } from '../api-error.js';
import { tiers } from '../limits.js';
import { userRecord } from '../records.js';
import { idTypesOf, objectsOf, type FeishuEndpoint, type FeishuWorld } from '../world.js';
import { personInView } from './users.js';

const longestText = 100;
const plainFields = ['name', 'job_title', 'mobile', 'email', 'employee_no', 'is_frozen', 'custom_attrs'];

/** contact-v3/user/patch, as far as the sandbox has the fields: only what is named changes. */
export const userPatch: FeishuEndpoint = {
  method: 'PATCH',
  path: 'contact/v3/users/:user_id',
  token: 'tenant',
  scopes: ['contact:contact', 'contact:user.base'],
  rate: tiers.thousandPerMinute,
  handle(call, world) {
    const types = idTypesOf(call, world);
    const person = personInView(call.params.user_id ?? '', types.user, call, world);
    if (world.company.personById(person.id) !== person) throw new FeishuApiError(42006);
    if (person.status === 'inactive') throw new FeishuApiError(44010);
    const strange = Object.keys(call.body).find((key) => !plainFields.includes(key));
    if (strange !== undefined)
      throw invalidField(strange, call.body[strange], 'the sandbox does not write this field');
    const edit = editOf(call.body, person.attributes, world);
    const taken = edit.details?.employeeNumber;
    const twin = world.company.people().find((other) => other !== person && other.employeeNumber === taken);
    if (taken !== undefined && twin !== undefined) throw new FeishuApiError(44051);
    world.mutations.edit(person.account, edit, 'api');
    return { user: userRecord(person, world, types) };
  },
};

function editOf(
  body: Record<string, unknown>,
  attributes: Readonly<Record<string, string>>,
  world: FeishuWorld,
): PersonEdit {
  const text = (name: string): string | undefined => {
    const value = body[name];
    if (value === undefined) return undefined;
    if (typeof value === 'string') return value;
    throw invalidField(name, value, 'a string is expected');
  };
  const details: Partial<PersonDetails> = {};
  const [name, position, mobile, email, number] = ['name', 'job_title', 'mobile', 'email', 'employee_no'].map(
    text,
  );
  if (mobile !== undefined) details.mobile = mobile.replace(/^\+86/, '');
  if (email !== undefined) details.email = email;
  if (number !== undefined) details.employeeNumber = number;
  if (body.custom_attrs !== undefined)
    details.attributes = { ...attributes, ...customValues(body.custom_attrs, world) };
  return {
    ...(name === undefined ? {} : { name }),
    ...(position === undefined ? {} : { position }),
    ...(body.is_frozen === undefined ? {} : { status: body.is_frozen === true ? 'disabled' : 'active' }),
    ...(Object.keys(details).length === 0 ? {} : { details }),
  };
}

function customValues(list: unknown, world: FeishuWorld): Record<string, string> {
  if (!world.app.customFieldsOpen) throw new FeishuApiError(41044);
  const values: Record<string, string> = {};
  for (const item of objectsOf(list, 41044)) {
    const field = world.customFields.find(({ id }) => id === item.id);
    if (field === undefined) throw new FeishuApiError(41045);
    const { text } = (item.value ?? {}) as { text?: unknown };
    if (item.type !== 'TEXT' || typeof text !== 'string' || text.length > longestText)
      throw new FeishuApiError(41046);
    values[field.name] = text;
  }
  return values;
}
