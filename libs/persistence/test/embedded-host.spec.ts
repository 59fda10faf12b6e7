import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  readFileSync,
  readdirSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { isAlive } from '../src/embedded/process-identity.js';
import { chooseServerAccount, runsAsRoot } from '../src/embedded/server-user.js';
import { HostProcess, makeClone, postmasterPid, serverProcesses, type Clone } from './clone.js';

let clone: Clone;
const hosts: HostProcess[] = [];
let prepared: string;
beforeAll(async () => {
  clone = makeClone();
  prepared = clone.newDataDir();
  await (await new HostProcess(clone, prepared).ready()).stop();
});
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.kill()));
  for (const pid of serverProcesses(clone.folder)) process.kill(pid, 'SIGKILL');
});
afterAll(() => clone.remove());

function start(dataDir: string, options: { drainMs?: number; durable?: boolean } = {}): HostProcess {
  const host = new HostProcess(clone, dataDir, options);
  hosts.push(host);
  return host;
}

/** A data folder as a first start and a proper stop left it; quicker than another initdb. */
function usedDataDir(): string {
  const dataDir = clone.newDataDir();
  execFileSync('cp', ['-a', prepared, dataDir]);
  return dataDir;
}

const folderOf = (dataDir: string) => join(dataDir, 'postgres');
const nothingLeft = (dataDir: string) =>
  vi.waitFor(() => expect(serverProcesses(dataDir)).toEqual([]), { timeout: 20_000, interval: 20 });

