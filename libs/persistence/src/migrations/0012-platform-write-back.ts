import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Deliveries to platforms beside those to subscriptions: one record for both, a queue of their own, because they go out in
 * batches through a connector and not one by one over HTTP.
 */
export class PlatformWriteBack implements MigrationInterface {
  readonly name = 'PlatformWriteBack0000000000012';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop table platform_delivery_queue`);
    await queryRunner.query(`delete from deliveries where subscription_id is null`);
    await queryRunner.query(
      `delete from delivery_attempts a where not exists (select from deliveries d where d.id = a.delivery_id)`,
    );
    await queryRunner.query(`drop index deliveries_platform, deliveries_platform_client`);
    await queryRunner.query(`alter table deliveries drop constraint deliveries_ended_check`);
    await queryRunner.query(
      `alter table deliveries add constraint deliveries_ended_check check (ended in ('dead', 'canceled'))`,
    );
    await queryRunner.query(
      `alter table deliveries alter subscription_id set not null, drop column client_id, drop column action, drop column options, drop column external_ref`,
    );
    await queryRunner.query(
      `alter table delivery_attempts alter url set not null, alter request_headers set not null, drop column vendor`,
    );
  }
}

const STATEMENTS = [
  // subscription_id null: told to the platform of the connection, by this action with these options, as they were when it
  // was made. client_id: who sent the event, and so may see what becomes of it. skipped: the platform has no way to be told, and nothing is wrong. Not validated: every older row passes.
  `alter table deliveries alter subscription_id drop not null,
     add column client_id text, add column action text, add column options jsonb, add column external_ref text`,
  `alter table deliveries drop constraint deliveries_ended_check`,
  `alter table deliveries add constraint deliveries_ended_check
     check (ended in ('dead', 'canceled', 'skipped')) not valid`,
  `create index deliveries_platform on deliveries (connection_id, id) where subscription_id is null`,
  `create index deliveries_platform_client on deliveries (client_id, id) where subscription_id is null`,
  // Attempts at a platform are made through its connector: no URL of ours. vendor: what the platform itself said.
  `alter table delivery_attempts alter url drop not null, alter request_headers drop not null, add column vendor jsonb`,
  // lot: what may share a call (one action with one set of options). batch_id: rows that went out in one call whose outcome
  // is not known; they go out again together and in the same order, because the platform may know the call by its content.
  // alone: a call it was part of was refused as a whole; it goes by itself, so that a bad neighbour costs it nothing more.
  // Leases as in delivery_queue: a leased row is one whose due time is the end of its lease.
  `create table platform_delivery_queue (
    delivery_id text primary key,
    sequence bigint generated always as identity,
    connection_id text not null,
    lot text not null,
    batch_id text,
    alone boolean not null default false,
    due_at timestamptz not null,
    leased_until timestamptz,
    lease_no integer not null default 0,
    attempt_count integer not null default 0
  ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0)`,
  `create index platform_delivery_queue_due on platform_delivery_queue (connection_id, due_at, sequence)`,
  `create index platform_delivery_queue_lot on platform_delivery_queue (connection_id, lot, sequence)`,
];
