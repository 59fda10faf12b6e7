import type { ClientBase } from 'pg';

/** A table and the columns that hold data (generated ones compute themselves again). */
export interface MovedTable {
  /** Quoted, with its schema. */
  name: string;
  /** Quoted, in order. */
  columns: string[];
}

const USER_SCHEMA = `n.nspname <> 'information_schema' and n.nspname not like 'pg\\_%'`;

/** Every table that holds data, except TypeORM's own list of migrations. Partitions are reached through their parent. */
export async function listTables(client: ClientBase): Promise<MovedTable[]> {
  const { rows } = await client.query<MovedTable>(`
    select format('%I.%I', n.nspname, c.relname) as name,
      array_agg(quote_ident(a.attname) order by a.attnum) filter (where a.attgenerated = '') as columns
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'p') and not c.relispartition and ${USER_SCHEMA}
      and not (n.nspname = 'public' and c.relname = 'migrations')
    group by n.nspname, c.relname
    order by 1`);
  return rows;
}

export async function listMigrations(client: ClientBase): Promise<string[]> {
  const { rows: found } = await client.query<{ exists: boolean }>(
    `select to_regclass('public.migrations') is not null as exists`,
  );
  if (!found[0]!.exists) return [];
  const { rows } = await client.query<{ name: string }>('select name from migrations order by timestamp');
  return rows.map((row) => row.name);
}

/** Position of every sequence, identity columns' included. */
export async function listSequences(
  client: ClientBase,
): Promise<{ name: string; last: string; called: boolean }[]> {
  const { rows: names } = await client.query<{ name: string }>(`
    select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'S' and ${USER_SCHEMA} and c.relname <> 'migrations_id_seq'
    order by 1`);
  const sequences = [];
  for (const { name } of names) {
    const { rows } = await client.query<{ last: string; called: boolean }>(
      `select last_value as last, is_called as called from ${name}`,
    );
    sequences.push({ name, ...rows[0]! });
  }
  return sequences;
}

/**
 * Takes the foreign keys off, so tables can be filled in any order, and answers the statements that put them back and
 * thereby check every row. Only for inside a transaction.
 */
export async function dropForeignKeys(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ drop: string; restore: string }>(`
    select format('alter table %I.%I drop constraint %I', n.nspname, c.relname, k.conname) as drop,
      format('alter table %I.%I add constraint %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)) as restore
    from pg_constraint k
    join pg_class c on c.oid = k.conrelid
    join pg_namespace n on n.oid = c.relnamespace
    where k.contype = 'f' and k.conparentid = 0 and ${USER_SCHEMA}`);
  for (const { drop } of rows) await client.query(drop);
  return rows.map((row) => row.restore);
}