describe('an embedded database', { timeout: 60_000 }, () => {
  it('starts on an empty folder, is safe by its settings, and keeps its data over a restart', async () => {
    const dataDir = clone.newDataDir();
    const first = await start(dataDir, { durable: true }).ready();
    const [settings] = await first.query(
      `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit, current_setting('listen_addresses') as listen,
         current_setting('unix_socket_directories') as sockets, current_setting('server_encoding') as encoding,
         current_setting('server_version_num')::int / 10000 as version,
         (select datlocale from pg_database where datname = current_database()) as locale`,
    );
    expect(settings).toEqual({
      fsync: 'on',
      commit: 'on',
      listen: '127.0.0.1',
      sockets: '',
      encoding: 'UTF8',
      version: 18,
      locale: 'C.UTF-8',
    });
    expect(first.messages).toContainEqual(
      expect.objectContaining({
        message: expect.stringMatching(/evaluation and small companies.*move-database --to/),
      }),
    );
    expect(JSON.stringify(first.messages.filter((message) => message.message))).not.toContain(
      passwordOf(dataDir),
    );
    await first.query('create table kept as select 42 as answer');
    await first.stop();
    await nothingLeft(dataDir);
    const second = await start(dataDir).ready();
    expect(await second.query('select answer from kept')).toEqual([{ answer: 42 }]);
    await second.stop();
    await nothingLeft(dataDir);
  });

  it('lets nobody in without the password, which only its owner can read', async () => {
    const dataDir = usedDataDir();
    const host = await start(dataDir).ready();
    const url = new URL(String(host.messages.find((message) => message.ready)!.url));
    for (const password of ['', 'guess']) {
      url.password = password;
      const client = new Client({ connectionString: url.toString() });
      await expect(client.connect()).rejects.toThrow(/password/);
    }
    expect(statSync(join(dataDir, 'postgres.json')).mode & 0o777).toBe(0o600);
    expect(statSync(folderOf(dataDir)).mode & 0o777).toBe(0o700);
  });

  it('outlives a killed host and is taken over by the next', async () => {
    const dataDir = usedDataDir();
    const first = await start(dataDir).ready();
    await first.query('create table kept as select 1 as answer');
    const server = postmasterPid(folderOf(dataDir));
    await first.kill();
    expect(isAlive(server!)).toBe(true);
    const second = await start(dataDir).ready();
    expect(postmasterPid(folderOf(dataDir))).toBe(server);
    expect(second.messages).toContainEqual(
      expect.objectContaining({
        message: 'embedded PostgreSQL is ready',
        fields: expect.objectContaining({ adopted: true }),
      }),
    );
    expect(await second.query('select answer from kept')).toEqual([{ answer: 1 }]);
    await second.stop();
    await nothingLeft(dataDir);
  });

  it('refuses a second host in one line that names the folder, and the first goes on', async () => {
    const dataDir = usedDataDir();
    const first = await start(dataDir).ready();
    const { code, line } = await start(dataDir).refusal();
    expect(code).toBe(1);
    expect(line).toMatch(/^another host \(process \d+\) is using the embedded database in .*$/);
    expect(line).toContain(dataDir);
    expect(await first.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('says so when the password on record is not its own, and leaves no server running', async () => {
    const dataDir = usedDataDir();
    const record = JSON.parse(readFileSync(join(dataDir, 'postgres.json'), 'utf8')) as object;
    writeFileSync(join(dataDir, 'postgres.json'), JSON.stringify({ ...record, password: 'another' }));
    const { code, line } = await start(dataDir).refusal();
    expect(code).toBe(1);
    expect(line).toMatch(/^the password in .*postgres\.json is not that of the database in .*$/);
    await nothingLeft(dataDir);
  });

  it('has one winner when three hosts start on a fresh folder', async () => {
    const dataDir = clone.newDataDir();
    const racers = [start(dataDir), start(dataDir), start(dataDir)];
    const outcomes = await Promise.all(
      racers.map((host) =>
        host.ready().then(
          () => 'ready',
          (error: Error) => error.message,
        ),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'ready')).toHaveLength(1);
    expect(outcomes.filter((outcome) => /another host .*is using/.test(outcome))).toHaveLength(2);
    const winner = racers[outcomes.indexOf('ready')]!;
    expect(await winner.query('select 1 as one')).toEqual([{ one: 1 }]);
    expect(readdirSync(dataDir).filter((name) => name.startsWith('initdb'))).toEqual([]);
  });

  it('makes the cluster again when the first attempt was killed half-way', async () => {
    const dataDir = clone.newDataDir();
    const first = start(dataDir);
    const workshop = await vi.waitFor(
      () => {
        const found = readdirSync(dataDir).find((name) => name.startsWith('initdb'));
        expect(existsSync(join(dataDir, found!, 'data', 'base'))).toBe(true);
        return found!;
      },
      { timeout: 20_000, interval: 2 },
    );
    await first.kill();
    for (const pid of serverProcesses(dataDir)) process.kill(pid, 'SIGKILL');
    expect(existsSync(folderOf(dataDir))).toBe(false);
    const second = await start(dataDir).ready();
    expect(await second.query('select 1 as one')).toEqual([{ one: 1 }]);
    expect(existsSync(join(dataDir, workshop))).toBe(false);
  });

  it('is not held up by a postmaster.pid that means nothing', async () => {
    const dataDir = usedDataDir();
    const account = chooseServerAccount(folderOf(dataDir));
    const pidFile = join(folderOf(dataDir), 'postmaster.pid');
    // A process of the server's own account, as after a reboot: PostgreSQL by itself would refuse to start.
    const stranger = spawn('sleep', ['60'], { ...account, stdio: 'ignore' });
    try {
      for (const pid of ['999999', String(stranger.pid), 'torn', null]) {
        writeFileSync(
          pidFile,
          pid === null
            ? ''
            : `${pid}\n${folderOf(dataDir)}\n1700000000\n5433\n\n127.0.0.1\n  1234 5678\nready   \n`,
        );
        chmodSync(pidFile, 0o600);
        if (account !== null) chownSync(pidFile, account.uid, account.gid);
        utimesSync(pidFile, new Date(0), new Date(0));
        const host = await start(dataDir).ready();
        expect(await host.query('select 1 as one')).toEqual([{ one: 1 }]);
        await host.stop();
      }
      expect(isAlive(stranger.pid!)).toBe(true);
    } finally {
      stranger.kill();
    }
  });
});

describe('Ctrl-C', { timeout: 60_000 }, () => {
  it('leaves nothing when the host has no handler yet', async () => {
    const dataDir = usedDataDir();
    const host = await start(dataDir).ready();
    host.interrupt();
    expect(await host.ended).toEqual({ code: null, signal: 'SIGINT' });
    await nothingLeft(dataDir);
  });

  it('leaves nothing while the cluster is being made', async () => {
    const dataDir = clone.newDataDir();
    const host = start(dataDir);
    await vi.waitFor(() => expect(serverProcesses(dataDir).length).toBeGreaterThan(1), {
      timeout: 20_000,
      interval: 2,
    });
    host.interrupt();
    expect(await host.ended).toEqual({ code: null, signal: 'SIGINT' });
    await nothingLeft(dataDir);
  });

  it('does not reach the server under a host that is still draining', async () => {
    const dataDir = usedDataDir();
    const host = await start(dataDir, { drainMs: 300 }).ready();
    host.interrupt();
    expect(await host.ended).toEqual({ code: 0, signal: null });
    expect(host.messages).toContainEqual({ drained: [{ one: 1 }] });
    await nothingLeft(dataDir);
  });
});

describe('a running host', { timeout: 60_000 }, () => {
  it('says so and goes on when the connection that holds its lock is cut', async () => {
    const dataDir = usedDataDir();
    const host = await start(dataDir).ready();
    await host.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'trainbridge-host%'`,
    );
    await host.message((message) => message.level === 'warn');
    await host.message((message) => /in hand again/.test(String(message.message)));
    expect((await start(dataDir).refusal()).line).toMatch(/another host/);
    await host.stop();
    await nothingLeft(dataDir);
  });

  it('starts a server that died again, on the same port and without losing what was committed', async () => {
    const dataDir = usedDataDir();
    const host = await start(dataDir, { durable: true }).ready();
    await host.query('create table kept as select 7 as answer');
    process.kill(postmasterPid(folderOf(dataDir))!, 'SIGKILL');
    await host.message((message) => /in hand again/.test(String(message.message)));
    await sleep(10);
    expect(await host.query('select answer from kept')).toEqual([{ answer: 7 }]);
    await host.stop();
    await nothingLeft(dataDir);
  });
});

if (runsAsRoot()) {
  it('never runs PostgreSQL as root', async () => {
    const dataDir = usedDataDir();
    await start(dataDir).ready();
    expect(statSync(`/proc/${postmasterPid(folderOf(dataDir))}`).uid).not.toBe(0);
  });
}

function passwordOf(dataDir: string): string {
  return (JSON.parse(readFileSync(join(dataDir, 'postgres.json'), 'utf8')) as { password: string }).password;
}
