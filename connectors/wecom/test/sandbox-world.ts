import type { ConnectorContext, JsonObject, UserRecord } from '@trainbridge/connector-kit';
import { ConnectorRuntime, validateConfig, type Exchange } from '@trainbridge/connector-runtime';
import { startSandbox, type Sandbox, type SandboxOptions } from '@trainbridge/sandbox';
import type { WecomContext } from '../src/api.js';
import connector from '../src/index.js';
import { readAll } from './read-all.js';

export { readAll };

/** The connector as the host drives it: real runtime, real HTTP, the simulated platform on the other side. */
export interface World {
  sandbox: Sandbox;
  exchanges: Exchange[];
  /** A context over the sandbox's connection; `change` overrides its configuration, `undefined` takes a value out. */
  context: (
    change?: Record<string, JsonObject[string] | undefined>,
    callbackUrl?: string | null,
  ) => WecomContext;
  close(): Promise<void>;
}

export async function startWorld(options: SandboxOptions = {}): Promise<World> {
  const sandbox = await startSandbox({ people: 60, departments: 8, ...options });
  const exchanges: Exchange[] = [];
  const runtime = new ConnectorRuntime({
    allowedNetworks: ['127.0.0.0/8'],
    onExchange: (exchange) => {
      exchanges.push(exchange);
    },
    retry: { attempts: 3, baseMs: 1, maxMs: 5 },
    ...(options.now ? { now: options.now } : {}),
  });
  const abort = new AbortController();
  return {
    sandbox,
    exchanges,
    context: (change = {}, callbackUrl = 'https://lms.example.test/callbacks/con_1') => {
      const wanted = { ...sandbox.wecomConnection(), ...change };
      const told = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
      const validation = validateConfig(connector, told);
      if (!validation.ok) throw new Error(JSON.stringify(validation.errors));
      return runtime.contextFor({
        connector,
        connection: { id: 'con_1', config: validation.config, timezone: 'Asia/Shanghai', locale: 'zh-CN' },
        callbackUrl,
        signal: abort.signal,
        log: { debug: quiet, info: quiet, warn: quiet },
      }) as ConnectorContext<unknown> as WecomContext;
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

type Directory = NonNullable<typeof connector.directory>;

/** The connector's functions, typed for the contexts above. */
export const directory = connector.directory as Directory;
export const check = (context: WecomContext) => connector.check(context);

/** One person as all answers of a run together tell them: memberships united, a present key beats an absent one. */
export type Merged = UserRecord & { departments: Set<string> };

/** The whole directory as the host would read it. */
export async function readDirectory(context: WecomContext) {
  const host = context as never;
  const departments = await readAll((cursor) => directory.listDepartments(host, { cursor }));
  const named = departments.items.filter((department) => !department.idOnly);
  const people = new Map<string, Merged>();
  const rejected = [...departments.rejected];
  const take = (records: UserRecord[]): void => {
    for (const record of records) {
      const key = record.externalId.toLowerCase();
      const known = people.get(key);
      const both = known ? new Set(known.departments) : new Set<string>();
      for (const { departmentId } of record.memberships ?? []) both.add(departmentId);
      const merged: Merged =
        known?.idOnly || !known ? { ...record, departments: both } : { ...known, departments: both };
      if (known && !known.idOnly && !record.idOnly) Object.assign(merged, record, { departments: both });
      people.set(key, merged);
    }
  };
  await Promise.all(
    [null, ...named.map(({ externalId }) => externalId)].map(async (departmentId) => {
      const listing = await readAll((cursor) => directory.listUsers(host, { departmentId, cursor }));
      take(listing.items);
      rejected.push(...listing.rejected);
    }),
  );
  return { departments: departments.items, named, people, rejected };
}
