import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Configured connections with their encrypted secrets, and the log of every HTTP call they made or received. */
export class Connections implements MigrationInterface {
  readonly name = 'Connections0000000000003';

  async up(queryRunner: QueryRunner): Promise<void> {
    // `secrets` is an envelope (AES-256-GCM) bound to this row's id.
    await queryRunner.query(`
      create table connections (
        id text primary key,
        name text not null,
        connector text not null,
        config jsonb not null,
        secrets jsonb,
        settings jsonb not null default '{}',
        revision integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      )`);
    // No foreign key: exchanges are written behind, and one that comes after its connection is gone is dropped then.
    await queryRunner.query(`
      create table exchanges (
        id text primary key,
        connection_id text not null,
        direction text not null check (direction in ('outbound', 'inbound')),
        method text not null,
        url text not null,
        status integer,
        vendor_code text,
        vendor_request_id text,
        error_code text,
        error_message text,
        attempt integer not null default 1,
        duration_ms integer not null,
        request_body text,
        response_body text,
        at timestamptz not null
      )`);
    await queryRunner.query(`create index exchanges_by_time on exchanges (at, id)`);
    await queryRunner.query(`create index exchanges_by_connection on exchanges (connection_id, at, id)`);
    await queryRunner.query(
      `create index exchanges_by_vendor_code on exchanges (vendor_code, at, id) where vendor_code is not null`,
    );
    await queryRunner.query(`create index exchanges_by_status on exchanges (status, at, id)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop table exchanges`);
    await queryRunner.query(`drop table connections`);
  }
}
