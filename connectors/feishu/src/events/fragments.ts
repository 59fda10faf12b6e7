/** Messages of which parts are missing, at most; the oldest gives way, and the platform sends it again. */
const MAX_OPEN = 32;
const MAX_PARTS = 256;
/** Bytes of all open messages together. */
const MAX_BYTES = 16 * 1024 * 1024;

interface Open {
  parts: (Uint8Array | undefined)[];
  bytes: number;
}

/** Puts messages together that come in parts, in any order; what is said of their number and size is not believed. */
export class Fragments {
  readonly #open = new Map<string, Open>();
  #bytes = 0;

  /**
   * Takes one part; the whole message when it was the last one missing, else null.
   *
   * @param sum parts of the message; 0 and 1 mean that this is all of it
   * @param seq which part, from 0
   */
  take(messageId: string, sum: number, seq: number, part: Uint8Array): Uint8Array | null {
    if (sum <= 1) return part;
    if (!Number.isSafeInteger(sum) || sum > MAX_PARTS || !Number.isSafeInteger(seq) || seq < 0 || seq >= sum)
      return null;
    const open = this.#open.get(messageId) ?? { parts: new Array<undefined>(sum).fill(undefined), bytes: 0 };
    if (open.parts.length !== sum || open.parts[seq] !== undefined) return null;
    open.parts[seq] = part;
    open.bytes += part.length;
    this.#bytes += part.length;
    // Set anew, so that the first of the map is the one that waited longest for its next part.
    this.#open.delete(messageId);
    this.#open.set(messageId, open);
    if (open.parts.every((known) => known !== undefined)) {
      this.#forget(messageId);
      return Buffer.concat(open.parts);
    }
    while (this.#open.size > MAX_OPEN || this.#bytes > MAX_BYTES) {
      this.#forget(this.#open.keys().next().value as string);
    }
    return null;
  }

  #forget(messageId: string): void {
    this.#bytes -= this.#open.get(messageId)?.bytes ?? 0;
    this.#open.delete(messageId);
  }
}
