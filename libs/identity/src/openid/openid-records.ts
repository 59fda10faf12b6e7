import { Injectable } from '@nestjs/common';
import { SecretBox, type Envelope } from '@trainbridge/connections';
import type { JsonObject } from '@trainbridge/connector-kit';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { createHash } from 'node:crypto';
import { DataSource } from 'typeorm';

const TABLE = 'openid_records';

interface Row {
  id: string;
  payload: Envelope;
  consumedAt: number | null;
}

const COLUMNS = `encode(id_hash, 'hex') as id, payload, extract(epoch from consumed_at)::int as "consumedAt"`;

/** What the OpenID provider remembers: sessions, logins under way, grants, codes, access tokens. */
@Injectable()
export class OpenIdRecords {
  constructor(
    private readonly dataSource: DataSource,
    private readonly box: SecretBox,
  ) {}

  /**
   * One kind of record, as `oidc-provider` wants it.
   * @param alreadyUsed made and thrown when a code is used a second time at the very moment of its first use
   */
  adapter(model: string, alreadyUsed: () => Error): Adapter {
    return {
      upsert: (id, payload, expiresIn) => this.upsert(model, id, payload, expiresIn),
      find: (id) => this.find(model, 'id_hash', id),
      findByUid: (uid) => this.find(model, 'uid_hash', uid),
      // There is no device flow.
      findByUserCode: async () => undefined,
      destroy: async (id) => {
        await this.dataSource.query(`delete from openid_records where model = $1 and id_hash = $2`, [
          model,
          sha256(id),
        ]);
      },
      consume: async (id) => {
        const [, changed]: [unknown[], number] = await this.dataSource.query(
          `update openid_records set consumed_at = now() where model = $1 and id_hash = $2 and consumed_at is null`,
          [model, sha256(id)],
        );
        if (changed === 0) throw alreadyUsed();
      },
      revokeByGrantId: async (grantId) => {
        await this.dataSource.query(`delete from openid_records where grant_hash = $1`, [sha256(grantId)]);
      },
    };
  }

  async sweep(): Promise<void> {
    await this.dataSource.query(`delete from openid_records where expires_at < now()`);
  }

  private async upsert(
    model: string,
    id: string,
    payload: AdapterPayload,
    expiresIn: number | undefined,
  ): Promise<void> {
    const { grantId, uid } = payload;
    const hash = sha256(id);
    await this.dataSource.query(
      `insert into openid_records (model, id_hash, payload, uid_hash, grant_hash, expires_at)
       values ($1, $2, $3, $4, $5, now() + $6 * interval '1 second')
       on conflict (model, id_hash) do update set payload = excluded.payload, uid_hash = excluded.uid_hash,
         grant_hash = excluded.grant_hash, expires_at = excluded.expires_at`,
      [
        model,
        hash,
        this.box.seal(TABLE, rowId(model, hash.toString('hex')), payload as JsonObject),
        uid === undefined ? null : sha256(uid),
        grantId === undefined ? null : sha256(grantId),
        expiresIn ?? null,
      ],
    );
  }

  private async find(
    model: string,
    column: 'id_hash' | 'uid_hash',
    value: string,
  ): Promise<AdapterPayload | undefined> {
    const [row]: Row[] = await this.dataSource.query(
      `select ${COLUMNS} from openid_records where model = $1 and ${column} = $2`,
      [model, sha256(value)],
    );
    if (!row) return undefined;
    const payload = this.box.open(TABLE, rowId(model, row.id), row.payload) as AdapterPayload;
    return row.consumedAt === null ? payload : { ...payload, consumed: row.consumedAt };
  }
}

function rowId(model: string, hash: string): string {
  return `${model}:${hash}`;
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
