import { createHmac, randomBytes } from 'node:crypto';
import type { JsonValue } from '@trainbridge/connector-kit';

/** What a platform says about the call itself: needed to read a recording, and about nobody. */
const KEPT = /^(?:errcode|errmsg|code|msg|message|sub_code|sub_msg|error|vendorCode|request_?id|log_id)$/i;
/** Flags, kinds and counts say nothing about anybody; longer numbers are ids, times or telephone numbers. */
const LARGEST_PLAIN_NUMBER = 9_999;

/**
 * Replaces content and keeps shape: letters by letters, digits by digits, Chinese by Chinese, the same value by the same
 * one throughout a recording, so that ids that belong together still do. The key is thrown away with the object: nothing
 * leads back.
 */
export class Pseudonyms {
  private readonly key = randomBytes(32);

  of(value: JsonValue): JsonValue {
    return this.replaced(value, '');
  }

  /** Segments that hold a digit are ids; the others are the platform's own words. */
  ofPath(path: string): string {
    return path
      .split('/')
      .map((segment) =>
        /^v\d+(?:\.\d+)?$/.test(segment) || !/\d/.test(segment) ? segment : this.text(segment),
      )
      .join('/');
  }

  private replaced(value: JsonValue, name: string): JsonValue {
    if (Array.isArray(value)) return value.map((item) => this.replaced(item, name));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.replaced(item, key)]));
    }
    if (KEPT.test(name)) return typeof value === 'string' ? this.message(value) : value;
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'number' && Math.abs(value) > LARGEST_PLAIN_NUMBER)
      return Number(this.text(String(value)));
    return value;
  }

  /** Platforms repeat the caller's address and long numbers in their error texts. */
  private message(text: string): string {
    return text.replace(/\d{1,3}(?:\.\d{1,3}){3}|\d{5,}/g, (found) => this.text(found));
  }

  private text(text: string): string {
    const stream = createHmac('sha512', this.key).update(text).digest();
    let at = 0;
    const next = (from: string): string => from[stream[at++ % stream.length]! % from.length]!;
    // A short number is a flag or a kind, also in quotes.
    if (/^\d{1,4}$/.test(text)) return text;
    let before = '';
    return Array.from(text, (character) => {
      const isFirstDigit = !/\d/.test(before);
      before = character;
      if (/[a-z]/.test(character)) return next('abcdefghijklmnopqrstuvwxyz');
      if (/[A-Z]/.test(character)) return next('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
      // Without a leading zero where there was none, so that it stays the number it was.
      if (/\d/.test(character)) return next(isFirstDigit && character !== '0' ? '123456789' : '0123456789');
      return character.charCodeAt(0) > 127 ? next('甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥') : character;
    }).join('');
  }
}
