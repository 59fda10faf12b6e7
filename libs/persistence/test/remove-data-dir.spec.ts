import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeDataDir } from '../src/index.js';

describe('removing a DATA_DIR', () => {
  let workshop: string;
  let dataDir: string;
  let elsewhere: string;

  beforeEach(() => {
    workshop = mkdtempSync(join(tmpdir(), 'trainbridge-remove-'));
    dataDir = join(workshop, 'data dir');
    elsewhere = join(workshop, 'data-0123456789abcdef');
    mkdirSync(dataDir);
    mkdirSync(join(elsewhere, 'postgres'), { recursive: true });
    const record = { password: 'x', folder: join(elsewhere, 'postgres'), createdAt: null };
    writeFileSync(join(dataDir, 'postgres.json'), JSON.stringify(record));
  });

  afterEach(() => rmSync(workshop, { recursive: true, force: true }));

  it('takes the database along that had to be put elsewhere', () => {
    writeFileSync(join(elsewhere, 'belongs-to.txt'), `${dataDir}\n`);
    removeDataDir(dataDir);
    expect([existsSync(dataDir), existsSync(elsewhere)]).toEqual([false, false]);
  });

  it('leaves a folder that does not belong to it, whatever the record says', () => {
    writeFileSync(join(elsewhere, 'belongs-to.txt'), `${workshop}/another\n`);
    removeDataDir(dataDir);
    expect([existsSync(dataDir), existsSync(elsewhere)]).toEqual([false, true]);
  });

  it('is content when nothing was ever there', () => {
    rmSync(dataDir, { recursive: true });
    expect(() => removeDataDir(dataDir)).not.toThrow();
  });
});
