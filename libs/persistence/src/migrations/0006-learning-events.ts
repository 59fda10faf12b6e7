import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What learning systems told us. The content itself lives once, in `outgoing_events.data` under the same id. */
export class LearningEvents implements MigrationInterface {
  readonly name = 'LearningEvents0000000000006';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table learning_events (
        id text primary key,
        client_id text,
        event_id text not null,
        type text not null,
        content_hash bytea not null,
        learner jsonb not null,
        learner_key text not null,
        user_id text,
        customer_id text,
        connection_id text,
        course_id text,
        occurred_at timestamptz not null,
        accepted_at timestamptz not null default now(),
        held boolean not null,
        unique nulls not distinct (client_id, event_id)
      )`);
    await queryRunner.query(
      `create index learning_events_user on learning_events (user_id, id) where user_id is not null`,
    );
    await queryRunner.query(`create index learning_events_held on learning_events (learner_key) where held`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop table learning_events`);
  }
}
