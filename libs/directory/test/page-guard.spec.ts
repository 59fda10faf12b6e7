import { describe, expect, it } from 'vitest';
import { PageGuard } from '../src/sync/fetch/page-guard.js';

describe('PageGuard', () => {
  it('takes the same things from two sources, attributes first and ids after, for two pages', () => {
    const guard = new PageGuard();
    guard.check('ids', [{ externalId: '1' }, { externalId: '2' }]);
    expect(() =>
      guard.check(null, [
        { externalId: '1', idOnly: true },
        { externalId: '2', idOnly: true },
      ]),
    ).not.toThrow();
  });

  it('refuses the very same page under another cursor', () => {
    const guard = new PageGuard();
    guard.check('a', [{ externalId: '1', idOnly: true }]);
    expect(() => guard.check('b', [{ externalId: '1', idOnly: true }])).toThrow(/same page twice/);
  });
});
