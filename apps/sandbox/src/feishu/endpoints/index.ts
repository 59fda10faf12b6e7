import type { FeishuEndpoint } from '../world.js';
import {
  approvalGet, approvalSubscribe, approvalUnsubscribe, instanceCreate, instanceGet, instanceList,
} from './approvals.js'; // prettier-ignore
import { appToken, connectionEndpoint, oauthToken, tenantToken, userInfo } from './auth.js';
import {
  fieldList, recordBatchCreate, recordBatchDelete, recordBatchUpdate, recordCreate, recordSearch, recordUpdate,
} from './bitable.js'; // prettier-ignore
import { departmentBatch, departmentChildren, departmentGet, departmentParents } from './departments.js';
import { messageCreate } from './messages.js';
import {
  taskAddMembers, taskCreate, taskDelete, taskGet, taskList, taskPatch, taskRemoveMembers, taskSubscribe,
} from './tasks.js'; // prettier-ignore
import { outboundAddresses, tenantQuery } from './tenant.js';
import { userPatch } from './user-update.js';
import {
  contactScopes, customFieldList, employeeTypes, userBatch, userGet, userIdsByContact, userNames, usersOfDepartment,
} from './users.js'; // prettier-ignore

const endpoints: readonly FeishuEndpoint[] = [
  tenantToken, appToken, oauthToken, userInfo, connectionEndpoint,
  departmentChildren, departmentBatch, departmentGet, departmentParents,
  usersOfDepartment, userGet, userBatch, userNames, userIdsByContact, userPatch, contactScopes, customFieldList,
  employeeTypes, approvalGet, approvalSubscribe, approvalUnsubscribe, instanceList, instanceGet, instanceCreate,
  taskCreate, taskGet, taskList, taskPatch, taskDelete, taskAddMembers, taskRemoveMembers, taskSubscribe,
  messageCreate, recordCreate, recordBatchCreate, recordUpdate, recordBatchUpdate, recordBatchDelete, recordSearch,
  fieldList, tenantQuery, outboundAddresses,
]; // prettier-ignore

/** Which faults strike what by default, by path. */
export const faultTargets = {
  paged: [
    departmentChildren.path, usersOfDepartment.path, contactScopes.path, instanceList.path, recordSearch.path,
  ], // prettier-ignore
  listings: [
    departmentChildren.path, departmentBatch.path, departmentGet.path, usersOfDepartment.path, userBatch.path, userGet.path,
  ], // prettier-ignore
  spared: [tenantToken.path, appToken.path],
};

/** A path without variable parts comes before one that has them. */
const table = endpoints
  .map((endpoint) => ({ endpoint, parts: endpoint.path.split('/') }))
  .sort((left, right) => variables(left.parts) - variables(right.parts));

/**
 * The endpoint for a path (below `/open-apis/`, a trailing slash is forgiven) and its variable parts.
 * `undefined`: there is nothing at the path; `'method'`: there is, for another method.
 */
export function route(
  method: string,
  path: string,
): { endpoint: FeishuEndpoint; params: Record<string, string> } | 'method' | undefined {
  const parts = partsOf(path);
  let found: 'method' | undefined;
  for (const { endpoint, parts: wanted } of table) {
    const fits =
      wanted.length === parts.length &&
      wanted.every((part, at) => part.startsWith(':') || part === parts[at]);
    if (!fits) continue;
    if (endpoint.method !== method) {
      found = 'method';
      continue;
    }
    const named = wanted.flatMap((part, at) =>
      part.startsWith(':') ? [[part.slice(1), parts[at] ?? '']] : [],
    );
    return { endpoint, params: Object.fromEntries(named) as Record<string, string> };
  }
  return found;
}

/** Parts of a path as they were meant; none of a path that is wrongly encoded. */
function partsOf(path: string): string[] {
  try {
    return path.replace(/\/$/, '').split('/').map(decodeURIComponent);
  } catch {
    return [];
  }
}

function variables(parts: readonly string[]): number {
  return parts.filter((part) => part.startsWith(':')).length;
}
