import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Logins that are on their way to a platform and back, what the OpenID provider remembers, and the keys it signs with. */
export class Identity implements MigrationInterface {
  readonly name = 'Identity0000000000010';

  async up(queryRunner: QueryRunner): Promise<void> {
    // A state has more than 128 random bits, so a plain SHA-256 cannot be searched backwards.
    await queryRunner.query(`
      create table login_states (
        state_hash bytea primary key,
        connection_id text not null references connections on delete cascade,
        browser_hash bytea not null,
        mode text not null check (mode in ('browser', 'inApp')),
        purpose jsonb not null,
        expires_at timestamptz not null
      )`);
    await queryRunner.query(`create index login_states_by_expiry on login_states (expires_at)`);
    await queryRunner.query(`create index login_states_of_connection on login_states (connection_id)`);
    // Ids are what browsers and clients hold (sessions, codes, tokens): hashed here, and the payload, which repeats
    // some of them, is encrypted.
    await queryRunner.query(`
      create table openid_records (
        model text not null,
        id_hash bytea not null,
        payload jsonb not null,
        uid_hash bytea,
        grant_hash bytea,
        consumed_at timestamptz,
        expires_at timestamptz,
        primary key (model, id_hash)
      )`);
    await queryRunner.query(
      `create index openid_records_by_uid on openid_records (uid_hash) where uid_hash is not null`,
    );
    await queryRunner.query(
      `create index openid_records_of_grant on openid_records (grant_hash) where grant_hash is not null`,
    );
    await queryRunner.query(`create index openid_records_by_expiry on openid_records (expires_at)`);
    // A key is published from its making on and signs from \`signs_from\` on, so that every process and every client
    // knows a new one before the first signature with it.
    await queryRunner.query(`
      create table signing_keys (
        id text primary key,
        secrets jsonb not null,
        signs_from timestamptz not null default now(),
        created_at timestamptz not null default now()
      )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['signing_keys', 'openid_records', 'login_states']) {
      await queryRunner.query(`drop table ${table}`);
    }
  }
}
