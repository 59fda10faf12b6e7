import { describe, expect, it } from 'vitest';
import { EVENT_PATTERN, patternsMatching } from '../src/webhook/event-pattern.js';
import { DEFAULT_RETRY_SCHEDULE, parseRetryAfter, retryDelayMs } from '../src/webhook/retry-schedule.js';

describe('retryDelayMs', () => {
  it('follows the schedule with jitter, then ends', () => {
    const delays = (random: number): (number | null)[] =>
      [1, 2, 3, 4].map((attempt) => retryDelayMs(DEFAULT_RETRY_SCHEDULE, attempt, null, () => random));
    expect(delays(0)).toEqual([4_500, 54_000, 540_000, null]);
    expect(delays(0.5)).toEqual([5_000, 60_000, 600_000, null]);
    expect(delays(1)).toEqual([5_500, 66_000, 660_000, null]);
    expect(retryDelayMs([], 1, 9_000)).toBeNull();
  });

  it('hears Retry-After between the schedule and twice that, never early', () => {
    const delay = (retryAfterMs: number, random = 0): number | null =>
      retryDelayMs([60], 1, retryAfterMs, () => random);
    expect(delay(1_000, 0.5)).toBe(60_000);
    expect(delay(90_000)).toBe(90_000);
    expect(delay(86_400_000)).toBe(120_000);
    expect(delay(90_000, 1)).toBe(99_000);
  });
});

describe('parseRetryAfter', () => {
  const now = Date.parse('2026-11-23T00:00:00Z');
  it('reads seconds and dates and nothing else', () => {
    expect(parseRetryAfter('120', now)).toBe(120_000);
    expect(parseRetryAfter(' 0 ', now)).toBe(0);
    expect(parseRetryAfter('Mon, 23 Nov 2026 00:01:00 GMT', now)).toBe(60_000);
    for (const odd of [
      undefined,
      '',
      '-5',
      '1.5',
      'soon',
      'Mon, 23 Nov 2020 00:01:00 GMT',
      '9'.repeat(400),
    ]) {
      expect(parseRetryAfter(odd, now)).toBeNull();
    }
  });
});

describe('event patterns', () => {
  it('match by name, family and everything', () => {
    expect(patternsMatching('exam.passed')).toEqual(['*', 'exam.*', 'exam.passed']);
    expect(patternsMatching('a.b.c')).toEqual(['*', 'a.*', 'a.b.*', 'a.b.c']);
    expect(patternsMatching('ping')).toEqual(['*', 'ping']);
    for (const good of ['*', 'exam.*', 'course.completed', 'a.b.*', 'ping'])
      expect(good).toMatch(EVENT_PATTERN);
    for (const bad of ['', '.', 'exam.', '*.passed', 'exam.*.x', 'exam*', 'Exam.passed', 'exam.passed\n']) {
      expect(EVENT_PATTERN.test(bad)).toBe(false);
    }
  });
});
