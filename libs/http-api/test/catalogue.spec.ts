import { ERROR_CODES } from '@trainbridge/connector-kit';
import { preferredLanguage, problemCatalogue, type ProblemKind } from '@trainbridge/http-api';
import { describe, expect, it } from 'vitest';

describe('the error catalogue', () => {
  it.each(Object.entries<ProblemKind>(problemCatalogue))(
    '%s says what is wrong and what to do, in both languages',
    (code, kind) => {
      expect(code).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(kind.status).toBeGreaterThanOrEqual(400);
      expect(kind.status).toBeLessThan(600);
      for (const text of [kind.title, kind.advice]) {
        expect(text.en).toMatch(/^[\x20-\x7e…’“”–]+$/);
        expect(text['zh-CN']).toMatch(/[\u4e00-\u9fff]/);
      }
    },
  );

  it('holds every connector error with the status of the contract', () => {
    for (const [code, { status }] of Object.entries(ERROR_CODES)) {
      expect([code, (problemCatalogue as Record<string, ProblemKind>)[code]?.status]).toEqual([code, status]);
    }
  });
});

describe('preferredLanguage', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['zh', 'zh-CN'],
    ['zh-Hant-TW', 'zh-CN'],
    ['en-US,en;q=0.9,zh;q=0.8', 'en'],
    ['de,zh;q=0.5', 'zh-CN'],
    ['zh;q=0', 'en'],
    ['*', 'en'],
    ['zh;q=abc', 'en'],
    [';;;,,q=', 'en'],
  ])('%s is answered in %s', (header, language) => {
    expect(preferredLanguage(header)).toBe(language);
  });
});
