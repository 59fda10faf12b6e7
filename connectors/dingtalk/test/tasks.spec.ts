import { describe, expect, it } from 'vitest';
import type { HttpRequest, JsonObject, Page, TaskReference } from '@trainbridge/connector-kit';
import { tasks } from '../src/tasks.js';
import { Answer, bodyOf, callsOf, fakeContext, NOW, type Answers } from './fake-context.js';

const DAY = 86_400_000;
const listPath = 'POST /v1.0/workflow/processes/instanceIds/query';
const getPath = 'GET /v1.0/workflow/processInstances';

interface Made {
  id: string;
  code: string;
  at: number;
}

/** Answers the list as DingTalk does: at most 120 days, ids by form and creation, asked by number, answered by text. */
function world(made: readonly Made[]): Answers {
  return {
    [listPath]: (request: HttpRequest) => {
      const { processCode, startTime, endTime, nextToken, maxResults } = bodyOf(request) as {
        processCode: string;
        startTime: number;
        endTime: number;
        nextToken: number;
        maxResults: number;
      };
      expect(endTime - startTime).toBeLessThanOrEqual(120 * DAY);
      expect(startTime).toBeGreaterThan(NOW - 365 * DAY);
      expect(endTime).toBeLessThanOrEqual(NOW);
      expect(maxResults).toBeLessThanOrEqual(20);
      const ids = made
        .filter(({ code, at }) => code === processCode && at >= startTime && at <= endTime)
        .map(({ id }) => id);
      const next = nextToken + maxResults;
      const list = ids.slice(nextToken, next);
      return { success: true, result: { list, ...(next < ids.length ? { nextToken: String(next) } : {}) } };
    },
    [getPath]: (request: HttpRequest) => {
      const found = made.find(({ id }) => id === request.query?.processInstanceId);
      if (!found) return new Answer(400, { code: 'processInstanceNotExist', requestid: 'R', message: 'no' });
      return { result: instance(found.at), success: 'true' };
    },
  };
}

