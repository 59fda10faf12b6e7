import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '@trainbridge/sandbox';
import { Caller, records, type Answer } from './caller.js';

describe('user/list_id', () => {
  let sandbox: Sandbox;
  let caller: Caller;

  beforeEach(async () => {
    sandbox = await startSandbox({ people: 50, departments: 12 });
    caller = new Caller(sandbox);
  });
  afterEach(() => sandbox.close());

  const rowsOf = (answer: Answer): string[] =>
    records(answer, 'dept_user').map((row) => `${String(row.userid)} ${String(row.department)}`);

  const truth = (): string[] =>
    sandbox.company.people().flatMap((person) => person.departmentIds.map((id) => `${person.account} ${id}`));

  async function walk(limit: number, between?: (page: number) => void, maxPages = 200): Promise<string[][]> {
    const pages: string[][] = [];
    let cursor: unknown = '';
    do {
      const answer = await caller.contacts('user/list_id', { cursor, limit });
      expect(answer.errcode).toBe(0);
      pages.push(rowsOf(answer));
      between?.(pages.length);
      cursor = answer.next_cursor;
    } while (cursor !== '' && cursor !== undefined && pages.length < maxPages);
    return pages;
  }

  it('gives one row per person and department, page by page', async () => {
    expect(rowsOf(await caller.contacts('user/list_id', {}))).toEqual(truth());
    const pages = await walk(7);
    expect(pages.flat()).toEqual(truth());
    expect(pages.slice(0, -1).every((page) => page.length === 7)).toBe(true);
  });

  it('fact lastCursor: empty or absent', async () => {
    expect((await caller.contacts('user/list_id', {})).next_cursor).toBe('');
    sandbox.wecom.setFacts({ lastCursor: 'absent' });
    expect(await caller.contacts('user/list_id', {})).not.toHaveProperty('next_cursor');
  });

  it('loses nobody when people come and go between pages', async () => {
    const people = sandbox.company.people();
    const stay = people.map((person) => person.account);
    const gone = [people[2]?.account ?? '', people[3]?.account ?? ''];
    const pages = await walk(10, (page) => {
      if (page === 1) for (const account of gone) sandbox.mutations.dismiss(account);
      if (page === 2) sandbox.mutations.hire({ account: 'just.hired', departmentIds: [2] });
    });
    const seen = new Set(pages.flat().map((row) => row.split(' ')[0]));
    for (const account of stay) expect(seen).toContain(account);
    expect(seen).toContain('just.hired');
  });

  it('refuses garbage: 50100 for cursors, 40058 for limits and GET, 40063 for what is no JSON', async () => {
    const code = async (body: unknown): Promise<number> =>
      (await caller.contacts('user/list_id', body)).errcode;
    const { next_cursor } = await caller.contacts('user/list_id', { limit: 3 });
    expect(await code({ cursor: 'garbage' })).toBe(50100);
    expect(await code({ cursor: `${String(next_cursor).slice(0, -2)}AA` })).toBe(50100);
    expect(await code({ cursor: 5 })).toBe(50100);
    for (const limit of [0, -1, 10_001, 1.5, '10']) expect(await code({ limit })).toBe(40058);
    expect((await caller.contacts('user/list_id')).errcode).toBe(40058);
    const malformed = await caller.contacts('user/list_id', '{"limit":');
    expect(malformed.errcode).toBe(40063);
    expect(malformed.errmsg).toMatch(/^Warning: wrong json format\. /);
    expect((await caller.contacts('user/list_id', '"'.padEnd(1_100_000, 'x'))).errcode).toBe(45002);
  });

  it('fault duplicate_page: a page comes twice, nothing is lost', async () => {
    sandbox.wecom.faults.add({ kind: 'duplicate_page', after: 1 });
    const pages = await walk(10);
    expect(pages[2]).toEqual(pages[1]);
    expect(new Set(pages.flat())).toEqual(new Set(truth()));
  });

  it('fault skip_page: a page never comes', async () => {
    sandbox.wecom.faults.add({ kind: 'skip_page' });
    const pages = await walk(10);
    expect(pages.flat()).toEqual([...truth().slice(0, 10), ...truth().slice(20)]);
  });

  it('fault cursor_loop: it never ends', async () => {
    const id = sandbox.wecom.faults.add({ kind: 'cursor_loop' });
    const pages = await walk(1000, undefined, 5);
    expect(pages).toHaveLength(5);
    expect(pages[4]).toEqual(pages[0]);
    expect(sandbox.wecom.faults.remove(id)).toBe(true);
    expect(await walk(1000)).toHaveLength(1);
  });
});
