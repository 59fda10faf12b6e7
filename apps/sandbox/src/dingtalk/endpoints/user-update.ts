import { CompanyError, type PersonEdit } from '../../company/index.js';
import { OldApiError } from '../api-error.js';
import { departmentOf } from '../ids.js';
import { commaList, oldText, visiblePerson, type DingtalkEndpoint } from '../world.js';

// Documentation pages at open.dingtalk.com: the page of `topapi/v2/user/update`.

const longestExtension = 2000;

/** What is left out stays, except that `extension` replaces all custom fields unless it is told to add. */
const update: DingtalkEndpoint = {
  generation: 'old',
  method: 'POST',
  path: '/topapi/v2/user/update',
  scope: 'qyapi_manage_addresslist',
  free: true,
  handle(call, world) {
    const { body } = call;
    const person = visiblePerson(oldText(body, 'userid'), call, world);
    const details: Record<string, unknown> = {};
    const text = (field: string, detail: string): void => {
      if (body[field] !== undefined) details[detail] = oldText(body, field);
    };
    text('mobile', 'mobile');
    text('email', 'email');
    text('org_email', 'bizMail');
    text('job_number', 'employeeNumber');
    text('telephone', 'telephone');
    text('work_place', 'address');
    text('remark', 'alias');
    if (body.extension !== undefined) {
      const fields = extensionOf(oldText(body, 'extension'));
      details.attributes =
        Number(body.ext_attrs_update_mode ?? 0) === 1 ? { ...person.attributes, ...fields } : fields;
    }
    const edit: PersonEdit = {
      ...(body.name === undefined ? {} : { name: oldText(body, 'name') }),
      ...(body.title === undefined ? {} : { position: oldText(body, 'title') }),
      ...(Object.keys(details).length === 0 ? {} : { details: details }),
      ...managerOf(body),
    };
    const departments = commaList(body.dept_id_list).map((id) => departmentOf(Number(id)));
    if (departments.some((id) => id === undefined || world.company.department(id) === undefined))
      throw new OldApiError(60003);
    try {
      world.mutations.edit(person.account, edit, 'api');
      if (departments.length > 0) world.mutations.move(person.account, departments as number[], 'api');
    } catch (error) {
      if (error instanceof CompanyError) throw new OldApiError(400002, error.message);
      throw error;
    }
    return {};
  },
};

export const userUpdateEndpoints = [update];

/** A string that holds a JSON object of texts. */
function extensionOf(text: string): Record<string, string> {
  if (text.length > longestExtension) throw new OldApiError(400002);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new OldApiError(400002);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new OldApiError(400002);
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, String(field)]));
}

/** The direct manager: set by id, taken away only when forced. */
function managerOf(body: Record<string, unknown>): Pick<PersonEdit, 'leaders'> {
  if (typeof body.manager_userid === 'string' && body.manager_userid !== '')
    return { leaders: [body.manager_userid] };
  return commaList(body.force_update_fields).includes('manager_userid') ? { leaders: [] } : {};
}
