import { createTestDatabase, type TestDatabase } from '@trainbridge/persistence/testing';
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createDataSource, runMigrations } from '../src/data-source.js';
import { MIGRATIONS } from '../src/migrations/index.js';
import { moveDatabase } from '../src/move/move-database.js';

/** An older server than the embedded one, as a deployer may run: that is the move that has to work. */
const OTHER_SERVER =
  process.env.TRAINBRIDGE_TEST_OTHER_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const refusal = await onOtherServer('select 1').then(
  () => null,
  (error: Error) => error.message,
);
const notReachable = `no other PostgreSQL to move to at ${new URL(OTHER_SERVER).host}: ${refusal}`;
if (refusal !== null && process.env.CI !== 'true') console.warn(`skipped: ${notReachable}`);

/** What our tables have and more: references both ways, identity, generated columns, triggers, rows made by a migration. */
class Everything implements MigrationInterface {
  readonly name = 'Everything0000000009001';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table "a first" (id bigint generated always as identity primary key, partner int, note text,
        length int generated always as (char_length(note)) stored, data jsonb, tags text[], raw bytea, ratio double precision,
        at timestamptz, unique (note));
      create table second (id serial primary key, partner bigint not null references "a first" on delete cascade);
      alter table "a first" add foreign key (partner) references second;
      insert into second (id, partner) select 1, 1 where false;
      create table seeded (word text primary key);
      insert into seeded values ('made by the migration');
      create table parted (id int not null, body text) partition by range (id);
      create table parted_low partition of parted for values from (0) to (10);
      create table parted_high partition of parted for values from (10) to (maxvalue);
      create function shout() returns trigger language plpgsql as $$ begin new.word := upper(new.word); return new; end $$;
      create trigger shout before insert on seeded for each row execute function shout()`);
  }

  async down(): Promise<void> {}
}
const EVERYTHING = [...MIGRATIONS, Everything];

describe('moveDatabase', () => {
  let source: TestDatabase;
  const targets: string[] = [];

  beforeAll(async () => {
    source = await createTestDatabase();
    const dataSource = createDataSource(source.url, { migrations: EVERYTHING, poolSize: 1 });
    await dataSource.initialize();
    await runMigrations(dataSource);
    await dataSource.destroy();
    await source.dataSource.query(`
      insert into outgoing_events (id, type, data, occurred_at)
      select tb_id('evt'), 'course.completed', jsonb_build_object('姓名', '王' || n, 'odd', E'tab\\t line\\n back\\\\ "quote" \\\\N'), now() from generate_series(1, 20000) n`);
    await source.dataSource.query(`
      alter table "a first" drop constraint "a first_partner_fkey";
      insert into "a first" (partner, note, data, tags, raw, ratio, at)
      select n, case when n % 10 > 0 then E'\\\\N ' || n || E'\\r\\n' end, '{"n": 1e400}', array['x,y', null, '"'], '\\x00ff', 1 / 3.0, 'infinity' from generate_series(1, 500) n;
      insert into second (partner) select n from generate_series(1, 500) n;
      alter table "a first" add foreign key (partner) references second;
      delete from "a first" where id > 490;
      insert into parted select n, 'body ' || n from generate_series(1, 50) n`);
  });
  afterAll(() => source.drop());
  afterEach(async () => {
    for (const name of targets.splice(0)) await onOtherServer(`drop database ${name} with (force)`);
  });

  async function newTarget(setUp?: string): Promise<string> {
    if (refusal !== null) throw new Error(notReachable);
    const name = `tb_move_${process.pid}_${randomBytes(4).toString('hex')}`;
    await onOtherServer(`create database ${name} encoding 'UTF8' template template0`);
    targets.push(name);
    const url = new URL(OTHER_SERVER);
    url.pathname = `/${name}`;
    if (setUp !== undefined) await query(url.toString(), setUp);
    return url.toString();
  }

  // With CI=true a missing server is a failure, not a skip.
  const onTheOther = it.skipIf(refusal !== null && process.env.CI !== 'true');

  onTheOther('moves every row to an older server, which goes on where the source stopped', async () => {
    const to = await newTarget();
    const progress: string[] = [];
    const before = await query(source.url, FINGERPRINT);
    const { tables } = await moveDatabase({
      from: source.url,
      to,
      migrations: EVERYTHING,
      onProgress: ({ table, rows }) => progress.push(`${table} ${rows}`),
    });
    expect(Object.fromEntries(tables.map(({ table, rows }) => [table, rows]))).toMatchObject({
      'public.outgoing_events': 20_000,
      'public."a first"': 490,
      'public.second': 490,
      'public.parted': 50,
      'public.seeded': 1,
    });
    expect(progress).toContain('public.outgoing_events 20000');
    expect(await query(to, FINGERPRINT)).toEqual(before);
    expect(await query(source.url, FINGERPRINT)).toEqual(before);
    expect(await query(to, `insert into "a first" (note) values ('next') returning id, length`)).toEqual([
      { id: '501', length: 4 },
    ]);
    expect(await query(to, `insert into second (partner) values (501) returning id`)).toEqual([{ id: 501 }]);
    await expect(query(to, 'insert into second (partner) values (9999)')).rejects.toThrow(/foreign key/);
    expect(await query(to, `insert into seeded values ('trigger') returning word`)).toEqual([
      { word: 'TRIGGER' },
    ]);
    const dataSource = createDataSource(to, { migrations: EVERYTHING, poolSize: 1 });
    await dataSource.initialize();
    expect(await runMigrations(dataSource)).toEqual([]);
    await dataSource.destroy();
  });

  onTheOther('refuses a target that holds anything, and leaves it as it was', async () => {
    const foreign = await newTarget('create table theirs (id int)');
    await expect(moveDatabase({ from: source.url, to: foreign, migrations: EVERYTHING })).rejects.toThrow(
      /not empty.*public\.theirs/,
    );
    expect(
      await query(foreign, `select count(*)::int as n from pg_tables where schemaname = 'public'`),
    ).toEqual([{ n: 1 }]);
    const used = await newTarget();
    await moveDatabase({ from: source.url, to: used, migrations: EVERYTHING });
    await expect(moveDatabase({ from: source.url, to: used, migrations: EVERYTHING })).rejects.toThrow(
      /not empty/,
    );
  });

  onTheOther('leaves nothing in the target when it cannot finish', async () => {
    const to = await newTarget();
    class Poisoned extends Everything {
      override async up(queryRunner: QueryRunner): Promise<void> {
        await super.up(queryRunner);
        await queryRunner.query(`alter table second add check (id < 400)`);
      }
    }
    const moving = moveDatabase({ from: source.url, to, migrations: [...MIGRATIONS, Poisoned] });
    await expect(moving).rejects.toThrow(/check constraint/);
    expect(await query(to, 'select count(*)::int as n from outgoing_events')).toEqual([{ n: 0 }]);
  });

  it('refuses a source whose schema is of another version', async () => {
    const other = await createTestDatabase();
    try {
      await expect(moveDatabase({ from: source.url, to: other.url })).rejects.toThrow(/another version/);
    } finally {
      await other.drop();
    }
  });
});

const FINGERPRINT = `
  select 'first' as table, md5(string_agg(t::text, '|' order by t.id)) from "a first" t union all
  select 'second', md5(string_agg(t::text, '|' order by t.id)) from second t union all
  select 'parted', md5(string_agg(t::text, '|' order by t.id)) from parted t union all
  select 'seeded', md5(string_agg(t::text, '|' order by t.word)) from seeded t union all
  select 'events', md5(string_agg(t::text, '|' order by t.id)) from outgoing_events t`;

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  await client.connect();
  try {
    await client.query(`set timezone = 'UTC'`);
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

function onOtherServer(sql: string): Promise<unknown> {
  return query(OTHER_SERVER, sql);
}
