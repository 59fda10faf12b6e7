import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Connector } from '@trainbridge/connector-kit';
import { shapeProblem } from './connector-shape.js';

export type LoadedConnector =
  | { packageName: string; version: string | null; status: 'available'; id: string; connector: Connector }
  | { packageName: string; version: string | null; status: 'unavailable'; reason: string };

export type Importer = (packageName: string) => Promise<unknown>;

/** A package that never finishes loading must not keep the host from starting. */
const IMPORT_TIMEOUT_MS = 20_000;

/**
 * Imports connector packages and looks whether this host can use them. Never rejects: a package that throws, hangs, has
 * the wrong shape, another contract or an id that is taken is `unavailable` with the reason, and the others go on.
 * The order of the list decides who keeps a contested id.
 */
export async function loadConnectors(
  packageNames: readonly string[],
  importer: Importer = importPackage,
): Promise<LoadedConnector[]> {
  const loaded = await Promise.all(
    [...new Set(packageNames)].map((packageName) => loadOne(packageName, importer)),
  );
  const owners = new Map<string, string>();
  return loaded.map((result) => {
    if (result.status === 'unavailable') return result;
    const owner = owners.get(result.id);
    if (owner === undefined) {
      owners.set(result.id, result.packageName);
      return result;
    }
    const { packageName, version } = result;
    return {
      packageName,
      version,
      status: 'unavailable',
      reason: `its id "${result.id}" is taken by ${owner}`,
    };
  });
}

async function loadOne(packageName: string, importer: Importer): Promise<LoadedConnector> {
  const version = await packageVersion(packageName);
  try {
    const candidate = await withinTime(importer(packageName).then(defaultExport));
    const reason = shapeProblem(candidate);
    if (reason !== null) return { packageName, version, status: 'unavailable', reason };
    const connector = candidate as Connector;
    return { packageName, version, status: 'available', id: connector.manifest.id, connector };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      packageName,
      version,
      status: 'unavailable',
      reason: `importing it failed: ${firstLine(message)}`,
    };
  }
}

async function importPackage(packageName: string): Promise<unknown> {
  try {
    return await import(/* @vite-ignore */ packageName);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    // Not beside the host: a deployer's own connectors are installed in the folder the host was started from.
    let entry: string;
    try {
      entry = createRequire(path.join(process.cwd(), 'index.js')).resolve(packageName);
    } catch {
      throw error;
    }
    return import(/* @vite-ignore */ pathToFileURL(entry).href);
  }
}

/** ES modules and transpiled CommonJS alike. */
function defaultExport(module: unknown): unknown {
  const outer = (module as { default?: unknown } | null)?.default;
  const inner = (outer as { default?: unknown } | null | undefined)?.default;
  return inner ?? outer;
}

async function withinTime<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`it did not load within ${IMPORT_TIMEOUT_MS / 1_000} s`)),
      IMPORT_TIMEOUT_MS,
    );
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** From the package's own package.json, which `exports` need not expose; null when it cannot be found. */
async function packageVersion(packageName: string): Promise<string | null> {
  for (const base of [import.meta.url, path.join(process.cwd(), 'index.js')]) {
    for (const folder of createRequire(base).resolve.paths(packageName) ?? []) {
      try {
        const text = await readFile(path.join(folder, packageName, 'package.json'), 'utf8');
        const { version } = JSON.parse(text) as { version?: unknown };
        return typeof version === 'string' ? version : null;
      } catch {
        continue;
      }
    }
  }
  return null;
}

function firstLine(message: string): string {
  return (message.split('\n', 1)[0] ?? '').slice(0, 300);
}
