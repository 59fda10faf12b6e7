import { createHmac, randomBytes } from 'node:crypto';

/**
 * Makes page tokens nobody can read meaning into. A token holds for the question it came from: with another
 * parameter, or when it is too old, it is refused. It is Base64 with `+`, `/` and `=`, as the real ones are.
 */
export class PageSeal {
  private readonly key = randomBytes(16);

  constructor(
    private readonly now: () => number,
    private readonly lifetimeSeconds: () => number,
  ) {}

  /** `after`: the position the next page begins behind. */
  seal(after: number, question: string): string {
    const plain = Buffer.alloc(12);
    plain.writeUIntBE(after, 0, 6);
    plain.writeUIntBE(this.now(), 6, 6);
    return Buffer.concat([plain, this.mac(plain, question)]).toString('base64');
  }

  /** The position, or `undefined` for a token of another question, another platform or another time. */
  open(token: string, question: string): number | undefined {
    const bytes = Buffer.from(token, 'base64');
    const plain = bytes.subarray(0, 12);
    if (bytes.length !== 28 || !this.mac(plain, question).equals(bytes.subarray(12))) return undefined;
    const lifetime = this.lifetimeSeconds();
    if (lifetime > 0 && this.now() >= plain.readUIntBE(6, 6) + lifetime * 1000) return undefined;
    return plain.readUIntBE(0, 6);
  }

  private mac(plain: Buffer, question: string): Buffer {
    return createHmac('sha256', this.key).update(plain).update(question).digest().subarray(0, 16);
  }
}
