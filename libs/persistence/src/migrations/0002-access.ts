import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who may call the API, what they did, and the answers kept for repeated requests. */
export class Access implements MigrationInterface {
  readonly name = 'Access0000000000002';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table clients (
        id text primary key,
        name text not null,
        scopes text[] not null,
        connection_ids text[],
        allowed_ips text[],
        redirect_uris text[] not null default '{}',
        access_token_ttl_seconds integer not null default 3600,
        expires_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      )`);
    // Secrets and tokens have more than 178 random bits, so a plain SHA-256 cannot be searched backwards.
    await queryRunner.query(`
      create table client_secrets (
        id text primary key default tb_id('sec'),
        client_id text not null references clients on delete cascade,
        hash bytea not null unique,
        last4 text not null,
        expires_at timestamptz,
        created_at timestamptz not null default now()
      )`);
    await queryRunner.query(`create index client_secrets_of_client on client_secrets (client_id)`);
    await queryRunner.query(`
      create table tokens (
        id text primary key,
        client_id text not null references clients on delete cascade,
        kind text not null check (kind in ('access', 'api')),
        hash bytea not null unique,
        last4 text not null,
        name text,
        scopes text[] not null,
        expires_at timestamptz not null,
        last_used_at timestamptz,
        last_used_ip text,
        created_at timestamptz not null default now()
      )`);
    await queryRunner.query(`create index tokens_of_client on tokens (client_id, kind, id)`);
    await queryRunner.query(`create index tokens_by_expiry on tokens (expires_at)`);
    // No reference to clients: an entry outlives whom and what it speaks of.
    await queryRunner.query(`
      create table audit_entries (
        id text primary key,
        actor_kind text not null,
        client_id text,
        actor_name text not null,
        action text not null,
        subject_type text not null,
        subject_id text not null,
        connection_id text,
        before jsonb,
        after jsonb,
        ip text,
        request_id text,
        created_at timestamptz not null default now()
      )`);
    await queryRunner.query(`create index audit_entries_of_subject on audit_entries (subject_id, id)`);
    await queryRunner.query(`create index audit_entries_of_client on audit_entries (client_id, id)`);
    await queryRunner.query(`
      create table idempotency_keys (
        owner text not null,
        key_hash bytea not null,
        request_hash bytea not null,
        lease_until timestamptz,
        answer bytea,
        created_at timestamptz not null default now(),
        primary key (owner, key_hash)
      )`);
    await queryRunner.query(`create index idempotency_keys_by_age on idempotency_keys (created_at)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['idempotency_keys', 'audit_entries', 'tokens', 'client_secrets', 'clients']) {
      await queryRunner.query(`drop table ${table}`);
    }
  }
}
