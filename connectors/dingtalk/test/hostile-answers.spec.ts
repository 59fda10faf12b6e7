import { afterEach, describe, expect, it } from 'vitest';
import { isConnectorError, type ErrorCode } from '@trainbridge/connector-kit';
import type { FaultSpec } from '@trainbridge/sandbox';
import { directory } from '../src/directory.js';
import { readAll, readDirectory, startWorld, type World } from './sandbox-world.js';

let world: World;
afterEach(() => world.close());

/** Large enough that departments have several pages. */
const start = async (): Promise<World> => (world = await startWorld({}, 500, 3));

/** What the whole directory comes to, or the code it ends with. */
async function outcome(): Promise<'whole' | 'short' | ErrorCode> {
  try {
    const { departments, people } = await readDirectory(world.context());
    return departments.size === 3 && people.size === 500 ? 'whole' : 'short';
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    return error.code;
  }
}

const list = '/topapi/v2/user/list';

/** The department most people are directly in: several pages of them. */
async function largest(): Promise<string> {
  const { people } = await readDirectory(world.context());
  const sizes = new Map<string, number>();
  for (const { memberships = [] } of people.values()) {
    for (const { departmentId } of memberships) sizes.set(departmentId, (sizes.get(departmentId) ?? 0) + 1);
  }
  const [id = '', size = 0] = [...sizes].sort(([, a], [, b]) => b - a)[0] ?? [];
  expect(size).toBeGreaterThan(200);
  return id;
}

describe('reading through a platform that stumbles', () => {
  it.each<[string, FaultSpec]>([
    ['a limit', { kind: 'rate_limit', endpoint: list, times: 2 }],
    ['a busy moment', { kind: 'errcode', code: -1, endpoint: list, times: 2 }],
    ['a dead gateway', { kind: 'http_error', status: 502, endpoint: list, times: 2 }],
    ['a page of HTML with 503', { kind: 'html', status: 503, endpoint: list, times: 1 }],
    ['a cut connection', { kind: 'reset', endpoint: list, times: 1 }],
    ['tokens that die', { kind: 'expire_tokens', revoke: true }],
    ['records sent twice', { kind: 'duplicate_records', endpoint: list, times: 3 }],
    ['a page sent twice', { kind: 'duplicate_page', endpoint: list, times: 1 }],
  ])('ends whole: %s', async (_name, fault) => {
    await start();
    // A token first, so that there is one to die.
    await directory.visibility(world.context());
    world.sandbox.dingtalk.faults.add(fault);
    expect(await outcome()).toBe('whole');
  });

  it.each<[string, FaultSpec, readonly string[]]>([
    [
      'a missing permission',
      { kind: 'errcode', code: 60011, endpoint: list, times: 1 },
      ['permission_denied'],
    ],
    ['HTML with 200', { kind: 'html', status: 200, endpoint: list, times: 'always' }, ['bad_response']],
    [
      'half an answer',
      { kind: 'half_json', endpoint: list, times: 'always' },
      ['bad_response', 'unavailable'],
    ],
    [
      'an endless answer',
      { kind: 'huge_body', endpoint: list, times: 'always' },
      ['bad_response', 'unavailable'],
    ],
    ['pages in a circle', { kind: 'cursor_loop', endpoint: list, times: 'always' }, ['bad_response']],
  ])('never passes for whole: %s', async (_name, fault, codes) => {
    await start();
    world.sandbox.dingtalk.faults.add(fault);
    expect(codes).toContain(await outcome());
  });

  it('people without an id are set aside, the others of the page are kept', async () => {
    await start();
    const departmentId = await largest();
    world.sandbox.dingtalk.faults.add({
      kind: 'missing_fields',
      fields: ['userid'],
      every: 10,
      endpoint: list,
      times: 1,
    });
    const page = await directory.listUsers(world.context(), { departmentId, cursor: null });
    expect(page.rejected.length).toBeGreaterThan(0);
    expect(page.items.length).toBeGreaterThan(page.rejected.length);
  });

  it('what is resumed from any cursor comes to the same', async () => {
    await start();
    const departmentId = await largest();
    const context = world.context();
    const read = (cursor: string | null) => directory.listUsers(context, { departmentId, cursor });
    const idsFrom = async (cursor: string): Promise<string[]> =>
      (await readAll((next) => read(next ?? cursor))).map(({ externalId }) => externalId);
    const whole = (await readAll(read)).map(({ externalId }) => externalId);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await read(cursor);
      seen.push(...page.items.map(({ externalId }) => externalId));
      ({ cursor } = page);
      if (cursor !== null) expect([...seen, ...(await idsFrom(cursor))]).toEqual(whole);
    } while (cursor !== null);
    expect(seen).toEqual(whole);
  });
});