const minute = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`;

function instance(at: number, fields: JsonObject = {}): JsonObject {
  return {
    title: '张三提交的培训申请',
    createTime: minute(at),
    originatorUserId: 'zhang3',
    originatorDeptId: '-1',
    status: 'RUNNING',
    bizAction: 'NONE',
    formComponentValues: [
      { id: 'TextField-1', name: '课程', value: 'JS-101', componentType: 'TextField' },
      { id: 'DDSelect-1', name: '人员', value: '["a","b"]', componentType: 'DDMultiSelectField' },
      { id: 'TextField-2', name: '课程', value: 'other' },
      { id: 'x', value: 'nameless' },
    ],
    ...fields,
  };
}

async function listAll(context: ReturnType<typeof fakeContext>, since: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<TaskReference> = await tasks.list(context, { since, cursor });
    ids.push(...page.items.map(({ externalId }) => externalId));
    cursor = page.cursor;
  } while (cursor !== null);
  return ids;
}

const forms = { processCodes: ['PROC-A', 'PROC-B'] };

describe('the list of approvals', () => {
  it('goes form by form, window by window, page by page, and misses nothing', async () => {
    const made = Array.from({ length: 90 }, (_, index) => ({
      id: `i${index}`,
      code: index % 3 === 0 ? 'PROC-B' : 'PROC-A',
      at: NOW - index * 3 * DAY - 1,
    }));
    const context = fakeContext(forms, world(made));
    const ids = await listAll(context, NOW - 269 * DAY);
    expect(new Set(ids)).toEqual(new Set(made.map(({ id }) => id)));
    // 269 days are three windows per form; of A's 40, 40, 20 or so, each window needs two pages at most.
    expect(callsOf(context)[listPath]).toBeLessThanOrEqual(9);
  });

  it('reaches no further back than DingTalk lets it', async () => {
    const context = fakeContext({ processCodes: ['PROC-A'] }, world([]));
    expect(await listAll(context, 0)).toEqual([]);
    expect(callsOf(context)[listPath]).toBe(4);
  });

  it('asks nothing where no form is configured, or nothing can be new', async () => {
    const none = fakeContext({}, {});
    expect(await tasks.list(none, { since: 0, cursor: null })).toMatchObject({ items: [], done: true });
    const ahead = fakeContext(forms, {});
    expect(await tasks.list(ahead, { since: NOW + 1, cursor: null })).toMatchObject({
      items: [],
      done: true,
    });
    expect([...none.requests, ...ahead.requests]).toEqual([]);
  });

  it('resumes from each of its cursors', async () => {
    const made = Array.from({ length: 50 }, (_, index) => ({
      id: `i${index}`,
      code: 'PROC-A',
      at: NOW - index,
    }));
    const context = fakeContext(forms, world(made));
    const first = await tasks.list(context, { since: NOW - DAY, cursor: null });
    const again = await tasks.list(context, { since: NOW - DAY, cursor: first.cursor });
    expect(await tasks.list(context, { since: NOW - DAY, cursor: first.cursor })).toEqual(again);
    expect(again.items).toHaveLength(20);
  });

  it.each([
    '',
    'x',
    '[]',
    '["PROC-OLD",1,2,0,0,-1,0]',
    '["PROC-A",-1,2,0,0,-1,0]',
    '["PROC-A",1,2,0,0,-1]',
    '["PROC-A",1,2,0,0,-1,"0"]',
  ])('a cursor of another configuration starts it anew: %s', async (cursor) => {
    await expect(tasks.list(fakeContext(forms), { since: 0, cursor })).rejects.toMatchObject({
      code: 'cursor_expired',
    });
  });

  it.each([
    ['no result', { success: true }],
    ['no list', { result: {} }],
    ['a token that is none', { result: { list: [], nextToken: 'soon' } }],
  ])('%s is not the end', async (_name, body: JsonObject) => {
    const context = fakeContext(forms, { [listPath]: body });
    await expect(tasks.list(context, { since: NOW - DAY, cursor: null })).rejects.toMatchObject({
      code: 'bad_response',
    });
  });

  it('pages in a circle are told from pages', async () => {
    const context = fakeContext(forms, { [listPath]: { result: { list: ['a'], nextToken: '20' } } });
    await expect(listAll(context, NOW - DAY)).rejects.toMatchObject({ code: 'bad_response' });
    expect(context.requests.length).toBeLessThan(20);
  });

  it('that was interrupted for months goes on where DingTalk still lets it', async () => {
    const context = fakeContext(forms, world([]));
    const [from, until] = [NOW - 500 * DAY, NOW - 300 * DAY];
    const cursor = JSON.stringify(['PROC-A', from, until, 0, 0, -1, 0]);
    const page = await tasks.list(context, { since: from, cursor });
    expect(page).toMatchObject({ items: [], done: false });
    const rest: string[] = [];
    for (let next = page.cursor; next !== null;) {
      const following: Page<TaskReference> = await tasks.list(context, { since: from, cursor: next });
      rest.push(...following.items.map(({ externalId }) => externalId));
      next = following.cursor;
    }
    expect(rest).toEqual([]);
  });

  it('an id that is none is set aside', async () => {
    const context = fakeContext(forms, { [listPath]: { result: { list: ['ok', '', null] } } });
    const page = await tasks.list(context, { since: NOW - DAY, cursor: null });
    expect(page.items).toEqual([{ externalId: 'ok', kind: 'PROC-A' }]);
    expect(page.rejected).toHaveLength(2);
  });
});

describe('an approval', () => {
  async function statusOf(fields: JsonObject): Promise<unknown> {
    const context = fakeContext({}, { [getPath]: { result: instance(NOW - DAY, fields), success: 'true' } });
    const [lookup] = await tasks.get(context, { externalIds: ['i'] });
    return lookup?.status === 'found' ? lookup.record.status : lookup?.status;
  }

  it.each([
    [{ status: 'RUNNING' }, 'open'],
    [{ status: 'NEW' }, 'open'],
    [{ status: 'COMPLETED', result: 'agree' }, 'approved'],
    [{ status: 'COMPLETED', result: 'refuse' }, 'rejected'],
    [{ status: 'TERMINATED' }, 'withdrawn'],
    [{ status: 'CANCELED' }, 'withdrawn'],
    // Its being agreed to takes the other one back.
    [{ status: 'COMPLETED', result: 'agree', bizAction: 'REVOKE', mainProcessInstanceId: 'm' }, 'withdrawn'],
    [{ status: 'COMPLETED' }, 'open'],
  ])('of %j is %s', async (fields, status) => {
    expect(await statusOf(fields)).toBe(status);
  });

  it('tells form, applicant and its last change', async () => {
    const at = NOW - DAY;
    const made = { id: 'i', code: 'PROC-B', at };
    const context = fakeContext(forms, {
      ...world([made]),
      [getPath]: {
        result: instance(at, {
          finishTime: minute(at + 3_600_000),
          status: 'COMPLETED',
          result: 'agree',
          operationRecords: [{ userId: 'boss', date: minute(at + 60_000), result: 'AGREE' }],
        }),
        success: 'true',
      },
    });
    expect(await tasks.get(context, { externalIds: ['i'], kinds: { i: 'PROC-B' } })).toMatchObject([
      {
        status: 'found',
        record: {
          kind: 'PROC-B',
          title: '张三提交的培训申请',
          applicantExternalId: 'zhang3',
          form: { 课程: 'JS-101', 人员: '["a","b"]' },
          updatedAt: new Date(Math.floor((at + 3_600_000) / 60_000) * 60_000).toISOString(),
        },
      },
    ]);
  });

  it('of which only the id is known has no form; one that was deleted is gone', async () => {
    const made = { id: 'i', code: 'PROC-A', at: NOW - DAY };
    const context = fakeContext(forms, world([made]));
    expect(await tasks.get(context, { externalIds: ['i', 'deleted'] })).toMatchObject([
      { status: 'found', record: { kind: 'unknown' } },
      { externalId: 'deleted', status: 'gone' },
    ]);
    expect(callsOf(context)).toEqual({ [getPath]: 2 });
  });

  it('without a readable time is unknown rather than wrong', async () => {
    expect(await statusOf({ createTime: 'yesterday' })).toBe('unknown');
  });

  it('that may not be read is an error, not a deletion', async () => {
    const context = fakeContext(
      {},
      { [getPath]: new Answer(400, { code: 'needAuth', requestid: 'R', message: 'no' }) },
    );
    await expect(tasks.get(context, { externalIds: ['i'] })).rejects.toMatchObject({
      code: 'permission_denied',
    });
  });
});
