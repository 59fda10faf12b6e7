import { createHmac, randomBytes } from 'node:crypto';
import { WecomApiError } from './api-error.js';

/** Where a page begins: a person's number in the company and which of their departments. */
export interface RowPosition {
  personId: number;
  membership: number;
}

/** Makes cursors that nobody can read meaning into or make up (sheet 2.1, 50100). */
export class CursorSeal {
  private readonly key = randomBytes(16);

  seal(position: RowPosition): string {
    const plain = Buffer.alloc(6);
    plain.writeUInt32BE(position.personId, 0);
    plain.writeUInt16BE(position.membership, 4);
    return Buffer.concat([plain, this.mac(plain)]).toString('base64url');
  }

  /** @throws WecomApiError 50100 for what was not sealed here. */
  open(cursor: string): RowPosition {
    const bytes = Buffer.from(cursor, 'base64url');
    const plain = bytes.subarray(0, 6);
    if (bytes.length !== 18 || !this.mac(plain).equals(bytes.subarray(6))) throw new WecomApiError(50100);
    return { personId: plain.readUInt32BE(0), membership: plain.readUInt16BE(4) };
  }

  /** A cursor into a list of its own `kind`, which no other list takes. */
  sealOffset(kind: string, offset: number): string {
    const plain = Buffer.alloc(4);
    plain.writeUInt32BE(offset);
    return Buffer.concat([plain, this.mac(Buffer.from(`${kind} ${offset}`))]).toString('base64url');
  }

  /** @throws WecomApiError 50100 for what was not sealed here for this kind. */
  openOffset(kind: string, cursor: string): number {
    const bytes = Buffer.from(cursor, 'base64url');
    if (bytes.length !== 16) throw new WecomApiError(50100);
    const offset = bytes.readUInt32BE(0);
    if (!this.mac(Buffer.from(`${kind} ${offset}`)).equals(bytes.subarray(4))) throw new WecomApiError(50100);
    return offset;
  }

  private mac(plain: Buffer): Buffer {
    return createHmac('sha256', this.key).update(plain).digest().subarray(0, 12);
  }
}
