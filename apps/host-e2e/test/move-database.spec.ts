import { createClient } from '@trainbridge/api-client';
import { removeDataDir } from '@trainbridge/persistence';
import { TEST_SERVER_VARIABLE } from '@trainbridge/persistence/testing';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataOf } from '../src/expect-data.js';
import { spawnHost, type HostProcess } from '../src/host-process.js';

const NAME = `tb_moved_${process.pid}_${Date.now()}`;

async function onServer(statement: string): Promise<void> {
  const client = new Client({ connectionString: process.env[TEST_SERVER_VARIABLE] });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

describe('move-database', () => {
  let dataDir: string;
  let target: string;
  let host: HostProcess | undefined;

  beforeAll(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'trainbridge-move-'));
    await onServer(`create database ${NAME}`);
    const url = new URL(process.env[TEST_SERVER_VARIABLE]!);
    url.pathname = `/${NAME}`;
    target = url.href;
  });

  afterAll(async () => {
    host?.kill('SIGKILL');
    await host?.ended;
    await onServer(`drop database if exists ${NAME} with (force)`);
    removeDataDir(dataDir);
  });

  it('takes everything from the embedded database into another, secrets included', async () => {
    const embedded = { DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'warn' };
    host = spawnHost(embedded);
    const token = async (): Promise<string> =>
      (await readFile(path.join(dataDir, 'admin-token'), 'utf8')).trim();
    const before = createClient({ baseUrl: await host.listening, token: await token() });
    const config = { corpId: 'ww1', agentId: '1', agentSecret: 'does-not-matter' };
    const made = dataOf(
      await before.POST('/api/v1/connections', { body: { name: 'Moved', connector: 'wecom', config } }),
    );
    host.kill('SIGTERM');
    expect((await host.ended).code).toBe(0);

    host = spawnHost({ DATA_DIR: dataDir }, ['move-database', '--to', target]);
    const { code } = await host.ended;
    expect([code, host.stderr()]).toEqual([0, '']);
    expect(host.stdout()).toMatch(/connections: 1 rows/);
    expect(host.stdout()).toContain(path.join(dataDir, 'secret-key'));

    const key = (await readFile(path.join(dataDir, 'secret-key'), 'utf8')).trim();
    host = spawnHost({ ...embedded, DATABASE_URL: target, TRAINBRIDGE_SECRET_KEY: key });
    const after = createClient({ baseUrl: await host.listening, token: await token() });
    const { data } = dataOf(await after.GET('/api/v1/connections'));
    expect(data).toEqual([{ ...made, updatedAt: expect.any(String) }]);
    expect(data[0]!.secretsSet).toEqual(['agentSecret']);
    host.kill('SIGTERM');
    expect((await host.ended).code).toBe(0);

    const again = spawnHost({ DATA_DIR: dataDir }, ['move-database', `--to=${target}`]);
    expect((await again.ended).code).toBe(1);
    expect(again.stderr().trim().split('\n')).toHaveLength(1);
  }, 60_000);
});
