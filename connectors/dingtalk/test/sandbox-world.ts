import type {
  ConnectorContext,
  DepartmentRecord,
  JsonObject,
  Page,
  UserRecord,
} from '@trainbridge/connector-kit';
import { ConnectorRuntime, validateConfig, type Exchange } from '@trainbridge/connector-runtime';
import { startSandbox, type DingtalkOptions, type Sandbox } from '@trainbridge/sandbox';
import type { DingtalkContext } from '../src/api.js';
import { directory } from '../src/directory.js';
import connector from '../src/index.js';

/** The connector as the host drives it: real runtime, real HTTP and web sockets, the simulated platform opposite. */
export interface World {
  sandbox: Sandbox;
  exchanges: Exchange[];
  context(change?: Record<string, JsonObject[string] | undefined>): DingtalkContext;
  /** A control of the simulated platform, such as `POST customers`. */
  control(name: string, body?: JsonObject): Promise<unknown>;
  abort(): void;
  close(): Promise<void>;
}

export async function startWorld(
  dingtalk: DingtalkOptions = {},
  people = 60,
  departments = 8,
): Promise<World> {
  const sandbox = await startSandbox({ people, departments, dingtalk });
  const exchanges: Exchange[] = [];
  const runtime = new ConnectorRuntime({
    allowedNetworks: ['127.0.0.0/8'],
    onExchange: (exchange) => void exchanges.push(exchange),
    retry: { attempts: 4, baseMs: 5, maxMs: 1_200 },
  });
  const abort = new AbortController();
  return {
    sandbox,
    exchanges,
    context: (change = {}) => {
      const wanted = { ...sandbox.connectionConfig('dingtalk'), ...change };
      const told = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
      const validation = validateConfig(connector, told);
      if (!validation.ok) throw new Error(JSON.stringify(validation.errors));
      return runtime.contextFor({
        connector,
        connection: { id: 'con_1', config: validation.config, timezone: 'Asia/Shanghai', locale: 'zh-CN' },
        callbackUrl: 'https://lms.example.test/callbacks/con_1',
        signal: abort.signal,
        log: { debug: quiet, info: quiet, warn: quiet },
      }) as ConnectorContext<unknown> as DingtalkContext;
    },
    async control(name, body) {
      const [method = 'GET', path = ''] = name.split(' ');
      const answer = await fetch(`${sandbox.url}/sandbox/dingtalk/${path}`, {
        method,
        ...(body === undefined
          ? {}
          : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    },
    abort: () => abort.abort(),
    async close() {
      abort.abort();
      await runtime.close();
      await sandbox.close();
    },
  };
}

function quiet(): void {
  // Nobody reads it.
}

/** Reads a listing to its end. */
export async function readAll<T>(read: (cursor: string | null) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await read(cursor);
    if (page.rejected.length > 0) throw new Error(JSON.stringify(page.rejected));
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== null);
  return items;
}

/** The whole directory as the host reads it: from parent to children, then the people of each, and those named. */
export async function readDirectory(context: DingtalkContext) {
  const departments = new Map<string, DepartmentRecord>();
  let frontier: (string | null)[] = [null];
  while (frontier.length > 0) {
    const levels = await Promise.all(
      frontier.map((parentId) =>
        readAll((cursor) => directory.listDepartments(context, { parentId, cursor })),
      ),
    );
    const fresh = levels.flat().filter(({ externalId }) => !departments.has(externalId));
    for (const department of fresh) departments.set(department.externalId, department);
    frontier = fresh.map(({ externalId }) => externalId);
  }
  const people = new Map<string, UserRecord>();
  const listings = await Promise.all(
    [null, ...departments.keys()].map((departmentId) =>
      readAll((cursor) => directory.listUsers(context, { departmentId, cursor })),
    ),
  );
  for (const record of listings.flat()) {
    const known = people.get(record.externalId);
    const memberships = new Map(
      [...(known?.memberships ?? []), ...(record.memberships ?? [])].map((told) => [told.departmentId, told]),
    );
    people.set(record.externalId, { ...known, ...record, memberships: [...memberships.values()] });
  }
  return { departments, people };
}
