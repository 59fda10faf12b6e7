import { WecomApiError } from './api-error.js';
import type { Principal } from './credentials.js';
import { endpoints } from './endpoints/index.js';
import type { WecomAnswer, WecomWorld } from './world.js';

/**
 * Makes the answers of a full sync before they are asked for (department trees, members of every department,
 * id pages of 10,000), so that a benchmark measures its subject and not the simulator. They hold until the
 * company or a setting changes.
 */
export function warmUp(world: WecomWorld): void {
  const app: Principal = { kind: 'app', app: world.apps[0] as (typeof world.apps)[0] };
  const contacts: Principal = { kind: 'contacts', contacts: world.contacts };
  ask(world, app, 'department/list');
  ask(world, contacts, 'department/simplelist');
  for (const department of world.company.departments()) {
    ask(world, app, 'user/list', `department_id=${department.id}`);
    ask(world, app, 'user/simplelist', `department_id=${department.id}`);
  }
  let cursor = '';
  do {
    const page = ask(world, contacts, 'user/list_id', '', { cursor, limit: 10_000 });
    cursor = page === undefined ? '' : cursorOf(page);
  } while (cursor !== '');
}

function ask(
  world: WecomWorld,
  principal: Principal,
  name: string,
  query = '',
  body: Record<string, unknown> = {},
): WecomAnswer | undefined {
  const lens = world.optics.lens(principal, []);
  const call = { endpoint: name, principal, query: new URLSearchParams(query), body, faults: [], lens };
  try {
    return endpoints.get(name)?.handle(call, world);
  } catch (error) {
    // A department out of view; the answer to that needs no preparation.
    if (error instanceof WecomApiError) return undefined;
    throw error;
  }
}

function cursorOf(page: WecomAnswer): string {
  const payload = (Buffer.isBuffer(page) ? JSON.parse(page.toString('utf8')) : page) as {
    next_cursor?: string;
  };
  return payload.next_cursor ?? '';
}
