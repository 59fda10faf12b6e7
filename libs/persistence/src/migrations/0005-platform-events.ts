import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The inbox: what platforms told us, raw as it came and decoded, and what became of each event. */
export class PlatformEvents implements MigrationInterface {
  readonly name = 'PlatformEvents0000000000005';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table platform_messages (
        id text primary key,
        connection_id text not null,
        method text not null,
        query_string text not null,
        headers jsonb not null,
        body bytea not null,
        received_at timestamptz not null default now()
      )`);
    await queryRunner.query(`create index platform_messages_by_time on platform_messages (received_at)`);
    // `attempts` doubles as the lease's number: an outcome is only written for the attempt that produced it.
    await queryRunner.query(`
      create table platform_events (
        id text primary key,
        sequence bigint generated always as identity,
        connection_id text not null,
        message_id text not null references platform_messages (id) on delete cascade,
        key text not null,
        kind text not null,
        ids text[] not null,
        previous_id text,
        occurred_at timestamptz not null,
        data jsonb not null,
        status text not null default 'pending'
          check (status in ('pending', 'applied', 'ignored', 'failed', 'dead')),
        detail text,
        error jsonb,
        attempts integer not null default 0,
        next_attempt_at timestamptz not null default now(),
        received_at timestamptz not null default now(),
        finished_at timestamptz,
        unique (connection_id, key)
      )`);
    await queryRunner.query(`
      create index platform_events_due on platform_events (connection_id, next_attempt_at, sequence)
        where status in ('pending', 'failed')`);
    await queryRunner.query(
      `create index platform_events_by_connection on platform_events (connection_id, received_at, id)`,
    );
    await queryRunner.query(`create index platform_events_by_time on platform_events (received_at, id)`);
    await queryRunner.query(`create index platform_events_by_message on platform_events (message_id)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop table platform_events`);
    await queryRunner.query(`drop table platform_messages`);
  }
}
