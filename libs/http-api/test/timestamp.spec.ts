import { describe, expect, it } from 'vitest';
import { compileValidator, IsTimestamp, isTimestamp } from '@trainbridge/http-api';

describe('isTimestamp', () => {
  it.each([
    '2026-11-23T09:30:00Z',
    '2026-11-30T23:59:59.999999Z',
    '2024-02-29T00:00:00+08:00',
    '2026-01-01T10:00:00.5-12:00',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
  ])('takes %s', (value) => {
    expect(isTimestamp(value)).toBe(true);
    expect(Number.isNaN(Date.parse(value))).toBe(false);
  });

  // Each of these is ISO 8601, or looks like it, and is another moment (or none) to JavaScript or PostgreSQL.
  it.each([
    '2026-W05-1',
    '2026-W05-1T10:00:00Z',
    '2026-123',
    '2026',
    '2026-01',
    '2026-01-01',
    '2026-01-01T10:00:00',
    '2026-01-01 10:00:00Z',
    '2026-01-01T10Z',
    '20260101T101010Z',
    '2026-01-01T10:00:00,5Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T10:00:60Z',
    '2026-02-29T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-13-10T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-01T00:00:00+15:00',
    '2026-01-01T00:00:00+05:60',
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
    '+012026-01-01T00:00:00Z',
    '2026-01-01T00:00:00Z\n',
    1_795_000_000,
    null,
    new Date(),
  ])('refuses %s', (value) => {
    expect(isTimestamp(value)).toBe(false);
  });

  it('says in both languages what it wants', () => {
    class Dto {
      @IsTimestamp()
      at: string;
    }
    const validate = compileValidator(Dto);
    expect(validate({ at: '2026-W05' })[0]?.message).toContain('2026-11-23T09:30:00Z');
    expect(validate({ at: '2026-W05' }, 'zh-CN')[0]?.message).toContain('时间');
  });
});
