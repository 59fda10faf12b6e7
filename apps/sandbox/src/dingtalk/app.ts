/** Whom an app may see (通讯录权限范围). Departments by their id in the company, people by userid. */
export interface ContactRange {
  departments: readonly number[];
  users: readonly string[];
}

/** An internal app as an administrator sets it up. */
export interface DingtalkApp {
  clientId: string;
  clientSecret: string;
  agentId: number;
  name: string;
  /** Permissions it was given, by the names the console has for them. */
  scopes: readonly string[];
  /** The permission "enterprise employee mobile number". */
  readsMobile: boolean;
  /** The permission "email and other personal info". */
  readsPersonal: boolean;
  range: ContactRange;
  /** Addresses it may call from, `*` standing for any run of characters; null = anywhere. */
  serverIps: readonly string[] | null;
  /** Where a login may lead back to: starts of URLs; null = anywhere. */
  redirectUrls: readonly string[] | null;
  /** Stopped by an administrator. */
  stopped: boolean;
}

/** What the app of the demo company was given; the historic approval API is no longer granted. */
export const defaultScopes: readonly string[] = [
  'qyapi_base', 'qyapi_get_department_list', 'qyapi_get_department_member', 'qyapi_get_member',
  'qyapi_get_member_by_mobile', 'qyapi_ext_read', 'qyapi_ext_write', 'Contact.User.Read', 'Contact.User.mobile',
  'Contact.Common.Read', 'Todo.Todo.Read', 'Todo.Todo.Write', 'Workflow.Instance.Read', 'Workflow.Instance.Write',
]; // prettier-ignore

/** Does one of the entries, with `*` for any run of characters, stand for this address? */
export function admitsAddress(entries: readonly string[], address: string): boolean {
  return entries.some((entry) => {
    const [start = '', ...rest] = entry.split('*');
    if (rest.length === 0) return entry === address;
    const end = rest.join('*');
    return address.length >= start.length + end.length && address.startsWith(start) && address.endsWith(end);
  });
}
