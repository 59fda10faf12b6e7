import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Ids made by the database, and the record of everything features tell each other and the outside. */
export class Foundation implements MigrationInterface {
  readonly name = 'Foundation0000000000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    // The same form as newId() in id.ts: ordered by time to the millisecond, so indexes grow at one end. Only the
    // outer 8 digits of each UUID are used, because the middle ones hold its fixed version and variant.
    await queryRunner.query(`
      create function tb_id(prefix text) returns text language sql volatile parallel safe as $$
        select prefix || '_'
          || lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0')
          || left(gen_random_uuid()::text, 8) || right(gen_random_uuid()::text, 8)
      $$`);
    await queryRunner.query(`
      create table outgoing_events (
        id text primary key,
        type text not null,
        client_id text,
        connection_id text,
        subject_id text,
        data jsonb not null,
        occurred_at timestamptz not null,
        created_at timestamptz not null default now()
      )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop table outgoing_events`);
    await queryRunner.query(`drop function tb_id(text)`);
  }
}
