import type {
  Connector,
  ConnectorContext,
  CustomerRecord,
  DepartmentRecord,
  Page,
  RejectedRecord,
  UserRecord,
} from '@trainbridge/connector-kit';
import type { Stand } from './stand.js';

/** One listing as the host reads it: from a cursor to its end. */
export interface Listing<T> {
  name: string;
  read: (cursor: string | null) => Promise<Page<T>>;
}

export interface ReadPages<T> {
  items: T[];
  rejected: RejectedRecord[];
  /** The cursors between the pages, in order, and how many items came before each. */
  cursors: { cursor: string; before: number }[];
}

const MOST_PAGES = 5_000;

/** Reads a listing to its end, and minds what the contract says of every page. */
export async function readAll<T>(
  stand: Stand,
  listing: Listing<T>,
  from: string | null = null,
): Promise<ReadPages<T>> {
  const all: ReadPages<T> = { items: [], rejected: [], cursors: [] };
  for (let cursor = from, pages = 0; ; pages += 1) {
    if (pages === MOST_PAGES) throw new Error(`${listing.name} does not end after ${MOST_PAGES} pages`);
    const page = await stand.call(listing.name, () => listing.read(cursor));
    all.items.push(...page.items);
    all.rejected.push(...page.rejected);
    if (page.done !== (page.cursor === null))
      throw new Error(`${listing.name}: the cursor must be null exactly when done`);
    if (page.cursor === null) return all;
    if (page.cursor === '' || page.cursor.length > 2_048)
      throw new Error(`${listing.name}: a cursor has 1 to 2,048 characters, not ${page.cursor.length}`);
    all.cursors.push({ cursor: page.cursor, before: all.items.length });
    cursor = page.cursor;
  }
}

export interface Crawl {
  departments: Map<string, DepartmentRecord[]>;
  people: Map<string, UserRecord[]>;
  rejected: RejectedRecord[];
}

/** The whole directory as the host walks it, every record under its id. */
export async function crawl(connector: Connector, stand: Stand, context: ConnectorContext): Promise<Crawl> {
  const found: Crawl = { departments: new Map(), people: new Map(), rejected: [] };
  for await (const listing of departmentListings(connector, context, found)) {
    const { items, rejected } = await readAll(stand, listing);
    for (const item of items) add(found.departments, item);
    found.rejected.push(...rejected);
  }
  const listings = peopleListings(connector, context, [...found.departments.keys()]);
  await inParallel(listings, connector.manifest.maxConcurrency, async (listing) => {
    const { items, rejected } = await readAll(stand, listing);
    for (const item of items) add(found.people, item);
    found.rejected.push(...rejected);
  });
  return found;
}

/** With `departmentsBy: parent` each round's departments are the parents of the next. */
async function* departmentListings(
  connector: Connector,
  context: ConnectorContext,
  found: Crawl,
): AsyncGenerator<Listing<DepartmentRecord>> {
  const directory = connector.directory!;
  const byParent = connector.manifest.directory?.departmentsBy === 'parent';
  yield {
    name: 'directory.listDepartments',
    read: (cursor) => directory.listDepartments(context, byParent ? { parentId: null, cursor } : { cursor }),
  };
  const asked = new Set<string>();
  for (let more = byParent; more;) {
    const parents = [...found.departments.keys()].filter((id) => !asked.has(id));
    more = parents.length > 0;
    for (const parentId of parents) {
      asked.add(parentId);
      yield {
        name: `directory.listDepartments below ${parentId}`,
        read: (cursor) => directory.listDepartments(context, { parentId, cursor }),
      };
    }
  }
}

export function peopleListings(
  connector: Connector,
  context: ConnectorContext,
  departmentIds: readonly string[],
): Listing<UserRecord>[] {
  const directory = connector.directory!;
  const usersBy = connector.manifest.directory?.usersBy;
  const of = (departmentId: string | null): Listing<UserRecord> => ({
    name: `directory.listUsers of ${departmentId ?? 'the company'}`,
    read: (cursor) => directory.listUsers(context, { departmentId, cursor }),
  });
  const departments = usersBy === 'company' ? [] : departmentIds.map(of);
  return usersBy === 'department' ? departments : [...departments, of(null)];
}

export function customerListing(
  connector: Connector,
  context: ConnectorContext,
): Listing<CustomerRecord> | null {
  const { customers } = connector;
  if (!customers?.list) return null;
  return { name: 'customers.list', read: (cursor) => customers.list!(context, { cursor }) };
}

export async function inParallel<T>(
  items: readonly T[],
  concurrency: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: Math.min(concurrency, items.length) }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}

function add<T extends { externalId: string }>(into: Map<string, T[]>, item: T): void {
  const known = into.get(item.externalId);
  if (known) known.push(item);
  else into.set(item.externalId, [item]);
}

/** Begins anew at every cursor of a listing, as after a crash: the rest must be the same each time. */
export async function resumeEverywhere<T extends { externalId: string }>(
  stand: Stand,
  listing: Listing<T>,
): Promise<ReadPages<T>> {
  const whole = await readAll(stand, listing);
  const ids = idsOf(whole);
  // Backwards: a connector that remembers where it was is found out by being sent back.
  for (const { cursor, before } of [...whole.cursors].reverse()) {
    const rest = idsOf(await readAll(stand, listing, cursor));
    if (JSON.stringify(rest) !== JSON.stringify(ids.slice(before)))
      throw new Error(
        `${listing.name}: after ${before} of ${ids.length} records the cursor led to ${rest.length} others than the ${ids.length - before} that were left`,
      );
  }
  return whole;
}

function idsOf<T extends { externalId: string }>({ items }: ReadPages<T>): string[] {
  return items.map(({ externalId }) => externalId);
}
