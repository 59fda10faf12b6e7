import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The directory: what is known of departments and people, the feed of their changes, runs and plans, and the place where
 * a run gathers what a platform says before anything is decided.
 */
export class Directory implements MigrationInterface {
  readonly name = 'Directory0000000000004';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of [...RECORDS, ...RUNS, ...STAGING]) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop table staged_users, staged_departments, run_walks`);
    await queryRunner.query(`drop function tb_merge_record(jsonb, jsonb)`);
    await queryRunner.query(`drop function tb_merge_memberships(jsonb, jsonb)`);
    await queryRunner.query(`drop table rejected_records, plan_lines, runs`);
    await queryRunner.query(`drop table directory_changes, user_records, memberships, users, departments`);
  }
}

/*
 * No foreign keys between these tables: the engine writes them in sets of thousands in one transaction, in an order of
 * its own (a parent or manager may come later than its child), and per-row checks would double the cost of a first sync.
 */
const RECORDS = [
  `create table departments (
    id text primary key,
    connection_id text not null,
    external_id text not null,
    external_ids jsonb not null default '[]',
    name text,
    code text,
    parent_external_id text,
    parent_id text,
    sort_order double precision,
    path_ids text[] not null default '{}',
    path text not null default '',
    leader_keys text[] not null default '{}',
    status text not null check (status in ('active', 'disabled')),
    content_hash text,
    raw jsonb,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    disabled_at timestamptz,
    unique (connection_id, external_id)
  )`,
  // path, path_ids: names and ids from the root down, kept by the engine; following an ancestor's change is no change of
  // the department itself.
  `create index departments_parent on departments (parent_id) where parent_id is not null`,
  // external_key: the external id without case, which is how platforms compare ids; external_id is kept as given.
  // content_hash: of what the platform said last; null forces the next read to be looked at.
  // unresolved: names a manager or department that is not known (yet); the next plan that brings one looks again.
  `create table users (
    id text primary key,
    person_id text not null,
    connection_id text not null,
    external_key text collate "C" not null,
    external_id text not null,
    external_ids jsonb not null default '[]',
    employee_number text,
    display_name text,
    work_email text,
    mobile text,
    job_title text,
    manager_external_id text,
    manager_id text,
    status text not null check (status in ('active', 'pending', 'disabled')),
    avatar_url text,
    custom_fields jsonb not null default '{}',
    withheld_fields text[] not null default '{}',
    content_hash text,
    unresolved boolean not null default false,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    disabled_at timestamptz,
    disabled_reason text,
    unique (connection_id, external_key)
  )`,
  `create index users_employee_number on users (employee_number) where employee_number is not null`,
  `create index users_updated on users (updated_at)`,
  `create index users_external_ids on users using gin (external_ids jsonb_path_ops) where external_ids <> '[]'`,
  `create index users_unresolved on users (connection_id) where unresolved`,
  `create index users_person on users (person_id)`,
  `create table memberships (
    user_id text not null,
    department_id text not null,
    is_primary boolean not null default false,
    is_leader boolean not null default false,
    sort_order double precision,
    source text not null default 'connection' check (source in ('connection', 'local')),
    primary key (user_id, department_id, source)
  )`,
  `create index memberships_department on memberships (department_id)`,
  // The platform's own record of each person, apart from users so that lists stay narrow.
  `create table user_records (user_id text primary key, raw jsonb not null, read_at timestamptz not null default now())`,
  // Rows are added under one advisory lock held until commit (change-feed.ts), so sequence order is commit order.
  `create table directory_changes (
    sequence bigint generated always as identity primary key,
    connection_id text not null,
    type text not null,
    subject_id text not null,
    before jsonb,
    after jsonb not null,
    at timestamptz not null default now(),
    cause jsonb not null
  )`,
  `create index directory_changes_connection on directory_changes (connection_id, sequence)`,
  `create index directory_changes_subject on directory_changes (subject_id, sequence)`,
  `create index directory_changes_disabled on directory_changes (connection_id, at) where type = 'user.disabled'`,
];

const RUNS = [
  // attempt: raised by whoever takes the run over and named by each of its transactions, so a process that slept
  // through its replacement cannot write any more.
  `create table runs (
    id text primary key,
    connection_id text not null,
    kind text not null,
    mode text not null,
    dry_run boolean not null default false,
    status text not null,
    phase text not null default 'fetch',
    attempt int not null default 0,
    settings jsonb not null default '{}',
    grants jsonb,
    counts jsonb not null default '{}',
    progress jsonb not null default '{}',
    notes jsonb not null default '{}',
    error jsonb,
    cause jsonb not null,
    planned_lines int not null default 0,
    applied_line int not null default 0,
    requested_by text,
    approved_by text,
    approved_at timestamptz,
    created_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz,
    updated_at timestamptz not null default now()
  )`,
  // Small runs made of events take turns with the others by the advisory lock alone.
  `create unique index runs_one_at_a_time on runs (connection_id)
    where status in ('queued', 'running') and mode <> 'events'`,
  `create index runs_connection on runs (connection_id, id)`,
  `create index runs_open on runs (status) where status in ('queued', 'running', 'planned', 'blocked')`,
  // Thin on purpose: who, what, and the hashes on both sides. Field values are joined from the records when asked for;
  // only a run that applies nothing (reconcile) keeps them in details.
  `create table plan_lines (
    run_id text not null,
    line int not null,
    kind text not null,
    action text not null,
    external_id text not null,
    external_key text collate "C" not null,
    subject_id text not null,
    base_hash text,
    staged_hash text,
    reason text,
    moved boolean not null default false,
    changed text[],
    details jsonb,
    primary key (run_id, line)
  )`,
  `create table rejected_records (
    run_id text not null,
    number int generated always as identity,
    kind text not null,
    record_key text not null,
    external_id text,
    reason text not null,
    raw jsonb,
    at timestamptz not null default now(),
    primary key (run_id, kind, record_key)
  )`,
];

/*
 * Unlogged, all three together: they are rewritten by every run and never the record of anything. Killing the host
 * leaves them as they were, and the run goes on from its cursors. A crash of PostgreSQL itself empties every unlogged
 * table; because the walks' progress is lost with the records it stands for, a run can never believe that it has read
 * what is no longer there: it finds no walks and reads again.
 */
const STAGING = [
  `create unlogged table run_walks (
    run_id text not null,
    walk text not null,
    cursor text,
    pages int not null default 0,
    records int not null default 0,
    done boolean not null default false,
    error jsonb,
    primary key (run_id, walk)
  )`,
  `create unlogged table staged_departments (
    run_id text not null,
    external_id text not null,
    new_id text not null,
    id_only boolean not null,
    gone text,
    content jsonb not null,
    parent_external_id text,
    raw jsonb not null,
    content_hash text generated always as
      (md5(external_id || chr(31) || coalesce(parent_external_id, chr(30)) || chr(31) || content::text)) stored,
    primary key (run_id, external_id)
  )`,
  `create unlogged table staged_users (
    run_id text not null,
    external_key text collate "C" not null,
    external_id text not null,
    new_id text not null,
    id_only boolean not null,
    gone text,
    content jsonb not null,
    memberships jsonb not null,
    raw jsonb not null,
    content_hash text generated always as
      (md5(external_id || chr(31) || content::text || memberships::text)) stored,
    primary key (run_id, external_key)
  )`,
  // A run's rows come and go as a whole; the engine analyzes after loading and empties after use.
  `alter table staged_users set (autovacuum_analyze_threshold = 1000000)`,
  // Two answers about one person: a present key beats an absent one, a value beats null, customFields unite by key,
  // externalIds unite. The same rule as merge.ts applies inside a batch.
  `create function tb_merge_record(a jsonb, b jsonb) returns jsonb language sql immutable parallel safe as $$
    select case when b = '{}' or a @> b then a when a = '{}' then b else
      a || jsonb_strip_nulls(b - array['customFields', 'externalIds'])
        || coalesce((select jsonb_object_agg(key, value) from jsonb_each(b) where value = 'null' and not a ? key), '{}')
        || case when b ? 'customFields' then jsonb_build_object('customFields',
             coalesce(a->'customFields', '{}') || (b->'customFields')) else '{}' end
        || case when b ? 'externalIds' then jsonb_build_object('externalIds', (
             select coalesce(jsonb_agg(e order by e->>'type' collate "C", e->>'value' collate "C"), '[]')
             from (select distinct e from jsonb_array_elements(coalesce(a->'externalIds', '[]') || (b->'externalIds')) e) u))
           else '{}' end
    end
  $$`,
  `create function tb_merge_memberships(a jsonb, b jsonb) returns jsonb language sql immutable parallel safe as $$
    select case when a @> b then a when a = '{}' then b else
      (select jsonb_object_agg(key, coalesce(a->key, '{}') || coalesce(b->key, '{}'))
       from jsonb_object_keys(a || b) key)
    end
  $$`,
];
