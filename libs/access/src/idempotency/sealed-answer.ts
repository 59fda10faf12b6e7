import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

export interface StoredAnswer {
  status: number;
  body: unknown;
}

/**
 * Answers may hold secrets that are shown once, so they are kept sealed (AES-256-GCM) under a key made of the caller's
 * idempotency key, which is not stored, and the host's secret: the table alone opens nothing.
 */
export class AnswerSeal {
  constructor(private readonly hostSecret: string) {}

  seal(answer: StoredAnswer, owner: string, idempotencyKey: string): Buffer {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.keyFor(owner, idempotencyKey), iv);
    const sealed = Buffer.concat([cipher.update(JSON.stringify(answer), 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
  }

  /** Null when it cannot be opened, as after the host's secret was changed. */
  open(sealed: Buffer, owner: string, idempotencyKey: string): StoredAnswer | null {
    try {
      const decipher = createDecipheriv(
        'aes-256-gcm',
        this.keyFor(owner, idempotencyKey),
        sealed.subarray(0, 12),
      );
      decipher.setAuthTag(sealed.subarray(12, 28));
      const text = Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8');
      return JSON.parse(text) as StoredAnswer;
    } catch {
      return null;
    }
  }

  private keyFor(owner: string, idempotencyKey: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.hostSecret, owner, `idempotency ${idempotencyKey}`, 32));
  }
}
