import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is to be learned and by whom: the learning systems' catalogues, assignments and each person's part of them, the
 * platform's to-dos that stand for these, the platform's tasks, and the rules that make assignments of what happens.
 */
export class Assignments implements MigrationInterface {
  readonly name = 'Assignments0000000000011';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of [...WORK, ...TODOS, ...TASKS, ...RULES]) await queryRunner.query(statement);
    // Reading tasks and reading people do not wait for each other.
    await queryRunner.query(`drop index runs_one_at_a_time`);
    await queryRunner.query(`create unique index runs_one_at_a_time on runs (connection_id, kind)
      where status in ('queued', 'running') and mode <> 'events'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop index runs_one_at_a_time`);
    await queryRunner.query(`create unique index runs_one_at_a_time on runs (connection_id)
      where status in ('queued', 'running') and mode <> 'events'`);
    await queryRunner.query(
      `drop table rule_firings, rules, task_reads, task_watermarks, tasks, todos, enrollments, assignments, courses,
         audience_positions`,
    );
  }
}

/* No foreign keys: enrollments are written in sets of thousands, and the directory's tables have a life of their own. */
const WORK = [
  // client_id null: put in with the admin token. id: the learning system's own.
  `create table courses (
    client_id text,
    id text not null,
    code text,
    title text not null,
    url text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique nulls not distinct (client_id, id)
  )`,
  `create index courses_id on courses (id)`,
  // client_id: who made it or made its rule. connection_ids: of everybody it was ever for, which is who may see it.
  // course_client_id: whose catalogue the course was found in; null also when in nobody's.
  // request_hash: of what was asked for, so that asking again is told from asking for something else.
  `create table assignments (
    id text primary key,
    client_id text,
    rule_id text,
    source_kind text not null,
    source_external_id text not null,
    course_id text not null,
    course_client_id text,
    user_ids text[] not null default '{}',
    customer_ids text[] not null default '{}',
    departments jsonb not null default '[]',
    tags text[] not null default '{}',
    live boolean not null default false,
    connection_ids text[] not null default '{}',
    title text,
    url text,
    due_at timestamptz,
    is_mandatory boolean not null default false,
    status text not null default 'active' check (status in ('active', 'withdrawn')),
    request_hash text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`,
  `create unique index assignments_source on assignments (client_id, source_kind, source_external_id)
    nulls not distinct where rule_id is null`,
  `create unique index assignments_rule on assignments (rule_id, source_kind, source_external_id) where rule_id is not null`,
  `create index assignments_connections on assignments using gin (connection_ids)`,
  `create index assignments_live on assignments (id) where live and status = 'active'`,
  // course_id is repeated here because learning events find enrollments by learner and course.
  // left_audience: withdrawn because the person left a live audience; who comes back is enrolled again.
  `create table enrollments (
    id text primary key,
    assignment_id text not null,
    connection_id text not null,
    user_id text,
    customer_id text,
    learner_id text not null generated always as (coalesce(user_id, customer_id)) stored,
    course_id text not null,
    status text not null default 'assigned'
      check (status in ('assigned', 'in_progress', 'completed', 'passed', 'failed', 'withdrawn', 'expired')),
    left_audience boolean not null default false,
    due_at timestamptz,
    started_at timestamptz,
    completed_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (num_nonnulls(user_id, customer_id) = 1),
    unique (assignment_id, learner_id)
  )`,
  `create index enrollments_assignment on enrollments (assignment_id, id)`,
  `create index enrollments_learner on enrollments (learner_id, id)`,
  `create index enrollments_connection on enrollments (connection_id, id)`,
  // How far each follower of the directory's feed has come.
  `create table audience_positions (follower text primary key, sequence bigint not null)`,
];

const TODOS = [
  // wanted_no grows with every change a person should see; a row is due while due_at is set.
  // A leased row's due time is the end of its lease. batch_id, batch_place and sent: what is under way, word for word,
  // so that a batch whose outcome nobody knows can be repeated with the same items in the same order.
  // generation: how often a closed to-do had to be opened anew, part of the key the platform drops repeats by.
  `create table todos (
    enrollment_id text primary key,
    connection_id text not null,
    status text not null default 'pending' check (status in ('pending', 'open', 'closed', 'skipped', 'failed')),
    external_ref text,
    error jsonb,
    reason jsonb,
    generation int not null default 0,
    wanted_no int not null default 1,
    due_at timestamptz default now(),
    attempts int not null default 0,
    lease_no int not null default 0,
    batch_id text,
    batch_place int,
    action text check (action in ('upsert', 'close')),
    sent jsonb,
    sent_no int,
    sent_at timestamptz,
    shown_hash text,
    failed_revision int,
    updated_at timestamptz not null default now()
  ) with (fillfactor = 70)`,
  `create index todos_due on todos (connection_id, due_at) where due_at is not null`,
  `create index todos_batch on todos (batch_id) where batch_id is not null`,
  `create index todos_failed on todos (connection_id) where status = 'failed'`,
];

const TASKS = [
  `create table tasks (
    id text primary key,
    connection_id text not null,
    external_id text not null,
    kind text not null,
    title text not null,
    status text not null check (status in ('open', 'approved', 'rejected', 'withdrawn', 'deleted')),
    applicant_external_id text,
    form jsonb not null,
    raw jsonb not null,
    content_hash text not null,
    changed_at timestamptz not null,
    read_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (connection_id, external_id)
  )`,
  `create index tasks_connection on tasks (connection_id, id)`,
  `create index tasks_open on tasks (connection_id, external_id) where status = 'open'`,
  // Everything created (or changed) before this moment has been read.
  `create table task_watermarks (connection_id text primary key, read_until timestamptz not null)`,
  // Where a run of kind tasks stands; gone when it has ended.
  `create table task_reads (
    run_id text primary key,
    connection_id text not null,
    since timestamptz not null,
    began_at timestamptz not null default now(),
    cursor text,
    listed boolean not null default false,
    reread_after text not null default '',
    counts jsonb not null default '{}',
    notes jsonb not null default '{}'
  )`,
];

const RULES = [
  `create table rules (
    id text primary key,
    client_id text,
    connection_id text not null,
    name text not null,
    is_active boolean not null default true,
    "when" jsonb not null,
    assign jsonb not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`,
  `create index rules_connection on rules (connection_id, id)`,
  // One row per rule and thing it looked at; pending and held rows are still to be decided.
  `create table rule_firings (
    rule_id text not null,
    subject_id text not null,
    connection_id text not null,
    outcome text not null default 'pending'
      check (outcome in ('pending', 'held', 'fired', 'not_matched', 'failed')),
    detail text,
    assignment_id text,
    created_at timestamptz not null default now(),
    decided_at timestamptz,
    primary key (rule_id, subject_id)
  )`,
  `create index rule_firings_open on rule_firings (connection_id, outcome) where outcome in ('pending', 'held')`,
];
