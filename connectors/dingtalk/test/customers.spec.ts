import { describe, expect, it } from 'vitest';
import type { CustomerRecord, JsonObject, Page } from '@trainbridge/connector-kit';
import { customers } from '../src/customers.js';
import { bodyOf, callsOf, fakeContext, wrapped, type Answers } from './fake-context.js';

const contact = (index: number, label_ids: number[] = []): JsonObject => ({
  userid: `ext${index}`,
  name: `客户${index}`,
  follower_user_id: 'sales1',
  label_ids,
  company_name: 'ACME',
  state_code: '86',
  mobile: '13800000000',
});

const labels: Answers = {
  'POST /topapi/extcontact/listlabelgroups': {
    errcode: 0,
    results: [
      {
        name: '等级',
        color: -1,
        labels: [
          { id: 7, name: '重要' },
          { id: 8, name: '普通' },
        ],
      },
    ],
  },
};

function listing(people: JsonObject[]): Answers {
  return {
    ...labels,
    'POST /topapi/extcontact/list': (request) => {
      const { offset, size } = bodyOf(request) as { offset: number; size: number };
      return { errcode: 0, results: people.slice(offset, offset + size) };
    },
  };
}

async function all(context: ReturnType<typeof fakeContext>): Promise<CustomerRecord[]> {
  const items: CustomerRecord[] = [];
  let cursor: string | null = null;
  do {
    const page = (await customers.list?.(context, { cursor })) as Page<CustomerRecord>;
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== null);
  return items;
}

describe('external contacts', () => {
  it('are listed until a page is not full, with owner and named labels', async () => {
    const people = Array.from({ length: 230 }, (_, index) => contact(index, index === 0 ? [7, 99] : []));
    const context = fakeContext({}, listing(people));
    const items = await all(context);
    expect(items).toHaveLength(230);
    expect(items[0]).toMatchObject({
      externalId: 'ext0',
      displayName: '客户0',
      ownerExternalIds: ['sales1'],
      tags: [
        { id: '7', name: '重要', group: '等级' },
        // A label nobody can name any more is still a label.
        { id: '99', name: '99' },
      ],
    });
    expect(items[1]?.tags).toEqual([]);
    expect(callsOf(context)).toEqual({
      'POST /topapi/extcontact/list': 3,
      // Only where somebody has one.
      'POST /topapi/extcontact/listlabelgroups': 1,
    });
  });

  it('of a full last page take one more call, and of none one', async () => {
    const full = fakeContext({}, listing(Array.from({ length: 100 }, (_, index) => contact(index))));
    expect(await all(full)).toHaveLength(100);
    expect(callsOf(full)['POST /topapi/extcontact/list']).toBe(2);
    const none = fakeContext({}, listing([]));
    expect(await all(none)).toEqual([]);
  });

  it('a platform that sends one page for ever is stopped', async () => {
    const page = Array.from({ length: 100 }, (_, index) => contact(index));
    const context = fakeContext({}, { 'POST /topapi/extcontact/list': { errcode: 0, results: page } });
    await expect(all(context)).rejects.toMatchObject({ code: 'bad_response' });
    expect(context.requests).toHaveLength(2);
  });

  it('one that cannot be read is set aside, the others are not', async () => {
    const context = fakeContext({}, listing([contact(1), { name: 'nobody' }, contact(2)]));
    const page = (await customers.list?.(context, { cursor: null })) as Page<CustomerRecord>;
    expect(page.items).toHaveLength(2);
    expect(page.rejected).toMatchObject([{ externalId: null, raw: { name: 'nobody' } }]);
  });

  it.each([[{ errcode: 0 }], [{ errcode: 0, result: [] }], [{ errcode: 0, results: {} }]])(
    'an answer without the list is not an empty list: %j',
    async (body: JsonObject) => {
      const context = fakeContext({}, { 'POST /topapi/extcontact/list': body });
      await expect(all(context)).rejects.toMatchObject({ code: 'bad_response' });
    },
  );

  it('a foreign cursor starts the walk anew', async () => {
    await expect(customers.list?.(fakeContext(), { cursor: 'x' })).rejects.toMatchObject({
      code: 'cursor_expired',
    });
  });

  it('are looked up by id: found with labels, gone, refused', async () => {
    const context = fakeContext(
      {},
      {
        ...labels,
        'POST /topapi/extcontact/get': (request): JsonObject => {
          const { user_id } = bodyOf(request);
          if (user_id === 'ext1') return { errcode: 0, result: { ...contact(1, [8]), user_id: 'ext1' } };
          if (user_id === 'bare') return { errcode: 0, result: { userid: 'bare', name: 'B' } };
          return user_id === 'gone' ? wrapped('60121') : wrapped('40003');
        },
      },
    );
    const found = await customers.get(context, { externalIds: ['ext1', 'gone', 'bad', 'bare'] });
    expect(found).toMatchObject([
      { status: 'found', record: { tags: [{ id: '8', name: '普通', group: '等级' }] } },
      { status: 'gone' },
      { status: 'gone' },
      // Whose labels are not told, nobody says that they have none.
      {
        status: 'found',
        record: { externalId: 'bare', displayName: 'B', raw: { userid: 'bare', name: 'B' } },
      },
    ]);
    expect(found[3]).not.toHaveProperty('record.tags');
    const closed = fakeContext({}, { 'POST /topapi/extcontact/get': wrapped('60205') });
    await expect(customers.get(closed, { externalIds: ['a'] })).rejects.toMatchObject({
      code: 'permission_denied',
      data: { advice: { en: expect.stringContaining('not enabled') as string } },
    });
  });
});
