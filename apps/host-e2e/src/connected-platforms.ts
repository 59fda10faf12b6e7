import type { components, TrainbridgeClient } from '@trainbridge/api-client';
import {
  startSandbox,
  type PlatformSimulator,
  type Sandbox,
  type SandboxOptions,
} from '@trainbridge/sandbox';
import { readRun, startRun, untilEnded, type Run } from './directory-run.js';
import { dataOf, until } from './expect-data.js';
import { startHost, type E2eHost } from './start-host.js';

export type PlatformId = PlatformSimulator['id'];
export type User = components['schemas']['UserDto'];
export type PlatformEvent = components['schemas']['PlatformEventDto'];
type ConnectionSettings = Omit<
  components['schemas']['CreateConnectionBody'],
  'name' | 'connector' | 'config'
>;

/** What every suite over the platforms goes through. */
export const PLATFORM_IDS: readonly PlatformId[] = ['wecom', 'dingtalk', 'feishu'];

/** One platform, and the connection of the host to it. */
export class ConnectedPlatform {
  constructor(
    readonly simulator: PlatformSimulator,
    readonly connectionId: string,
    private readonly admin: TrainbridgeClient,
  ) {}

  /** How the API asks for somebody by the account of the company, which everybody's userid is. */
  externalIdOf(account: string): string {
    return this.simulator.id === 'feishu' ? `user_id:${account}` : account;
  }

  /** The account of a user, the other way round. */
  accountOf({ externalId, externalIds }: User): string {
    return externalIds.find(({ type }) => type === 'user_id')?.value ?? externalId;
  }

  async find(account: string): Promise<User | undefined> {
    const query = { connectionId: this.connectionId, externalId: this.externalIdOf(account), limit: 10 };
    return dataOf(await this.admin.GET('/api/v1/users', { params: { query } })).data[0];
  }

  /** Active people, in the order of their ids. */
  async people(limit = 200): Promise<User[]> {
    const query = { connectionId: this.connectionId, status: 'active' as const, limit };
    return dataOf(await this.admin.GET('/api/v1/users', { params: { query } })).data;
  }

  /** A full run, to its end. */
  async sync(): Promise<Run> {
    const run = await untilEnded(this.admin, await startRun(this.admin, this.connectionId));
    return readRun(this.admin, run.id);
  }

  async events(): Promise<PlatformEvent[]> {
    const query = { connectionId: this.connectionId, limit: 200 };
    return dataOf(await this.admin.GET('/api/v1/platform-events', { params: { query } })).data;
  }

  /** Everything the platform has to tell has arrived, and is decided. */
  async settled(): Promise<PlatformEvent[]> {
    await this.simulator.idle();
    return until(
      `the end of all events of ${this.simulator.id}`,
      async () => {
        const all = await this.events();
        const open = all.filter(({ status }) => status !== 'applied' && status !== 'ignored');
        return open.length === 0 ? all : null;
      },
      20_000,
    );
  }
}

/** A host connected to all three simulated platforms of one company. */
export interface ConnectedCompany {
  sandbox: Sandbox;
  host: E2eHost;
  platform(id: PlatformId): ConnectedPlatform;
  close(): Promise<void>;
}

/**
 * Starts both sides, connects them, opens the way events take (WeCom calls back, the others hear the host's own connection)
 * and reads the company once.
 */
export async function connectedCompany(
  options: SandboxOptions = {},
  settings: ConnectionSettings = {},
): Promise<ConnectedCompany> {
  const [sandbox, host] = await Promise.all([
    startSandbox({ people: 40, departments: 6, ...options }),
    startHost(),
  ]);
  const close = async (): Promise<void> => {
    await host.close();
    await sandbox.close();
  };
  try {
    const platforms = new Map<PlatformId, ConnectedPlatform>();
    await Promise.all(
      sandbox.platforms.map(async (simulator) => {
        const platform = new ConnectedPlatform(
          simulator,
          await connect(host, sandbox, simulator, settings),
          host.admin,
        );
        const { status, error } = await platform.sync();
        if (status !== 'success')
          throw new Error(`first sync of ${simulator.id}: ${status} ${JSON.stringify(error)}`);
        platforms.set(simulator.id, platform);
      }),
    );
    return { sandbox, host, platform: (id) => platforms.get(id)!, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function connect(
  { admin, url }: E2eHost,
  sandbox: Sandbox,
  { id }: PlatformSimulator,
  settings: ConnectionSettings,
): Promise<string> {
  const body = { name: id, connector: id, config: sandbox.connectionConfig(id), ...settings };
  const connection = dataOf(await admin.POST('/api/v1/connections', { body }));
  if (id === 'wecom') {
    const callback = { url: `${url}/callbacks/${connection.id}` };
    for (const verified of [
      await sandbox.wecom.setCallback(callback),
      await sandbox.wecom.setAppCallback(callback),
    ])
      if (!verified.ok) throw new Error(`the callback was not verified: ${JSON.stringify(verified)}`);
  } else await untilListening(admin, connection.id);
  return connection.id;
}

/** Waits until the host holds its connection to the platform. */
export async function untilListening(admin: TrainbridgeClient, connectionId: string): Promise<void> {
  await until('the connection held to the platform', async () => {
    const path = { id: connectionId };
    const stats = dataOf(await admin.GET('/api/v1/connections/{id}/stats', { params: { path } }));
    return stats.listener.status === 'connected' ? true : null;
  });
}
