import type { ConnectorContext, JsonObject, Page, UserRecord } from '@trainbridge/connector-kit';
import { ConnectorRuntime, validateConfig, type Exchange } from '@trainbridge/connector-runtime';
import { startSandbox, type Sandbox, type SandboxOptions } from '@trainbridge/sandbox';
import connector from '../src/index.js';

/** The connector as the host drives it: real runtime, real HTTP, the simulated platform on the other side. */
export interface World {
  sandbox: Sandbox;
  exchanges: Exchange[];
  /** A context over the sandbox's connection; `change` overrides its configuration. */
  context: (change?: JsonObject, signal?: AbortSignal) => ConnectorContext;
  close(): Promise<void>;
}

export async function startWorld(options: SandboxOptions = {}): Promise<World> {
  const sandbox = await startSandbox({ people: 60, departments: 8, ...options });
  const exchanges: Exchange[] = [];
  const runtime = new ConnectorRuntime({
    allowedNetworks: ['127.0.0.0/8', '::1/128'],
    onExchange: (exchange) => void exchanges.push(exchange),
    retry: { attempts: 3, baseMs: 1, maxMs: 5 },
    ...(options.now ? { now: options.now } : {}),
  });
  const abort = new AbortController();
  return {
    sandbox,
    exchanges,
    context: (change = {}, signal = abort.signal) => {
      const config = { ...(sandbox.connectionConfig('feishu') as JsonObject), ...change };
      const validation = validateConfig(connector, config);
      if (!validation.ok) throw new Error(JSON.stringify(validation.errors));
      return runtime.contextFor({
        connector,
        connection: { id: 'con_1', config: validation.config, timezone: 'Asia/Shanghai', locale: 'zh-CN' },
        callbackUrl: 'https://lms.example.test/callbacks/con_1',
        signal,
        log: { debug: quiet, info: quiet, warn: quiet },
      });
    },
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

/** The connector's capabilities, all of which it has. */
export function has<T>(capability: T | undefined): T {
  if (capability === undefined) throw new Error('the connector lacks it');
  return capability;
}
export const directory = has(connector.directory);
export const events = has(connector.events);

/** Reads a listing to its end; stops after 200 pages. */
export async function readAll<T>(read: (cursor: string | null) => Promise<Page<T>>) {
  const items: T[] = [];
  const rejected: Page<T>['rejected'] = [];
  let cursor: string | null = null;
  let pages = 0;
  do {
    const page: Page<T> = await read(cursor);
    if (page.done !== (page.cursor === null)) throw new Error('cursor and done disagree');
    items.push(...page.items);
    rejected.push(...page.rejected);
    cursor = page.cursor;
    pages += 1;
  } while (cursor !== null && pages < 200);
  return { items, rejected, pages };
}

/** One person as all answers of a run together tell them: memberships united. */
export type Merged = UserRecord & { departments: Set<string> };

/** The whole directory as the host would read it. */
export async function readDirectory(context: ConnectorContext) {
  const departments = await readAll((cursor) => directory.listDepartments(context, { cursor }));
  const people = new Map<string, Merged>();
  const rejected = [...departments.rejected];
  const ids = [...new Set(departments.items.map(({ externalId }) => externalId))];
  await Promise.all(
    [null, ...ids].map(async (departmentId) => {
      const listing = await readAll((cursor) => directory.listUsers(context, { departmentId, cursor }));
      rejected.push(...listing.rejected);
      for (const record of listing.items) {
        const merged = people.get(record.externalId) ?? { ...record, departments: new Set<string>() };
        for (const membership of record.memberships ?? []) merged.departments.add(membership.departmentId);
        people.set(record.externalId, merged);
      }
    }),
  );
  return { departments: new Map(departments.items.map((one) => [one.externalId, one])), people, rejected };
}
