import { createClient } from '@trainbridge/api-client';
import { removeDataDir } from '@trainbridge/persistence';
import { mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dataOf } from '../src/expect-data.js';
import { spawnHost as spawn, type HostProcess } from '../src/host-process.js';
import { hostEnvironment, type HostEnvironment } from '../src/start-host.js';

describe('the host as a process', () => {
  let prepared: HostEnvironment;
  let started: HostProcess[] = [];

  const spawnHost = (...input: Parameters<typeof spawn>): HostProcess => {
    const host = spawn(...input);
    started.push(host);
    return host;
  };

  afterEach(async () => {
    for (const host of started) host.kill('SIGKILL');
    await Promise.all(started.map(({ ended }) => ended));
    started = [];
  });

  beforeAll(async () => void (prepared = await hostEnvironment()));
  afterAll(() => prepared?.remove());

  it('says `listening` in one JSON line, is ready, and ends with 0 on SIGTERM', async () => {
    const host = spawnHost({ ...prepared.environment, LOG_LEVEL: 'info', NODE_ENV: '' });
    const url = await host.listening;
    expect(url).toBe(prepared.url);
    for (const line of host.stdout().trim().split('\n'))
      expect(() => JSON.parse(line) as unknown).not.toThrow();
    const ready = await fetch(`${url}/health/ready`);
    expect([ready.status, await ready.json()]).toMatchObject([200, { status: 'ready' }]);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    const openapi = (await (await fetch(`${url}/openapi.json`)).json()) as { openapi: string };
    expect(openapi.openapi).toBe('3.1.0');
    const docs = await fetch(`${url}/docs`);
    expect([docs.status, docs.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const page = await docs.text();
    expect(page).not.toMatch(/https?:\/\//);
    for (const [, asset] of page.matchAll(/(?:src|href)="(\/[^"]+)"/g)) {
      expect([asset, (await fetch(`${url}${asset}`)).status]).toEqual([asset, 200]);
    }
    expect((await fetch(`${url}/docs/assets/package.json`)).status).toBe(404);
    expect((await fetch(`${url}/api/v1/connections`)).status).toBe(401);
    host.kill('SIGTERM');
    expect(await host.ended).toEqual({ code: 0, signal: null });
    expect(host.stdout()).not.toContain(prepared.adminToken);
    expect(host.stderr()).toBe('');
  });

  it.each([
    ['PORT', 'eighty'],
    ['PUBLIC_URL', 'http://bridge.example.com'],
    ['TRAINBRIDGE_SECRET_KEY', 'short'],
    ['TRAINBRIDGE_ALLOWED_NETWORKS', 'everywhere'],
    ['REDIS_URL', 'redis://127.0.0.1:6379'],
    ['TRAINBRIDGE_ROLE', 'worker'],
    ['LOG_LEVEL', 'loud'],
  ])('a bad %s stops the start with one line that names it', async (name, value) => {
    const host = spawnHost({ ...prepared.environment, [name]: value });
    expect(await host.ended).toEqual({ code: 1, signal: null });
    expect(host.stderr().trim().split('\n')).toEqual([expect.stringMatching(new RegExp(`^${name} `))]);
  });

  it('a port that is taken stops the start with one line', async () => {
    const first = spawnHost({ ...prepared.environment });
    await first.listening;
    const second = spawnHost({ ...prepared.environment });
    expect(await second.ended).toEqual({ code: 1, signal: null });
    expect(second.stderr().trim()).toMatch(/^PORT \d+ on 127\.0\.0\.1 is in use[^\n]*$/);
    first.kill('SIGINT');
    expect(await first.ended).toEqual({ code: 0, signal: null });
  });

  it('another key than the one the secrets were encrypted with stops the start with one line', async () => {
    const first = spawnHost(prepared.environment);
    const admin = createClient({ baseUrl: await first.listening, token: prepared.adminToken });
    const config = { corpId: 'ww1', agentId: '1', agentSecret: 'does-not-matter' };
    dataOf(await admin.POST('/api/v1/connections', { body: { name: 'x', connector: 'wecom', config } }));
    first.kill('SIGTERM');
    expect((await first.ended).code).toBe(0);
    const key = Buffer.alloc(32, 1).toString('base64');
    const second = spawnHost({ ...prepared.environment, TRAINBRIDGE_SECRET_KEY: key });
    expect(await second.ended).toEqual({ code: 1, signal: null });
    expect(second.stderr().trim()).toMatch(/^TRAINBRIDGE_SECRET_KEY is not the key [^\n]+$/);
  });

  it('keeps an admin token and a key it made itself, for its owner only', async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'trainbridge-embedded-'));
    try {
      const environment = { DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'info' };
      const first = spawnHost(environment);
      const url = await first.listening;
      for (const file of ['admin-token', 'secret-key']) {
        expect((await stat(path.join(dataDir, file))).mode & 0o777).toBe(0o600);
      }
      expect((await fetch(`${url}/health/ready`)).status).toBe(200);
      first.kill('SIGTERM');
      expect(await first.ended).toEqual({ code: 0, signal: null });
    } finally {
      removeDataDir(dataDir);
    }
  });

  it('knows its commands', async () => {
    const unknown = spawnHost(prepared.environment, ['moove-database']);
    expect((await unknown.ended).code).toBe(2);
    expect(unknown.stderr()).toContain('usage:');
    const incomplete = spawnHost({ DATA_DIR: prepared.environment.DATA_DIR! }, ['move-database']);
    expect((await incomplete.ended).code).toBe(1);
    expect(incomplete.stderr().trim()).toMatch(/^move-database takes exactly --to [^\n]+$/);
  });
});
