import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { JsonObject, JsonValue } from '@trainbridge/connector-kit';

/** One AES-256-GCM result: nonce, authentication tag, ciphertext; all base64. */
interface Sealed {
  iv: string;
  tag: string;
  data: string;
}

/** What stands in a `secrets` column. `keyId` names the key-encryption key, so that a wrong one is told at once. */
export interface Envelope {
  v: 1;
  keyId: string;
  /** The data key of this row alone, wrapped by the key-encryption key. */
  key: Sealed;
  body: Sealed;
}

/** The stored secret cannot be read with this host's key. `message` is for the operator; it holds no secret. */
export class SecretUnreadableError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SecretUnreadableError';
  }
}

/**
 * Envelope encryption: a random data key per row, wrapped by the host's 32-byte key; both under AES-256-GCM with the table
 * and row id as associated data, so a ciphertext moved to another row does not open there.
 */
export class SecretBox {
  readonly keyId: string;

  /** @param key 32 bytes, TRAINBRIDGE_SECRET_KEY. */
  constructor(private readonly key: Buffer) {
    if (key.length !== 32) throw new Error('the key-encryption key must be 32 bytes');
    this.keyId = createHash('sha256').update('trainbridge key id').update(key).digest('hex').slice(0, 12);
  }

  seal(table: string, rowId: string, content: JsonObject): Envelope {
    const dataKey = randomBytes(32);
    const place = associatedData(table, rowId);
    return {
      v: 1,
      keyId: this.keyId,
      key: encrypt(this.key, place, dataKey),
      body: encrypt(dataKey, place, Buffer.from(JSON.stringify(content))),
    };
  }

  /** @throws {SecretUnreadableError} for another key, another row, or anything that was changed. */
  open(table: string, rowId: string, envelope: Envelope): JsonObject {
    if (envelope.keyId !== this.keyId) {
      throw new SecretUnreadableError(
        `the secrets of ${rowId} were encrypted with key ${envelope.keyId}, and TRAINBRIDGE_SECRET_KEY is key ${this.keyId}`,
      );
    }
    const place = associatedData(table, rowId);
    try {
      const dataKey = decrypt(this.key, place, envelope.key);
      const content: JsonValue = JSON.parse(
        decrypt(dataKey, place, envelope.body).toString('utf8'),
      ) as JsonValue;
      return content as JsonObject;
    } catch {
      throw new SecretUnreadableError(
        `the secrets of ${rowId} in ${table} are damaged or belong to another row`,
      );
    }
  }
}

function associatedData(table: string, rowId: string): Buffer {
  return Buffer.from(JSON.stringify([table, rowId]));
}

function encrypt(key: Buffer, associated: Buffer, plain: Buffer): Sealed {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(associated);
  const data = Buffer.concat([cipher.update(plain), cipher.final()]);
  return {
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    data: data.toString('base64'),
  };
}

function decrypt(key: Buffer, associated: Buffer, sealed: Sealed): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(sealed.iv, 'base64'), {
    authTagLength: 16,
  });
  decipher.setAAD(associated).setAuthTag(Buffer.from(sealed.tag, 'base64'));
  return Buffer.concat([decipher.update(Buffer.from(sealed.data, 'base64')), decipher.final()]);
}
