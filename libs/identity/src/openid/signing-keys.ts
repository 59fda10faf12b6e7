import { Injectable, Logger } from '@nestjs/common';
import { SecretBox, type Envelope } from '@trainbridge/connections';
import type { JsonObject } from '@trainbridge/connector-kit';
import { newId } from '@trainbridge/persistence';
import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { DataSource } from 'typeorm';

const TABLE = 'signing_keys';

/** Any constant will do: two hosts that start together must make one key. */
const MAKING_LOCK = 7_262_100_453;

interface Row {
  id: string;
  secrets: Envelope;
}

/** The keys ID tokens are signed with: made once, encrypted in the database, the same for every process. */
@Injectable()
export class SigningKeys {
  private readonly logger = new Logger('Login');

  constructor(
    private readonly dataSource: DataSource,
    private readonly box: SecretBox,
  ) {}

  /**
   * Private JSON Web Keys, the one that signs first; all are published. Makes the first key when there is none.
   * @throws {SecretUnreadableError} when TRAINBRIDGE_SECRET_KEY is another one.
   */
  async load(): Promise<JsonObject[]> {
    const stored = await this.stored();
    const rows = stored.length > 0 ? stored : await this.make();
    return rows.map(({ id, secrets }) => ({ ...this.box.open(TABLE, id, secrets), kid: id }));
  }

  private stored(manager: Pick<DataSource, 'query'> = this.dataSource): Promise<Row[]> {
    return manager.query(
      `select id, secrets from signing_keys order by (signs_from <= now()) desc, signs_from desc, id`,
    );
  }

  private async make(): Promise<Row[]> {
    const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
    const jwk = { ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig' } as JsonObject;
    return this.dataSource.transaction(async (manager) => {
      await manager.query(`select pg_advisory_xact_lock($1)`, [MAKING_LOCK]);
      const others = await this.stored(manager);
      if (others.length > 0) return others;
      const id = newId('key');
      await manager.query(`insert into signing_keys (id, secrets) values ($1, $2)`, [
        id,
        this.box.seal(TABLE, id, jwk),
      ]);
      this.logger.log(`made the key ${id} that ID tokens are signed with`);
      return this.stored(manager);
    });
  }
}
