import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When each connection's platform was last told to send events, and what it said. */
export class EventActivations implements MigrationInterface {
  readonly name = 'EventActivations0000000000013';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table event_activations (
        connection_id text primary key,
        revision integer not null,
        findings jsonb not null,
        failures integer not null default 0,
        tried_at timestamptz not null default now(),
        next_attempt_at timestamptz not null
      )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop table event_activations`);
  }
}
