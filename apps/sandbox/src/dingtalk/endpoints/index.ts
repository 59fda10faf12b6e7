import type { DingtalkEndpoint } from '../world.js';
import { approvalEndpoints } from './approvals.js';
import { callbackEndpoints } from './callbacks.js';
import { departmentEndpoints } from './departments.js';
import { externalContactEndpoints } from './external-contacts.js';
import { loginEndpoints } from './login.js';
import { notificationEndpoints } from './notifications.js';
import { oldApprovalEndpoints } from './old-approvals.js';
import { todoWriteEndpoints } from './todo-writes.js';
import { todoReadEndpoints } from './todos.js';
import { tokenEndpoints } from './tokens.js';
import { userListEndpoints } from './user-lists.js';
import { userUpdateEndpoints } from './user-update.js';
import { userEndpoints } from './users.js';

const all: readonly DingtalkEndpoint[] = [
  ...tokenEndpoints,
  ...departmentEndpoints,
  ...userListEndpoints,
  ...userEndpoints,
  ...userUpdateEndpoints,
  ...loginEndpoints,
  ...callbackEndpoints,
  ...externalContactEndpoints,
  ...notificationEndpoints,
  ...todoReadEndpoints,
  ...todoWriteEndpoints,
  ...approvalEndpoints,
  ...oldApprovalEndpoints,
];

/** An endpoint and what its path says. */
export interface Route {
  endpoint: DingtalkEndpoint;
  /** As faults and counters call it: the path, for the new API after the method. */
  name: string;
  path: Record<string, string>;
}

/** What faults and counters call an endpoint: `/topapi/v2/user/list`, `POST /v1.0/oauth2/accessToken`. */
export function nameOf({ generation, method, path }: DingtalkEndpoint): string {
  return generation === 'old' ? path : `${method} ${path}`;
}

const patterns = all.map((endpoint) => ({
  endpoint,
  name: nameOf(endpoint),
  pattern: new RegExp(`^${endpoint.path.replaceAll('.', '\\.').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
}));

/** The endpoint behind a path. The old API has one per path, whatever the method; the new one tells methods apart. */
export function routeOf(method: string, pathname: string): Route | undefined {
  for (const { endpoint, name, pattern } of patterns) {
    if (endpoint.generation === 'new' && endpoint.method !== method) continue;
    const found = pattern.exec(pathname);
    if (found === null) continue;
    const parts = Object.entries(found.groups ?? {}).map(([key, value]) => [key, decoded(value)]);
    return { endpoint, name, path: Object.fromEntries(parts) as Record<string, string> };
  }
  return undefined;
}

/** Endpoints that page with a cursor. */
export const pagedEndpoints = ['/topapi/v2/user/list', '/topapi/user/listsimple'];

/** Endpoints that answer records. */
export const listingEndpoints = [
  ...pagedEndpoints, '/topapi/v2/user/get', '/topapi/v2/department/listsub', '/topapi/v2/department/get',
  '/topapi/extcontact/list', '/topapi/extcontact/get',
]; // prettier-ignore

/** Endpoints that hand out tokens. */
export const tokenEndpointNames = tokenEndpoints.map(nameOf);

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
