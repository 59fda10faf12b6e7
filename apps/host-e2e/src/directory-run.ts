import type { components, TrainbridgeClient } from '@trainbridge/api-client';
import type { Sandbox } from '@trainbridge/sandbox';
import { dataOf, until } from './expect-data.js';

export type Run = components['schemas']['RunDto'];
export type Change = components['schemas']['DirectoryChangeDto'];

/** Connects the sandbox's WeCom, with the mapping that new apps need; answers the id of the connection. */
export async function connectCompany(client: TrainbridgeClient, sandbox: Sandbox): Promise<string> {
  const body = {
    name: 'Company',
    connector: 'wecom',
    config: { ...sandbox.wecomConnection() },
    mapping: { user: { employeeNumber: "extattr.attrs[name='工号'].text.value" } },
  };
  return dataOf(await client.POST('/api/v1/connections', { body })).id;
}

/** Asks for a full sync, or to look only; answers the id of the run. */
export async function startRun(
  client: TrainbridgeClient,
  connectionId: string,
  mode: 'full' | 'reconcile' = 'full',
): Promise<string> {
  const params = { path: { id: connectionId } };
  const body = { kind: 'directory' as const, mode };
  return dataOf(await client.POST('/api/v1/connections/{id}/runs', { params, body })).id;
}

export async function readRun(client: TrainbridgeClient, id: string): Promise<Run> {
  return dataOf(await client.GET('/api/v1/runs/{id}', { params: { path: { id } } }));
}

/** Waits until a run is where `there` says; @throws when it ends before. */
export async function untilRun(
  client: TrainbridgeClient,
  id: string,
  what: string,
  there: (run: Run) => boolean,
  timeoutMs = 60_000,
): Promise<Run> {
  return until(
    what,
    async () => {
      const run = await readRun(client, id);
      if (there(run)) return run;
      if (hasEnded(run)) throw new Error(`the run ended without that ${what}: ${JSON.stringify(run)}`);
      return null;
    },
    timeoutMs,
  );
}

/** Waits for the end of a run, good or bad. */
export function untilEnded(client: TrainbridgeClient, id: string, timeoutMs = 60_000): Promise<Run> {
  return untilRun(client, id, 'the end of the run', hasEnded, timeoutMs);
}

export function hasEnded({ status }: Run): boolean {
  return status !== 'queued' && status !== 'running';
}

/** All of a connection's change feed, from its beginning. */
export async function readChanges(client: TrainbridgeClient, connectionId: string): Promise<Change[]> {
  const all: Change[] = [];
  for (let cursor: string | undefined; ;) {
    const query = { connectionId, limit: 1_000, cursor };
    const page = dataOf(await client.GET('/api/v1/directory/changes', { params: { query } }));
    all.push(...page.data);
    if (page.data.length === 0) return all;
    cursor = page.nextCursor ?? undefined;
  }
}
