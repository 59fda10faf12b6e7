import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockChangeFeed } from '../../src/sync/apply/change-feed.js';
import { ReadingApp } from './reading-app.js';

const ADD = `insert into directory_changes (connection_id, type, subject_id, before, after, cause)
  values ($1, $2, $3, $4::jsonb, $5::jsonb, '{"runId":"run_1"}') returning sequence`;

describe('the change feed', () => {
  let app: ReadingApp;

  const add = async (
    connectionId: string,
    subject: string,
    more: { type?: string; before?: object; after?: object } = {},
  ) => {
    const { type = 'user.updated', before = null, after = {} } = more;
    const record = { id: subject, connectionId, externalId: `Ext-${subject}`, ...after };
    const [row] = await app.query<{ sequence: string }>(ADD, [
      connectionId, type, subject, before && JSON.stringify(before), JSON.stringify(record),
    ]); // prettier-ignore
    return Number(row!.sequence);
  };
  const page = async (query: string) => (await app.get(`/directory/changes?${query}`)).body;

  beforeAll(async () => {
    app = await ReadingApp.start();
  });
  afterAll(() => app.stop());

  it('can be followed from nothing to the end and on', async () => {
    expect(await page('')).toEqual({ data: [], nextCursor: null });
    const first = await add('con_a', 'usr_1', { type: 'user.created', after: { displayName: '张三' } });
    const second = await add('con_a', 'usr_1', {
      before: { displayName: '张三' },
      after: { displayName: '张三丰' },
    });
    const third = await add('con_b', 'dep_1', { type: 'department.removed', before: { status: 'active' } });
    const start = await page('limit=2');
    expect(start.data).toEqual([
      {
        sequence: first, type: 'user.created', subject: { kind: 'user', id: 'usr_1', externalId: 'Ext-usr_1', connectionId: 'con_a' },
        after: { id: 'usr_1', connectionId: 'con_a', externalId: 'Ext-usr_1', displayName: '张三' },
        at: expect.stringMatching(/^\d{4}-.*Z$/), cause: { runId: 'run_1' },
      },
      expect.objectContaining({ sequence: second, type: 'user.updated', before: { displayName: '张三' } }),
    ]); // prettier-ignore
    const next = await page(`cursor=${start.nextCursor}`);
    expect(next.data).toEqual([
      expect.objectContaining({
        sequence: third,
        subject: expect.objectContaining({ kind: 'department', id: 'dep_1' }),
      }),
    ]);
    const end = await page(`cursor=${next.nextCursor}`);
    expect(end).toEqual({ data: [], nextCursor: next.nextCursor });
    const fourth = await add('con_a', 'usr_2');
    expect(
      (await page(`cursor=${end.nextCursor}`)).data.map((change: { sequence: number }) => change.sequence),
    ).toEqual([fourth]);
  });

  it('keeps to a connection, and one cursor serves them all', async () => {
    const from = (await page('limit=1000')).nextCursor as string;
    const mine: number[] = [];
    for (let n = 0; n < 5; n++) {
      mine.push(await add('con_m', `usr_${n}`));
      await add('con_n', `usr_${n}`);
    }
    const read: number[] = [];
    for (let cursor = from; ;) {
      const { data, nextCursor } = await page(`connectionId=con_m&limit=2&cursor=${cursor}`);
      if (data.length === 0) break;
      read.push(...data.map((change: { sequence: number }) => change.sequence));
      cursor = nextCursor;
    }
    expect(read).toEqual(mine);
    const one = await page(`subjectId=usr_3&cursor=${from}`);
    expect(
      one.data.map((change: { subject: { connectionId: string } }) => change.subject.connectionId),
    ).toEqual(['con_m', 'con_n']);
    expect((await page(`subjectId=usr_3&connectionId=con_n&cursor=${from}`)).data).toEqual([one.data[1]]);
    expect((await page(`cursor=${from}`)).data).toHaveLength(10);
    expect((await page(`connectionId=con_nowhere`)).nextCursor).toBeNull();
    expect((await page(`connectionId=con_nowhere&cursor=${from}`)).nextCursor).toBe(from);
  });

  it('hides phone numbers and addresses in both states from those who may not see them', async () => {
    const from = (await page('limit=1000')).nextCursor as string;
    const contacts = { mobile: '+8613800000001', workEmail: 'new@example.com' };
    await add('con_c', 'usr_1', {
      before: { mobile: '+8613800000000', workEmail: 'old@example.com', jobTitle: 'x' },
      after: contacts,
    });
    await add('con_c', 'dep_1', { type: 'department.updated', before: { name: 'A' }, after: { name: 'B' } });
    const reader = await app.client(['directory:read']);
    const hidden = await reader.get(`/directory/changes?cursor=${from}`);
    expect(hidden.body.data[0]).toMatchObject({
      before: { jobTitle: 'x' },
      after: { mobile: null, workEmail: null },
    });
    expect(Object.keys(hidden.body.data[0].before)).toEqual(['jobTitle']);
    expect(hidden.text).not.toMatch(/@example|\+86/);
    expect(Object.keys(hidden.body.data[1].after)).not.toContain('mobile');
    const trusted = await app.client(['directory:read', 'directory:contact']);
    const shown = (await trusted.get(`/directory/changes?cursor=${from}`)).body.data[0];
    expect(shown).toMatchObject({
      before: { mobile: '+8613800000000', workEmail: 'old@example.com' },
      after: contacts,
    });
  });

  it('shows a client only the connections it is limited to, in the order of the whole', async () => {
    const [own, second, other] = [await app.connection(), await app.connection(), await app.connection()];
    const sequences: number[] = [];
    for (const connection of [own, other, second, own, other, second]) {
      const sequence = await add(connection, 'usr_1');
      if (connection !== other) sequences.push(sequence);
    }
    const client = await app.client(['directory:read'], [second, own]);
    const read: number[] = [];
    for (let cursor = ''; ;) {
      const { body } = await client.get(`/directory/changes?limit=1${cursor && `&cursor=${cursor}`}`);
      if (body.data.length === 0) break;
      read.push(body.data[0].sequence as number);
      cursor = body.nextCursor as string;
    }
    expect(read).toEqual(sequences);
    expect((await client.get(`/directory/changes?connectionId=${other}`)).body.data).toEqual([]);
    expect((await client.get(`/directory/changes?subjectId=usr_1`)).body.data).toHaveLength(sequences.length);
  });

  it('refuses a cursor of another list, a made up one, and pages over 1,000', async () => {
    await app.addPeople([{ id: 'usr_1' }, { id: 'usr_2' }]);
    const { body: users } = await app.get('/users?limit=1');
    for (const cursor of [users.nextCursor, 'nonsense']) {
      const { status, body } = await app.get(`/directory/changes?cursor=${cursor}`);
      expect([status, body.code]).toEqual([400, 'invalid_cursor']);
    }
    for (const limit of [0, 1001])
      expect((await app.get(`/directory/changes?limit=${limit}`)).status).toBe(400);
    expect((await app.get('/directory/changes?limit=1000')).status).toBe(200);
    expect((await app.get('/directory/changes?type=x')).status).toBe(400);
  });

  it('begins where the first page of users was read: what is committed later comes, in the order of commits', async () => {
    const slow = app.dataSource.createQueryRunner();
    await slow.connect();
    try {
      const before = await add('con_f', 'usr_before');
      // It has its place in the middle of the list before it is committed, and its sequence number under the lock.
      await slow.startTransaction();
      await slow.query(
        `insert into users (id, person_id, connection_id, external_key, external_id, status) values ('usr_1a', 'per_1', 'con_f', 'x', 'x', 'active')`,
      );
      await lockChangeFeed(slow.manager);
      await slow.query(ADD, ['con_f', 'user.created', 'usr_1a', null, '{"id":"usr_1a"}']);
      const rival = app.dataSource.transaction(async (manager) => {
        await lockChangeFeed(manager);
        await manager.query(ADD, ['con_f', 'user.updated', 'usr_2', null, '{"id":"usr_2"}']);
      });
      const first = await app.get('/users?limit=1');
      expect(first.body.feedCursor).toEqual(expect.any(String));
      await slow.commitTransaction();
      await rival;
      const second = await app.get(`/users?limit=1&cursor=${first.body.nextCursor}`);
      expect(second.body).not.toHaveProperty('feedCursor');
      const { data } = await page(`connectionId=con_f&cursor=${first.body.feedCursor}`);
      expect(data.map((change: { subject: { id: string } }) => change.subject.id)).toEqual([
        'usr_1a',
        'usr_2',
      ]);
      expect(data[0].sequence).toBeGreaterThan(before);
    } finally {
      await slow.release();
    }
  });

  it('has a beginning to follow from even when there is nobody yet', async () => {
    const { body } = await app.get('/users?connectionId=con_empty');
    expect(body).toEqual({ data: [], nextCursor: null, feedCursor: expect.any(String) });
    const sequence = await add('con_empty', 'usr_9');
    const { data } = await page(`cursor=${body.feedCursor}`);
    expect(data.map((change: { sequence: number }) => change.sequence)).toEqual([sequence]);
  });
});
