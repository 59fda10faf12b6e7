import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who receives webhooks, what is due to them, and what was tried. `deliveries` and `delivery_attempts` are the record and
 * only grow; `delivery_queue` holds nothing but unfinished deliveries, so the rows that change stay few.
 */
export class Deliveries implements MigrationInterface {
  readonly name = 'Deliveries0000000000007';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table subscriptions (
        id text primary key,
        client_id text,
        url text not null,
        event_types text[] not null,
        connection_ids text[],
        retry_schedule integer[],
        rate_limit integer,
        ordered boolean not null default false,
        header_names text[] not null default '{}',
        secrets jsonb not null,
        previous_secret_expires_at timestamptz,
        status text not null default 'active' check (status in ('active', 'disabled', 'deleted')),
        disabled_reason text,
        revision integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      )`);
    await queryRunner.query(`create index subscriptions_client on subscriptions (client_id, id)`);

    // How a delivery ended stands here only for the exceptions: neither in the queue nor ended means delivered. So the
    // usual delivery is finished by deleting its queue row, and this table's pages are written once.
    await queryRunner.query(`
      create table deliveries (
        id text primary key,
        outgoing_event_id text not null,
        subscription_id text not null,
        connection_id text,
        event_id text,
        created_at timestamptz not null default now(),
        ended text check (ended in ('dead', 'canceled')),
        unique (outgoing_event_id, subscription_id)
      )`);
    await queryRunner.query(`create index deliveries_subscription on deliveries (subscription_id, id)`);
    await queryRunner.query(
      `create index deliveries_event on deliveries (event_id) where event_id is not null`,
    );
    await queryRunner.query(
      `create index deliveries_dead on deliveries (subscription_id, id) where ended = 'dead'`,
    );
    await queryRunner.query(
      `create index deliveries_dead_connection on deliveries (connection_id) where ended = 'dead'`,
    );

    // A leased row is one whose due time is the end of its lease: an expired lease needs no search of its own.
    await queryRunner.query(`
      create table delivery_queue (
        delivery_id text primary key,
        sequence bigint generated always as identity,
        subscription_id text not null,
        outgoing_event_id text not null,
        connection_id text,
        order_key text,
        due_at timestamptz not null,
        leased_until timestamptz,
        lease_no integer not null default 0,
        attempt_count integer not null default 0
      ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0)`);
    await queryRunner.query(
      `create index delivery_queue_due on delivery_queue (subscription_id, due_at, sequence)`,
    );
    await queryRunner.query(
      `create index delivery_queue_order on delivery_queue (subscription_id, order_key, sequence) where order_key is not null`,
    );

    await queryRunner.query(`
      create table delivery_attempts (
        delivery_id text not null,
        attempt_no integer not null,
        started_at timestamptz not null,
        duration_ms integer not null,
        url text not null,
        request_headers jsonb not null,
        response_status integer,
        response_excerpt text,
        error_code text,
        error text,
        primary key (delivery_id, attempt_no)
      )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop table delivery_attempts, delivery_queue, deliveries, subscriptions`);
  }
}
