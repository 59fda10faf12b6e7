import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DirectoryReader } from '../../src/read/index.js';
import { ReadingApp } from './reading-app.js';

describe('reading customers', () => {
  let app: ReadingApp;
  const add = (id: string, connection: string, externalId: string, more: object = {}) =>
    app.query(
      `insert into customers (id, connection_id, external_id, display_name, external_ids, owner_external_ids, owner_user_ids, tags, removed_at, updated_at)
       select $1, $2, $3, $1, coalesce(m."externalIds", '[]'), coalesce(m.owners, '{}'), coalesce(m."ownerIds", '{}'),
         coalesce(m.tags, '[]'), m."removedAt", coalesce(m."updatedAt", '2026-01-01T00:00:00Z')
       from jsonb_to_record($4::jsonb) as m("externalIds" jsonb, owners text[], "ownerIds" text[], tags jsonb,
         "removedAt" timestamptz, "updatedAt" timestamptz)`,
      [id, connection, externalId, JSON.stringify(more)],
    );
  const ids = async (query: string): Promise<string[]> =>
    (await app.get(`/customers?${query}`)).body.data.map(({ id }: { id: string }) => id);

  beforeAll(async () => {
    app = await ReadingApp.start();
    await add('cus_1', 'con_a', 'wmAbc', {
      externalIds: [{ type: 'unionid', value: 'u1' }],
      owners: ['p1', 'p9'],
      ownerIds: ['usr_1'],
      tags: [{ id: 't1', name: '经销商', group: '类型' }],
    });
    await add('cus_2', 'con_a', 'wmabc', { ownerIds: ['usr_2'], updatedAt: '2026-06-01T00:00:00Z' });
    await add('cus_3', 'con_b', 'wmAbc');
    await add('cus_4', 'con_a', 'gone', { removedAt: '2026-06-01T00:00:00Z' });
    await add('cus_5', 'con_a', 'twin1', { externalIds: [{ type: 'phone', value: '1' }] });
    await add('cus_6', 'con_a', 'twin2', { externalIds: [{ type: 'phone', value: '1' }] });
  });
  afterAll(() => app.stop());

  it('shows a customer as the contract says', async () => {
    const { body } = await app.get('/customers/cus_1');
    expect(body).toEqual({
      id: 'cus_1',
      connectionId: 'con_a',
      externalId: 'wmAbc',
      externalIds: [{ type: 'unionid', value: 'u1' }],
      displayName: 'cus_1',
      ownerUserIds: ['usr_1'],
      tags: [{ id: 't1', name: '经销商', group: '类型' }],
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: '2026-01-01T00:00:00.000Z',
    });
    expect((await app.get('/customers/cus_4')).status).toBe(404);
    expect((await app.get('/customers/cus_none')).status).toBe(404);
  });

  it('filters, and pages through all', async () => {
    expect(await ids('')).toEqual(['cus_1', 'cus_2', 'cus_3', 'cus_5', 'cus_6']);
    expect(await ids('connectionId=con_b')).toEqual(['cus_3']);
    expect(await ids('externalId=wmAbc')).toEqual(['cus_1', 'cus_3']);
    expect(await ids('externalId=unionid:u1')).toEqual(['cus_1']);
    expect(await ids('ownerUserId=usr_2')).toEqual(['cus_2']);
    expect(await ids('tagId=t1')).toEqual(['cus_1']);
    expect(await ids('updatedSince=2026-05-01T00:00:00Z')).toEqual(['cus_2']);
    const first = (await app.get('/customers?limit=3')).body;
    const second = (await app.get(`/customers?limit=3&cursor=${encodeURIComponent(first.nextCursor)}`)).body;
    expect([...first.data, ...second.data].map(({ id }: { id: string }) => id)).toHaveLength(5);
    expect(second.nextCursor).toBeNull();
  });

  it('resolves references, and never guesses', async () => {
    const reader = app.fixture.app.get(DirectoryReader);
    const references = [
      { customerId: 'cus_4' },
      { connectionId: 'con_a', externalId: 'wmabc' },
      { connectionId: 'con_a', externalId: 'unionid:u1' },
      { connectionId: 'con_b', externalId: 'unionid:u1' },
      { connectionId: 'con_a', externalId: 'phone:1' },
      { customerId: 'cus_none' },
    ];
    const found = await reader.resolveCustomers(app.dataSource.manager, references);
    expect(found.map((one) => one?.customerId)).toEqual([
      'cus_4', 'cus_2', 'cus_1', undefined, undefined, undefined,
    ]); // prettier-ignore
    const seen = await reader.resolveCustomers(app.dataSource.manager, [{ customerId: 'cus_3' }], ['con_a']);
    expect(seen).toEqual([null]);
    expect(await reader.customersById(app.dataSource.manager, ['cus_1', 'cus_4'])).toEqual([
      expect.objectContaining({ id: 'cus_1', ownerExternalIds: ['p1', 'p9'], exists: true }),
      expect.objectContaining({ id: 'cus_4', exists: false }),
    ]);
  });
});
