import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AccessOptions } from '../options.js';
import { AnswerSeal, type StoredAnswer } from './sealed-answer.js';

/** How long a repeated request is recognised. */
export const KEPT_HOURS = 24;
/** A request that has not ended by then died with its host: the next one with its key is done anew. */
const LEASE_SECONDS = 120;

export type Claim =
  | { kind: 'first' }
  | { kind: 'repeated'; answer: StoredAnswer | null }
  | { kind: 'in-progress' }
  | { kind: 'conflict' };

interface Row {
  request_hash: Buffer;
  answer: Buffer | null;
  leased: boolean;
}

/** Which idempotency keys were used for what. One statement decides who does the work, in all processes together. */
@Injectable()
export class IdempotencyStore {
  private readonly seal: AnswerSeal;

  constructor(
    private readonly dataSource: DataSource,
    options: AccessOptions,
  ) {
    this.seal = new AnswerSeal(options.adminToken);
  }

  async claim(owner: string, key: string, requestHash: Buffer): Promise<Claim> {
    // Takes the key when it is new, older than it is kept, or left behind by a request of a host that died.
    const taken: unknown[] = await this.dataSource.query(
      `insert into idempotency_keys as k (owner, key_hash, request_hash, lease_until)
       values ($1, $2, $3, now() + $4 * interval '1 second')
       on conflict (owner, key_hash) do update
         set request_hash = excluded.request_hash, lease_until = excluded.lease_until, answer = null, created_at = now()
         where k.created_at < now() - $5 * interval '1 hour'
            or (k.answer is null and k.lease_until < now() and k.request_hash = excluded.request_hash)
       returning 1`,
      [owner, sha256(key), requestHash, LEASE_SECONDS, KEPT_HOURS],
    );
    if (taken.length > 0) return { kind: 'first' };
    const [row]: Row[] = await this.dataSource.query(
      `select request_hash, answer, coalesce(lease_until > now(), false) as leased
       from idempotency_keys where owner = $1 and key_hash = $2`,
      [owner, sha256(key)],
    );
    // Given up by its request between the two statements: the caller may simply come again.
    if (!row) return { kind: 'in-progress' };
    if (!row.request_hash.equals(requestHash)) return { kind: 'conflict' };
    if (!row.answer) return { kind: 'in-progress' };
    return { kind: 'repeated', answer: this.seal.open(row.answer, owner, key) };
  }

  async complete(owner: string, key: string, answer: StoredAnswer): Promise<void> {
    await this.dataSource.query(
      `update idempotency_keys set answer = $3, lease_until = null where owner = $1 and key_hash = $2`,
      [owner, sha256(key), this.seal.seal(answer, owner, key)],
    );
  }

  /** The request failed, so nothing was done: the key is free again. */
  async release(owner: string, key: string): Promise<void> {
    await this.dataSource.query(
      `delete from idempotency_keys where owner = $1 and key_hash = $2 and answer is null`,
      [owner, sha256(key)],
    );
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
