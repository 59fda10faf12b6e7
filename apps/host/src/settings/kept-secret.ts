import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * A secret the deployer did not give: made at the first start, then read from a file of mode 0600 in the data folder.
 * Two hosts that start together end up with the same one.
 * @throws when the folder cannot be written or the file is empty.
 */
export async function keptSecret(dataDir: string, fileName: string, make: () => string): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  const file = path.join(dataDir, fileName);
  const made = make();
  try {
    await writeFile(file, `${made}\n`, { mode: 0o600, flag: 'wx' });
    return made;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  // The other host may be between creating and writing it.
  for (let tries = 0; tries < 20; tries++) {
    const kept = (await readFile(file, 'utf8')).trim();
    if (kept !== '') return kept;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${file} is empty; remove it and start again`);
}
