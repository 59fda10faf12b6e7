import { SecretBox, SecretUnreadableError } from '@trainbridge/connections';
import { createTestDatabase, type TestDatabase } from '@trainbridge/persistence/testing';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OpenIdRecords } from '../src/openid/openid-records.js';
import { SigningKeys } from '../src/openid/signing-keys.js';

describe('what the OpenID provider keeps', () => {
  const box = new SecretBox(randomBytes(32));
  let database: TestDatabase;
  beforeAll(async () => void (database = await createTestDatabase({ poolSize: 10 })));
  afterAll(() => database?.drop());

  it('makes one key, however many hosts start together, and finds it again', async () => {
    const hosts = [1, 2, 3].map(() => new SigningKeys(database.dataSource, box));
    const loaded = await Promise.all(hosts.map((keys) => keys.load()));
    const ids = loaded.flat().map(({ kid }) => kid);
    expect(new Set(ids).size).toBe(1);
    expect(loaded.map((keys) => keys.length)).toEqual([1, 1, 1]);
    expect(await new SigningKeys(database.dataSource, box).load()).toEqual(loaded[0]);
  });

  it('publishes a key before it signs', async () => {
    const keys = new SigningKeys(database.dataSource, box);
    const [first] = await keys.load();
    const add = (id: string, signsFrom: string) =>
      database.dataSource.query(
        `insert into signing_keys (id, secrets, signs_from) values ($1, $2, now() + $3::interval)`,
        [id, box.seal('signing_keys', id, { kty: 'RSA' }), signsFrom],
      );
    await add('key_tomorrow', '1 day');
    expect((await keys.load()).map(({ kid }) => kid)).toEqual([first!.kid, 'key_tomorrow']);
    await database.dataSource.query(`update signing_keys set signs_from = now() where id = 'key_tomorrow'`);
    expect((await keys.load()).map(({ kid }) => kid)).toEqual(['key_tomorrow', first!.kid]);
  });

  it('names the setting when the keys were encrypted with another key', async () => {
    const other = new SigningKeys(database.dataSource, new SecretBox(randomBytes(32)));
    await expect(other.load()).rejects.toThrow(SecretUnreadableError);
    await expect(other.load()).rejects.toThrow(/TRAINBRIDGE_SECRET_KEY/);
  });

  it('lets one of many use a code', async () => {
    const codes = new OpenIdRecords(database.dataSource, box).adapter(
      'AuthorizationCode',
      () => new Error('used'),
    );
    await codes.upsert('the code', { jti: 'the code', grantId: 'g' }, 60);
    const uses = await Promise.allSettled(Array.from({ length: 8 }, () => codes.consume('the code')));
    expect(uses.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await codes.find('the code'))?.consumed).toBeGreaterThan(0);
  });

  it('forgets everything of a grant, and keeps kinds of records apart', async () => {
    const records = new OpenIdRecords(database.dataSource, box);
    const [tokens, sessions] = ['AccessToken', 'Session'].map((model) =>
      records.adapter(model, () => new Error('used')),
    );
    await tokens!.upsert('same', { jti: 'same', grantId: 'g1' }, 60);
    await sessions!.upsert('same', { jti: 'same', uid: 'u1' }, 60);
    await tokens!.revokeByGrantId('g1');
    expect(await tokens!.find('same')).toBeUndefined();
    expect(await sessions!.findByUid('u1')).toMatchObject({ jti: 'same' });
    await sessions!.destroy('same');
    expect(await sessions!.find('same')).toBeUndefined();
  });
});
