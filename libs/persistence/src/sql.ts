import type { EntityManager } from 'typeorm';

/** Whatever can run a statement: a transaction's manager or the data source itself. */
export type Sql = Pick<EntityManager, 'query'>;

/** The rows of a SELECT, or of any statement with RETURNING. */
export async function rows<Row>(sql: Sql, statement: string, parameters: unknown[] = []): Promise<Row[]> {
  // TypeORM answers [rows, count] for UPDATE and DELETE, with or without a WITH, and the rows alone for everything else.
  const answer = await sql.query<Row[] | [Row[], number]>(statement, parameters);
  const [found, count] = answer;
  return Array.isArray(found) && typeof count === 'number' ? found : (answer as Row[]);
}

/** How many rows an UPDATE or DELETE touched. */
export async function affected(sql: Sql, statement: string, parameters: unknown[] = []): Promise<number> {
  return (await sql.query<[unknown, number]>(statement, parameters))[1];
}

/** Text PostgreSQL can hold: without NUL and without half surrogate pairs. */
export function storable(text: string): string {
  return UNSTORABLE_TEXT.test(text) ? text.replace(UNSTORABLE_CHARACTER, '') : text;
}

/** JSON text that jsonb accepts, whatever characters a platform sent. */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  // JSON.stringify escapes exactly NUL and lone surrogates this way (and text that looks like such an escape).
  return /\\u(0000|d[89a-f])/.test(json) ? JSON.stringify(JSON.parse(json, cleaned)) : json;
}

const UNSTORABLE_TEXT = /[\0\ud800-\udfff]/;
const UNSTORABLE_CHARACTER = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function cleaned(this: unknown, _key: string, value: unknown): unknown {
  if (typeof value === 'string') return storable(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const keys = Object.keys(value);
  if (keys.every((key) => storable(key) === key)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [storable(key), item]));
}
