import { fileURLToPath } from 'node:url';
import {
  ExchangeLog,
  PlatformEventConsumers,
  type DuePlatformEvent,
  type ListenerState,
} from '@trainbridge/connections';
import { createTestDatabase, type TestDatabase } from '@trainbridge/persistence/testing';
import { ListenersOptions, PlatformEventsModule } from '@trainbridge/platform-events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFixtureApp, type FixtureApp } from '../../connections/test/fixture-app.js';
import { PlatformEventStore } from '../src/platform-event-store.js';
import { hanging } from './listening-connector.js';
import { SocketPlatform } from './socket-platform.js';

const CONNECTOR = fileURLToPath(new URL('./listening-connector.ts', import.meta.url));
const TICKET = 'ticket-0001';

async function until<T>(what: () => T | Promise<T>, there: (value: T) => boolean = Boolean): Promise<T> {
  for (const deadline = Date.now() + 15_000; ;) {
    const value = await what();
    if (there(value)) return value;
    if (Date.now() > deadline) throw new Error(`did not happen within 15 s: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('listeners', () => {
  let database: TestDatabase;
  let platform: SocketPlatform;
  let host: FixtureApp;
  let handled: DuePlatformEvent[];
  const hosts: FixtureApp[] = [];

  const start = async (): Promise<FixtureApp> => {
    const started = await startFixtureApp(database.url, { connectors: [CONNECTOR] }, [PlatformEventsModule]);
    started.app.get(ListenersOptions).pauses = { firstMs: 20, longestMs: 100 };
    started.app.get(PlatformEventConsumers).register({
      kinds: ['user.changed'],
      handle: async (_id, events) => {
        handled.push(...events);
        return new Map(events.map(({ id }) => [id, { status: 'applied' as const }]));
      },
    });
    hosts.push(started);
    return started;
  };
  const connect = async (more: object = {}): Promise<string> => {
    const { body, status } = await host.call('POST', '/api/v1/connections', {
      name: 'x',
      connector: 'listening',
      config: { baseUrl: platform.url, ticket: TICKET },
      ...more,
    });
    expect(status, JSON.stringify(body)).toBe(201);
    return body.id;
  };
  const listener = async (id: string): Promise<ListenerState> =>
    (await host.call('GET', `/api/v1/connections/${id}/stats`)).body.listener;
  const change = (key: string) => [{ key, kind: 'user.changed', ids: ['lin'] }];

  beforeEach(async () => {
    database = await createTestDatabase();
    platform = await SocketPlatform.start();
    handled = [];
    host = await start();
  });

  afterEach(async () => {
    for (const one of hosts.splice(0)) await one.close();
    await platform.close();
    await database.drop();
  });

  it('connects by itself, commits before it acknowledges, and shows its state', async () => {
    const id = await connect();
    await until(
      () => listener(id),
      ({ status }) => status === 'connected',
    );
    platform.tell(`f1 ${TICKET}`, change('k1'));
    await until(
      () => platform.acknowledged,
      (acks) => acks.includes(`f1 ${TICKET}`),
    );
    const [event] = (await host.call('GET', `/api/v1/platform-events?connectionId=${id}`)).body.data;
    expect(event).toMatchObject({ key: 'k1', externalIds: ['lin'], raw: { method: 'LISTEN' } });
    const kept = Buffer.from(event.raw.bodyBase64, 'base64').toString();
    expect(JSON.parse(kept), 'without what the platform sent of our secrets').toEqual({
      id: 'f1 [redacted]',
    });
    await until(
      () => handled.length,
      (count) => count === 1,
    );
    expect(await listener(id)).toMatchObject({ status: 'connected', error: null });
    expect((await listener(id)).lastMessageAt).not.toBeNull();
    const { body } = await host.call('POST', `/api/v1/connections/${id}/check`);
    expect(body.findings).toContainEqual(expect.objectContaining({ step: 'listener', ok: true }));
  });

  it('neither loses nor repeats an event whose acknowledgement was cut off', async () => {
    const id = await connect();
    platform.deafTo.add('f1');
    await until(
      () => platform.connections,
      (count) => count === 1,
    );
    platform.tell('f1', change('k1'));
    await until(
      () => platform.acknowledged,
      (acks) => acks.includes('f1'),
    );
    platform.tell('f2', change('k2'));
    await until(
      () => handled.length,
      (count) => count === 2,
    );
    expect(handled.map(({ ids }) => ids)).toEqual([['lin'], ['lin']]);
    expect(platform.tickets.length).toBe(2);
    const { body } = await host.call('GET', `/api/v1/platform-events?connectionId=${id}`);
    expect(body.data.map((event: { key: string }) => event.key).sort()).toEqual(['k1', 'k2']);
  });

  it('does not acknowledge what it could not commit', async () => {
    const id = await connect();
    const store = host.app.get(PlatformEventStore);
    const accept = store.accept.bind(store);
    let refusals = 0;
    store.accept = async (...message) => {
      if (refusals++ === 0) throw new Error('the disk is full');
      return accept(...message);
    };
    await until(
      () => platform.connections,
      (count) => count === 1,
    );
    platform.tell('f1', change('k1'));
    await until(
      () => platform.acknowledged,
      (acks) => acks.includes('f1'),
    );
    expect(refusals).toBe(2);
    await until(
      () => handled.length,
      (count) => count === 1,
    );
    expect(await listener(id)).toMatchObject({ status: 'connected' });
  });

  it('goes on trying while the platform is away, says why without its ticket, and floods nothing', async () => {
    platform.shut = true;
    const id = await connect();
    const { error } = await until(
      () => listener(id),
      ({ error }) => error !== null,
    );
    expect(error).toMatchObject({ code: 'unavailable' });
    const { body } = await host.call('POST', `/api/v1/connections/${id}/check`);
    const finding = body.findings.find(({ step }: { step: string }) => step === 'listener');
    expect(finding).toMatchObject({ ok: false, advice: expect.any(String) });
    platform.shut = false;
    platform.tell('f1', change('k1'));
    await until(
      () => platform.acknowledged,
      (acks) => acks.includes('f1'),
    );
    await host.app.get(ExchangeLog).flush();
    const exchanges = await host.call('GET', `/api/v1/exchanges?connectionId=${id}&limit=200`);
    expect(exchanges.text).not.toContain(TICKET);
    expect(exchanges.body.data).toContainEqual(
      expect.objectContaining({ method: 'WS', status: 101, url: expect.stringMatching(/\/socket$/) }),
    );
    expect(exchanges.body.data).toContainEqual(expect.objectContaining({ method: 'WS', status: null }));
  });

  it('gives what one connection hears to all of its app, once, and to no other', async () => {
    const ids: string[] = [];
    for (const app of ['a', 'a', 'b']) {
      const id = await connect({ config: { baseUrl: platform.url, ticket: TICKET, app } });
      await until(
        () => listener(id),
        ({ status }) => status === 'connected',
      );
      ids.push(id);
    }
    platform.tellOne('f1', change('k1'));
    platform.tell('f2', change('k2'));
    await until(
      () => platform.acknowledged.filter((id) => id === 'f2').length,
      (count) => count === 3,
    );
    const heard = await Promise.all(
      ids.map(async (id) => {
        const { body } = await host.call('GET', `/api/v1/platform-events?connectionId=${id}`);
        return body.data.map((event: { key: string }) => event.key).sort();
      }),
    );
    expect(heard).toEqual([['k1', 'k2'], ['k1', 'k2'], ['k2']]);
  });

  it('does not fail the check of a connection that takes callbacks as well', async () => {
    platform.shut = true;
    const id = await connect({ config: { baseUrl: platform.url, ticket: TICKET, signingKey: 'key-0001' } });
    await until(
      () => listener(id),
      ({ status, error }) => status === 'waiting' && error !== null,
    );
    const { body } = await host.call('POST', `/api/v1/connections/${id}/check`);
    const finding = body.findings.find(({ step }: { step: string }) => step === 'listener');
    expect(finding).toMatchObject({
      ok: true,
      message: expect.stringContaining('unavailable'),
      advice: expect.stringMatching(/^Callbacks are taken meanwhile/),
    });
  });

  it('begins anew with a changed secret, ends with the setting and with the connection', async () => {
    const id = await connect();
    await until(
      () => platform.connections,
      (count) => count === 1,
    );
    await host.call('PATCH', `/api/v1/connections/${id}`, { config: { ticket: 'ticket-0002' } });
    await until(
      () => platform.tickets.at(-1),
      (ticket) => ticket === 'ticket-0002',
    );
    await until(
      () => platform.connections,
      (count) => count === 1,
    );
    await host.call('PATCH', `/api/v1/connections/${id}`, { listen: false });
    await until(
      () => platform.connections,
      (count) => count === 0,
    );
    expect(await listener(id)).toMatchObject({ status: 'off' });
    await host.call('PATCH', `/api/v1/connections/${id}`, { listen: null });
    await until(
      () => platform.connections,
      (count) => count === 1,
    );
    expect((await host.call('DELETE', `/api/v1/connections/${id}`)).status).toBe(204);
    await until(
      () => platform.connections,
      (count) => count === 0,
    );
  });

  it('listens in one process at a time, and another takes over when that one ends', async () => {
    await connect();
    await until(
      () => platform.connections,
      (count) => count === 1,
    );
    const second = await start();
    await second.call('POST', '/api/v1/connections', {
      name: 'y',
      connector: 'listening',
      config: { baseUrl: platform.url },
    });
    await until(
      () => platform.connections,
      (count) => count === 2,
    );
    await hosts.shift()!.close();
    await until(
      () => platform.connections,
      (count) => count === 1,
    );
    platform.tell('f1', change('k1'));
    host = second;
    // Whatever wakes it: here a change, otherwise its own look every 10 s.
    await second.call('POST', '/api/v1/connections', {
      name: 'z',
      connector: 'listening',
      config: { baseUrl: platform.url },
      listen: false,
    });
    await until(
      () => platform.connections,
      (count) => count === 2,
    );
    expect(platform.mostAtOnce).toBe(2);
    await until(
      () => platform.acknowledged.filter((id) => id === 'f1').length,
      (count) => count >= 1,
    );
  });

  it('stops listening when its lock is lost with the database session', async () => {
    const id = await connect();
    await until(
      () => platform.connections,
      (count) => count === 1,
    );
    await database.dataSource.query(
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and pid <> pg_backend_pid()
         and database = (select oid from pg_database where datname = current_database())`,
    );
    await until(
      () => platform.tickets.length,
      (count) => count === 2,
    );
    await until(
      () => listener(id),
      ({ status }) => status === 'connected',
    );
    expect(platform.connections).toBe(1);
  });

  it('tells the platform to send events after every change, and what it said stands in the check', async () => {
    const id = await connect();
    const forms = async () => {
      const { body } = await host.call('POST', `/api/v1/connections/${id}/check`);
      return body.findings.filter(({ step }: { step: string }) => /forms|activate/.test(step));
    };
    expect(await until(forms, (found) => found.length > 0)).toMatchObject([{ step: 'forms', ok: true }]);
    await host.call('PATCH', `/api/v1/connections/${id}`, { config: { forms: 'refused' } });
    const [refused] = await until(forms, ([finding]) => finding?.ok === false);
    expect(refused).toMatchObject({ step: 'activate-events', advice: 'Grant it.' });
    expect(JSON.stringify(refused)).not.toContain(TICKET);
    await host.call('PATCH', `/api/v1/connections/${id}`, { config: { forms: 'known' } });
    await until(forms, ([finding]) => finding?.ok === true);
  });

  it('does not wait for a connector that hangs while it is to be activated, when the host stops', async () => {
    await connect({ config: { baseUrl: platform.url, ticket: TICKET, forms: 'hangs' } });
    await until(() => hanging.has(platform.url));
    const late = new Promise((resolve) => setTimeout(resolve, 5_000, 'hangs'));
    expect(await Promise.race([host.close(), late])).toBe(undefined);
  });
});
