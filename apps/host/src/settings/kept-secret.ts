import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SettingError } from './setting-error.js';

/** Others may pass through, not look: an embedded database of another account lies below. */
const FOLDER_MODE = 0o711;

/**
 * A secret the deployer did not give: made at the first start, then read from a file of mode 0600 in the data folder.
 * Two hosts that start together end up with the same one.
 * @throws {SettingError} when the folder cannot be used or the file is empty.
 */
export async function keptSecret(dataDir: string, fileName: string, make: () => string): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true, mode: FOLDER_MODE });
  } catch (error) {
    throw unusable(dataDir, error);
  }
  const file = path.join(dataDir, fileName);
  const made = make();
  try {
    await writeFile(file, `${made}\n`, { mode: 0o600, flag: 'wx' });
    return made;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(dataDir, error);
  }
  // The other host may be between creating and writing it.
  for (let tries = 0; tries < 20; tries++) {
    const kept = await readFile(file, 'utf8').then(
      (content) => content.trim(),
      (error) => Promise.reject(unusable(dataDir, error)),
    );
    if (kept !== '') return kept;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new SettingError(file, 'is empty; remove it and start again');
}

function unusable(dataDir: string, error: unknown): SettingError {
  return new SettingError('DATA_DIR', `${dataDir} cannot be used: ${(error as Error).message}`);
}
