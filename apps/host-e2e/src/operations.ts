import { readFile } from 'node:fs/promises';

/** One operation of the API as openapi.json tells of it. */
export interface Operation {
  method: string;
  /** With `{parameters}`. */
  path: string;
  /** What a token needs; null: open to everybody. */
  scopes: string[] | null;
}

interface Document {
  paths: Record<string, Record<string, { security?: Record<string, string[]>[] }>>;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** Every operation, so that a test over all of them learns of new ones by itself. */
export async function operations(): Promise<Operation[]> {
  const file = new URL('../../../openapi.json', import.meta.url);
  const { paths } = JSON.parse(await readFile(file, 'utf8')) as Document;
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => METHODS.includes(method))
      .map(([method, { security = [] }]) => ({
        method: method.toUpperCase(),
        path,
        scopes: security.find(({ oauth2 }) => oauth2 !== undefined)?.oauth2 ?? null,
      })),
  );
}
