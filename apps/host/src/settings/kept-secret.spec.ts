import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keptSecret } from './kept-secret.js';

describe('keptSecret', () => {
  let folder: string;
  beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'tb-kept-'))));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('makes it once, for its owner only, and reads it afterwards', async () => {
    const nested = path.join(folder, 'data');
    expect(await keptSecret(nested, 'admin-token', () => 'first')).toBe('first');
    expect(await keptSecret(nested, 'admin-token', () => 'second')).toBe('first');
    expect((await stat(path.join(nested, 'admin-token'))).mode & 0o777).toBe(0o600);
    expect((await stat(nested)).mode & 0o066).toBe(0);
    expect(await readFile(path.join(nested, 'admin-token'), 'utf8')).toBe('first\n');
  });

  it('gives two hosts that start together the same one', async () => {
    const made = await Promise.all(
      ['a', 'b', 'c'].map((value) => keptSecret(folder, 'together', () => value)),
    );
    expect(new Set(made).size).toBe(1);
  });

  it('names DATA_DIR when the folder cannot be used', async () => {
    await writeFile(path.join(folder, 'a-file'), '');
    await expect(keptSecret(path.join(folder, 'a-file', 'data'), 'x', () => 'x')).rejects.toThrow(
      /^DATA_DIR .*a-file/,
    );
  });

  it('does not go on with an empty file', async () => {
    await writeFile(path.join(folder, 'empty'), '');
    await expect(keptSecret(folder, 'empty', () => 'x')).rejects.toThrow(/empty is empty/);
  });
});
