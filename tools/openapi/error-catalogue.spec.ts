import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '@trainbridge/connector-kit';
import { problemCatalogue } from '@trainbridge/http-api';
import { errorCatalogue } from './error-catalogue.js';

describe('errorCatalogue', () => {
  it('has one line per code, in both languages, and says of a connector code whether it is tried again', async () => {
    const lines = (await errorCatalogue('docs/errors.md')).split('\n');
    const lineOf = (code: string) => lines.filter((line) => line.includes(`<a id="${code}">`));
    for (const [code, { title, advice }] of Object.entries(problemCatalogue)) {
      expect([code, lineOf(code).length]).toEqual([code, 1]);
      for (const text of [title.en, title['zh-CN'], advice.en, advice['zh-CN']]) {
        expect(lineOf(code)[0]).toContain(text);
      }
    }
    for (const [code, { retry }] of Object.entries(ERROR_CODES)) {
      expect(lineOf(code)[0]).toContain(retry ? 'yes · 是' : 'no · 否');
    }
  });

  it('is what the committed page says', async () => {
    expect(readFileSync('docs/errors.md', 'utf8')).toBe(await errorCatalogue('docs/errors.md'));
  });
});
