import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReadingApp } from './reading-app.js';

describe('departments', () => {
  let app: ReadingApp;

  beforeAll(async () => {
    app = await ReadingApp.start();
    await app.addPeople([
      { id: 'usr_boss', externalId: 'Boss' },
      { id: 'usr_twin', externalId: 'boss', connectionId: 'con_b' },
    ]);
    await app.addDepartment(['dep_1'], { path: '总部' });
    await app.addDepartment(['dep_1', 'dep_2'], { path: '总部/研发中心', leaders: ['nobody', 'boss'] });
    await app.addDepartment(['dep_1', 'dep_2', 'dep_3'], { path: '总部/研发中心/平台部' });
    await app.addDepartment(['dep_1', 'dep_4'], { status: 'disabled' });
    await app.addDepartment(['dep_5'], { connectionId: 'con_b' });
    await app.query(
      `update departments set code = 'RD', sort_order = 3, external_ids = '[{"type":"department_id","value":"D3"}]',
         created_at = '2026-01-01T00:00:00Z', updated_at = '2026-01-02T00:00:00Z' where id = 'dep_2'`,
    );
  });
  afterAll(() => app.stop());

  it('shows a department as the contract says', async () => {
    const { status, body } = await app.get('/departments/dep_2');
    expect(status).toBe(200);
    expect(body).toEqual({
      id: 'dep_2', connectionId: 'con_a', externalId: 'ext-dep_2', externalIds: [{ type: 'department_id', value: 'D3' }],
      name: '研发中心', code: 'RD', parentId: 'dep_1', order: 3, path: '总部/研发中心', pathIds: ['dep_1', 'dep_2'],
      leaderIds: ['usr_boss'], status: 'active', createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-02T00:00:00.000Z',
      disabledAt: null,
    }); // prettier-ignore
    expect((await app.get('/departments?externalId=ext-dep_2')).body.data).toEqual([body]);
    expect((await app.get('/departments/dep_0')).status).toBe(404);
  });

  it.each([
    ['', ['dep_1', 'dep_2', 'dep_3', 'dep_4', 'dep_5']],
    ['connectionId=con_b', ['dep_5']],
    ['parentId=dep_1', ['dep_2', 'dep_4']],
    ['departmentId=dep_2', ['dep_2', 'dep_3']],
    ['status=disabled', ['dep_4']],
    ['externalId=department_id:D3', ['dep_2']],
    ['updatedSince=2026-01-02T00:00:01Z&departmentId=dep_2', ['dep_3']],
  ])('filters by %s', async (filter, expected) => {
    const { body } = await app.get(`/departments?${filter}`);
    expect((body.data as { id: string }[]).map(({ id }) => id)).toEqual(expected);
    expect(await app.all(`/departments?${filter}`, 1)).toEqual(body.data);
  });

  it('needs the scope', async () => {
    const stranger = await app.client(['connections:read']);
    expect((await stranger.get('/departments')).status).toBe(403);
    expect((await stranger.get('/departments/dep_1')).status).toBe(403);
  });
});
