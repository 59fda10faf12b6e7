import { describe, expect, it } from 'vitest';
import { toE164 } from './phone-number.js';

describe('a mobile number as E.164', () => {
  it.each([
    ['13900001111', '+8613900001111'],
    ['+86 139-0000-1111', '+8613900001111'],
    ['+86-13900001111', '+8613900001111'],
    ['8613900001111', '+8613900001111'],
    ['008613900001111', '+8613900001111'],
    ['(139) 0000.1111', '+8613900001111'],
    ['+852 6123 4567', '+85261234567'],
    ['+1 202 555 0143', '+12025550143'],
  ])('%s', (written, expected) => {
    expect(toE164(written)).toBe(expected);
  });

  it('takes the country the platform names', () => {
    expect(toE164('61234567', '852')).toBe('+85261234567');
    expect(toE164('07700900123', '44')).toBe('+447700900123');
  });

  it.each([
    null,
    undefined,
    '',
    '   ',
    'call me',
    '+',
    '+0139',
    '1234',
    '13900001111#2',
    '+861390000111122223',
  ])('%j is none', (written) => {
    expect(toE164(written)).toBeNull();
  });
});
