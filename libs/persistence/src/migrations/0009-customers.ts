import type { MigrationInterface, QueryRunner } from 'typeorm';

/** SCRM contacts beside users, and the place where a run gathers a listing of them before it compares. */
export class Customers implements MigrationInterface {
  readonly name = 'Customers0000000000009';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop table staged_customers, customers`);
  }
}

const STATEMENTS = [
  // Ids of customers are made by platforms and compare exactly, unlike those of people.
  // owner_external_ids: as the platform names them; owner_user_ids: those of them the directory knows.
  // removed_at: the row stays, so that who comes back is the same customer to whoever keeps the id.
  `create table customers (
    id text primary key,
    connection_id text not null,
    external_id text collate "C" not null,
    external_ids jsonb not null default '[]',
    display_name text,
    owner_external_ids text[] not null default '{}',
    owner_user_ids text[] not null default '{}',
    tags jsonb not null default '[]',
    raw jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    removed_at timestamptz,
    unique (connection_id, external_id)
  )`,
  `create index customers_list on customers (connection_id, id)`,
  `create index customers_owners on customers using gin (owner_user_ids)`,
  `create index customers_external_ids on customers using gin (external_ids jsonb_path_ops) where external_ids <> '[]'`,
  // A null column is a field the platform did not tell. Unlogged for the reasons given at the other staging tables.
  `create unlogged table staged_customers (
    run_id text not null,
    external_id text collate "C" not null,
    new_id text not null,
    name_told boolean not null,
    display_name text,
    external_ids jsonb,
    owners text[],
    tags jsonb,
    raw jsonb not null,
    primary key (run_id, external_id)
  )`,
];
