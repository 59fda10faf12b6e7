import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withConnectionLock } from '../../src/runs/run-lock.js';
import { ReadingApp } from './reading-app.js';

describe('a connection and its people', () => {
  let app: ReadingApp;
  let con: string;
  let number = 0;

  beforeAll(async () => {
    app = await ReadingApp.start();
  });
  afterAll(() => app.stop());

  beforeEach(async () => {
    con = await app.connection();
    const n = ++number;
    await app.addDepartment([`dep_${n}a`], { connectionId: con });
    await app.addDepartment([`dep_${n}b`], { connectionId: con, status: 'disabled' });
    await app.addPeople([
      { id: `usr_${n}a`, connectionId: con, externalId: 'a', departments: [`dep_${n}a`] },
      { id: `usr_${n}b`, connectionId: con, externalId: 'b', status: 'disabled' },
      { id: `usr_${n}c`, connectionId: con, externalId: 'c', status: 'pending' },
      { id: `usr_${n}d`, connectionId: con, externalId: 'd' },
    ]);
    await app.query(`insert into user_records (user_id, raw) values ($1, '{}')`, [`usr_${n}a`]);
    await app.query(
      `insert into directory_changes (connection_id, type, subject_id, after, cause) values ($1, 'user.created', $2, '{"displayName":"x"}', '{}')`,
      [con, `usr_${n}a`],
    );
    await run(`run_${n}a`, 'full', 'success');
    await run(`run_${n}b`, 'events', 'success');
    await run(`run_${n}c`, 'full', 'planned');
    await app.query(`insert into plan_lines (run_id, line, kind, action, external_id, external_key, subject_id)
      values ($1, 1, 'user', 'create', 'z', 'z', 'usr_z')`, [`run_${n}c`]); // prettier-ignore
    await app.query(
      `insert into rejected_records (run_id, kind, record_key, reason) values ($1, 'user', 'k', 'r')`,
      [`run_${n}c`],
    );
    await app.query(`insert into run_walks (run_id, walk) values ($1, 'departments')`, [`run_${n}c`]);
    await app.query(
      `insert into staged_departments (run_id, external_id, new_id, id_only, content, raw) values ($1, '1', 'x', false, '{}', '{}')`,
      [`run_${n}c`],
    );
    await app.query(`insert into staged_users (run_id, external_key, external_id, new_id, id_only, content, memberships, raw)
      values ($1, 'z', 'z', 'usr_z', false, '{}', '{}', '{}')`, [`run_${n}c`]); // prettier-ignore
    await app.query(
      `insert into customers (id, connection_id, external_id, removed_at) values ($1, $3, 'wm1', null), ($2, $3, 'wm2', now())`,
      [`cus_${n}a`, `cus_${n}b`, con],
    );
    await app.query(
      `insert into staged_customers (run_id, external_id, new_id, name_told, raw) values ($1, 'wm3', 'x', false, '{}')`,
      [`run_${n}c`],
    );
  });

  const run = (id: string, mode: string, status: string) =>
    app.query(
      `insert into runs (id, connection_id, kind, mode, status, cause, counts) values ($1, $2, 'directory', $3, $4, '{}', '{"users":{"created":4}}')`,
      [id, con, mode, status],
    );
  const remove = (people: string) =>
    app.fixture.call('DELETE', `/api/v1/connections/${con}?people=${people}`);
  /** Rows of the connection that are left, by table. */
  const left = async () => {
    const tables = {
      users: 'connection_id = $1', departments: 'connection_id = $1', runs: 'connection_id = $1', directory_changes: 'connection_id = $1',
      memberships: 'user_id like $2', user_records: 'user_id like $2', plan_lines: 'run_id like $3', rejected_records: 'run_id like $3',
      run_walks: 'run_id like $3', staged_departments: 'run_id like $3', staged_users: 'run_id like $3',
      customers: 'connection_id = $1', staged_customers: 'run_id like $3',
    }; // prettier-ignore
    const counts = Object.entries(tables).map(
      ([name, of]) => `'${name}', (select count(*) from ${name} where ${of})`,
    );
    const [row] = await app.query<{ counts: Record<string, number> }>(
      `select jsonb_build_object(${counts.join(', ')}) as counts from (select $1::text, $2::text, $3::text) given`,
      [con, `usr_${number}_`, `run_${number}_`],
    );
    return row!.counts;
  };

  it('counts people, departments, and shows the last sync', async () => {
    const { body } = await app.get(`/connections/${con}/stats`);
    expect(body).toMatchObject({ users: { active: 2, pending: 1, disabled: 1 }, departments: 1 });
    expect(body.lastRun).toMatchObject({
      id: `run_${number}c`,
      connectionId: con,
      mode: 'full',
      status: 'planned',
      finishedAt: null,
    });
    expect(body.lastRun.counts.users.created).toBe(4);
    const empty = await app.get(`/connections/${await app.connection()}/stats`);
    expect(empty.body).toMatchObject({
      users: { active: 0, pending: 0, disabled: 0 },
      departments: 0,
      lastRun: null,
    });
  });

  it('keep: everybody stays as they are; no run goes on', async () => {
    const before = await left();
    expect((await app.fixture.call('DELETE', `/api/v1/connections/${con}`)).status).toBe(400);
    expect((await remove('keep')).status).toBe(204);
    expect(await left()).toEqual(before);
    expect((await app.get(`/users?connectionId=${con}`)).body.data).toHaveLength(4);
    expect((await app.get(`/users/usr_${number}a`)).body.status).toBe('active');
    const runs = await app.query<{ status: string }>(
      `select status from runs where connection_id = $1 order by id`,
      [con],
    );
    expect(runs.map(({ status }) => status)).toEqual(['success', 'success', 'canceled']);
  });

  it('erase: nothing is left but word that they are gone; others stay', async () => {
    const { body: start } = await app.get('/users?limit=1');
    const [others] = await app.query<{ count: string }>(
      `select count(*) from users where connection_id <> $1`,
      [con],
    );
    expect((await remove('erase')).status).toBe(204);
    expect(await left()).toEqual({
      users: 0, departments: 0, runs: 0, directory_changes: 6, memberships: 0, user_records: 0, plan_lines: 0,
      rejected_records: 0, run_walks: 0, staged_departments: 0, staged_users: 0,
      customers: 0, staged_customers: 0,
    }); // prettier-ignore
    const { body } = await app.get(`/directory/changes?connectionId=${con}&cursor=${start.feedCursor}`);
    const removed = ['a', 'b', 'c', 'd'].map((letter) => ['user.removed', `usr_${number}${letter}`]);
    expect(
      body.data.map((change: { type: string; subject: { id: string } }) => [change.type, change.subject.id]),
    ).toEqual([...removed, ['department.removed', `dep_${number}a`], ['customer.removed', `cus_${number}a`]]);
    expect(body.data[0]).toMatchObject({
      subject: { kind: 'user', externalId: null, connectionId: con },
      after: { id: `usr_${number}a`, connectionId: con },
      cause: { deletedConnectionId: con },
    });
    expect(body.data[0]).not.toHaveProperty('before');
    expect(await app.query(`select count(*) from users`)).toEqual([others]);
  });

  it('is not deleted under a run that is at work', async () => {
    const before = await left();
    const held = await withConnectionLock(app.dataSource, con, { signal: new AbortController().signal }, () =>
      remove('erase'),
    );
    expect(held).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(await left()).toEqual(before);
    expect((await app.get(`/connections/${con}`)).status).toBe(200);
    expect((await remove('erase')).status).toBe(204);
  });
});
