import { Injectable } from '@nestjs/common';
import { isJsonObject, type JsonObject } from '@trainbridge/connector-kit';
import { notFound } from '@trainbridge/http-api';
import { EntityManager } from 'typeorm';
import type { Connection } from './connection.js';
import type { ConnectionRevision } from './connections.js';
import { ConnectionsOptions } from './connections-options.js';
import { SecretBox, type Envelope } from './secrets/secret-box.js';
import { secretNames } from './secrets/split-config.js';
import { completeSettings, DEFAULT_SETTINGS, type StoredSettings } from './settings/connection-settings.js';

const TABLE = 'connections';

/** What is encrypted of a connection. */
export interface ConnectionSecrets {
  config: JsonObject;
  proxyUrl: string | null;
}

/** A row as it is stored, its secrets decrypted. */
export interface StoredConnection {
  id: string;
  name: string;
  connector: string;
  config: JsonObject;
  secrets: ConnectionSecrets;
  settings: StoredSettings;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}

interface Row {
  id: string;
  name: string;
  connector: string;
  config: JsonObject;
  secrets: Envelope | null;
  settings: StoredSettings;
  revision: number;
  created_at: Date;
  updated_at: Date;
}

export interface ConnectionFilter {
  /** Null: all. */
  ids: readonly string[] | null;
  connector?: string;
  after?: string;
  limit: number;
}

/** The table `connections`: encrypts on the way in, decrypts on the way out. */
@Injectable()
export class ConnectionStore {
  constructor(
    private readonly manager: EntityManager,
    private readonly box: SecretBox,
    private readonly options: ConnectionsOptions,
  ) {}

  /** @throws {ProblemError} `not_found`. */
  async require(id: string, { manager = this.manager, lock = false } = {}): Promise<StoredConnection> {
    const [row] = await manager.query<Row[]>(
      `select * from connections where id = $1 ${lock ? 'for update' : ''}`,
      [id],
    );
    if (!row) throw notFound('connection', id);
    return this.fromRow(row);
  }

  /** In the order they were made; one more than `limit` when there is more. */
  async list({ ids, connector, after, limit }: ConnectionFilter): Promise<StoredConnection[]> {
    const rows = await this.manager.query<Row[]>(
      `select * from connections
       where ($1::text[] is null or id = any($1)) and ($2::text is null or connector = $2)
         and ($3::text is null or id > $3)
       order by id limit $4`,
      [ids, connector ?? null, after ?? null, limit + 1],
    );
    return rows.map((row) => this.fromRow(row));
  }

  async revisions(): Promise<ConnectionRevision[]> {
    const all = await this.manager.query<(Omit<ConnectionRevision, 'listen'> & { listen: boolean | null })[]>(
      `select id, connector, revision, (settings ->> 'listen')::boolean as listen from connections order by id`,
    );
    return all.map(({ listen, ...rest }) => ({ ...rest, listen: listen ?? DEFAULT_SETTINGS.listen }));
  }

  async insert(
    manager: EntityManager,
    connection: Pick<StoredConnection, 'id' | 'name' | 'connector' | 'config' | 'secrets' | 'settings'>,
  ): Promise<void> {
    const { id, name, connector, config, secrets, settings } = connection;
    await manager.query(
      `insert into connections (id, name, connector, config, secrets, settings) values ($1, $2, $3, $4, $5, $6)`,
      [id, name, connector, config, this.seal(id, secrets), settings],
    );
  }

  async update(
    manager: EntityManager,
    connection: Pick<StoredConnection, 'id' | 'name' | 'config' | 'secrets' | 'settings'>,
  ): Promise<void> {
    const { id, name, config, secrets, settings } = connection;
    await manager.query(
      `update connections set name = $2, config = $3, secrets = $4, settings = $5, revision = revision + 1,
         updated_at = now() where id = $1`,
      [id, name, config, this.seal(id, secrets), settings],
    );
  }

  async remove(manager: EntityManager, id: string): Promise<void> {
    await manager.query(`delete from connections where id = $1`, [id]);
    await manager.query(`delete from exchanges where connection_id = $1`, [id]);
  }

  /** Id of a connection whose secrets were encrypted with another key; null when all is well. */
  async encryptedWithAnotherKey(): Promise<string | null> {
    const [row] = await this.manager.query<{ id: string }[]>(
      `select id from connections where secrets ->> 'keyId' <> $1 limit 1`,
      [this.box.keyId],
    );
    return row?.id ?? null;
  }

  toConnection(stored: StoredConnection): Connection {
    const { id, name, connector, config, secrets, settings, revision, createdAt, updatedAt } = stored;
    const { publicUrl } = this.options;
    return {
      id,
      name,
      connector,
      config,
      secretsSet: secretNames(secrets.config),
      settings: completeSettings(settings, secrets.proxyUrl),
      revision,
      callbackUrl: publicUrl === null ? null : `${publicUrl}/callbacks/${id}`,
      createdAt,
      updatedAt,
    };
  }

  private seal(id: string, secrets: ConnectionSecrets): Envelope | null {
    if (secrets.proxyUrl === null && Object.keys(secrets.config).length === 0) return null;
    return this.box.seal(TABLE, id, { config: secrets.config, proxyUrl: secrets.proxyUrl });
  }

  private fromRow(row: Row): StoredConnection {
    const content = row.secrets ? this.box.open(TABLE, row.id, row.secrets) : {};
    return {
      id: row.id,
      name: row.name,
      connector: row.connector,
      config: row.config,
      secrets: {
        config: isJsonObject(content.config) ? content.config : {},
        proxyUrl: typeof content.proxyUrl === 'string' ? content.proxyUrl : null,
      },
      settings: row.settings,
      revision: row.revision,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    };
  }
}
