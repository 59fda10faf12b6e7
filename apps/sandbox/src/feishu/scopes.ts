/** Read access to contacts as a whole; each opens what most field scopes open (contact-v3/user/field-overview). */
export const broadContactScopes = [
  'contact:contact:access_as_app',
  'contact:contact:readonly',
  'contact:contact:readonly_as_app',
] as const;

/** Any of them is the condition for contact events and for most contact calls. */
export const contactBaseScopes = ['contact:contact.base:readonly', ...broadContactScopes] as const;

/** What a new app of the sandbox is granted: enough for everything Trainbridge does. The broad scopes are not among it. */
export const allScopes: readonly string[] = [
  'contact:contact.base:readonly', 'contact:user.base:readonly', 'contact:user.employee_id:readonly',
  'contact:user.email:readonly', 'contact:user.phone:readonly', 'contact:user.gender:readonly',
  'contact:user.employee:readonly', 'contact:user.department:readonly', 'contact:user.id:readonly',
  'contact:user.dotted_line_leader_info.read', 'contact:department.base:readonly',
  'contact:department.organize:readonly', 'contact:contact', 'im:message:send_as_bot', 'task:task:write',
  'task:task:read', 'approval:approval', 'approval:approval:readonly', 'bitable:app', 'tenant:tenant:readonly',
  'event:ip_list', 'elearning:course_learner_data:readonly',
]; // prettier-ignore

const userBase = ['contact:user.base:readonly', ...broadContactScopes];
const userEmployee = ['contact:user.employee:readonly', ...broadContactScopes];
const userPlace = ['contact:user.department:readonly', ...broadContactScopes];

/** Keys of a user and the scopes of which any shows them; a key that is missing here needs none. */
export const userFieldScopes: Readonly<Record<string, readonly string[]>> = {
  name: userBase,
  en_name: userBase,
  nickname: userBase,
  avatar: userBase,
  user_id: ['contact:user.employee_id:readonly'],
  email: ['contact:user.email:readonly'],
  mobile: ['contact:user.phone:readonly'],
  mobile_visible: ['contact:user.phone:readonly'],
  gender: ['contact:user.gender:readonly', ...broadContactScopes],
  status: userEmployee,
  is_frozen: userEmployee,
  city: userEmployee,
  country: userEmployee,
  work_station: userEmployee,
  join_time: userEmployee,
  is_tenant_manager: userEmployee,
  employee_type: userEmployee,
  custom_attrs: userEmployee,
  enterprise_email: userEmployee,
  job_title: userEmployee,
  employee_no: [...userEmployee, 'contact:user.employee_number:read'],
  department_ids: userPlace,
  leader_user_id: userPlace,
  orders: userPlace,
  dotted_line_leader_user_ids: ['contact:user.dotted_line_leader_info.read'],
};

const departmentBase = ['contact:department.base:readonly', ...broadContactScopes];
const departmentOrganize = ['contact:department.organize:readonly', ...broadContactScopes];

/** The same for a department. */
export const departmentFieldScopes: Readonly<Record<string, readonly string[]>> = {
  name: departmentBase,
  i18n_name: departmentBase,
  department_id: departmentBase,
  chat_id: departmentBase,
  status: departmentBase,
  parent_department_id: departmentOrganize,
  leader_user_id: departmentOrganize,
  leaders: departmentOrganize,
  order: departmentOrganize,
  unit_ids: departmentOrganize,
  member_count: departmentOrganize,
};

/** Is any of these scopes granted? */
export function grantsAny(granted: readonly string[], wanted: readonly string[]): boolean {
  return wanted.some((scope) => granted.includes(scope));
}

/** Leaves out the keys the app may not read: no error says so. */
export function permitted(
  record: Record<string, unknown>,
  fields: Readonly<Record<string, readonly string[]>>,
  granted: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).filter(([key, value]) => {
      const wanted = fields[key];
      return value !== undefined && (wanted === undefined || grantsAny(granted, wanted));
    }),
  );
}
