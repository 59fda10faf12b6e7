import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Scope } from './scopes.js';

export interface KnownToken {
  id: string;
  kind: 'access' | 'api';
  /** What the token has and its client still has. */
  scopes: Scope[];
  expired: boolean;
  client: {
    id: string;
    name: string;
    connectionIds: string[] | null;
    allowedIps: string[] | null;
    expired: boolean;
  };
}

interface Row {
  hash: Buffer;
  id: string;
  kind: 'access' | 'api';
  scopes: Scope[];
  expired: boolean;
  client_id: string;
  client_name: string;
  connection_ids: string[] | null;
  allowed_ips: string[] | null;
  client_expired: boolean;
}

interface Waiting {
  hash: Buffer;
  resolve: (token: KnownToken | null) => void;
  reject: (error: unknown) => void;
}

/**
 * Finds tokens by their hash. Nothing is cached, so what is revoked is revoked at once in every process; instead all
 * lookups that come while one query runs go into the next one together.
 */
@Injectable()
export class TokenLookup {
  private waiting: Waiting[] = [];
  private running = false;

  constructor(private readonly dataSource: DataSource) {}

  find(hash: Buffer): Promise<KnownToken | null> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ hash, resolve, reject });
      if (!this.running) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.running = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      try {
        const found = await this.query(batch.map(({ hash }) => hash));
        for (const { hash, resolve } of batch) resolve(found.get(hash.toString('hex')) ?? null);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.running = false;
  }

  private async query(hashes: Buffer[]): Promise<Map<string, KnownToken>> {
    const rows: Row[] = await this.dataSource.query(
      `select t.hash, t.id, t.kind, t.expires_at <= now() as expired,
              array(select s from unnest(t.scopes) s where s = any(c.scopes)) as scopes,
              c.id as client_id, c.name as client_name, c.connection_ids, c.allowed_ips,
              coalesce(c.expires_at <= now(), false) as client_expired
       from tokens t join clients c on c.id = t.client_id
       where t.hash = any($1::bytea[])`,
      [hashes],
    );
    return new Map(
      rows.map((row) => [
        row.hash.toString('hex'),
        {
          id: row.id,
          kind: row.kind,
          scopes: row.scopes,
          expired: row.expired,
          client: {
            id: row.client_id,
            name: row.client_name,
            connectionIds: row.connection_ids,
            allowedIps: row.allowed_ips,
            expired: row.client_expired,
          },
        },
      ]),
    );
  }
}
