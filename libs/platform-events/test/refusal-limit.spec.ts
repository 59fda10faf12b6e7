import { describe, expect, it } from 'vitest';
import { MOST_REFUSALS_KEPT, RefusalLimit } from '../src/refusal-limit.js';

describe('RefusalLimit', () => {
  it('keeps so many of a connection within a minute, and begins again after it', () => {
    let now = 0;
    const limit = new RefusalLimit(() => now);
    const verdicts = Array.from({ length: MOST_REFUSALS_KEPT + 3 }, () => limit.count('con_1'));
    expect(verdicts.filter((verdict) => verdict === 'keep')).toHaveLength(MOST_REFUSALS_KEPT);
    expect(verdicts.slice(-3)).toEqual(['first-beyond', 'beyond', 'beyond']);
    expect(limit.count('con_2')).toBe('keep');
    now = 59_999;
    expect(limit.count('con_1')).toBe('beyond');
    now = 60_000;
    expect(limit.count('con_1')).toBe('keep');
  });
});
