import { Logger } from '@nestjs/common';
import { createTestDatabase, type TestDatabase } from '@trainbridge/persistence/testing';
import {
  PlatformEventConsumers,
  type DuePlatformEvent,
  type PlatformEventOutcome,
} from '@trainbridge/connections';
import { PlatformEventsModule } from '@trainbridge/platform-events';
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PlatformEventStore } from '../src/platform-event-store.js';
import { MOST_REFUSALS_KEPT } from '../src/refusal-limit.js';
import { startFixtureApp, type Answer, type FixtureApp } from '../../connections/test/fixture-app.js';

const SECRET = 'correct-horse';

async function until<T>(what: () => Promise<T | false | undefined | null>): Promise<T> {
  for (let tries = 0; tries < 200; tries++) {
    const found = await what();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('did not happen within 5 s');
}

describe('callbacks', () => {
  let database: TestDatabase;
  let host: FixtureApp;
  let id: string;
  const handled: DuePlatformEvent[][] = [];
  let decide: (event: DuePlatformEvent) => PlatformEventOutcome | undefined = () => ({ status: 'applied' });
  let atOnce = 0;
  let mostAtOnce = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    host = await startFixtureApp(database.url, {}, [PlatformEventsModule]);
    const { body } = await host.call('POST', '/api/v1/connections', {
      name: 'x',
      connector: 'fixture',
      config: { tenant: 't', secret: SECRET },
    });
    id = body.id;
    host.app.get(PlatformEventConsumers).register({
      kinds: ['user.changed'],
      handle: async (_connectionId, events) => {
        mostAtOnce = Math.max(mostAtOnce, ++atOnce);
        handled.push(events);
        await new Promise((resolve) => setTimeout(resolve, 20));
        atOnce -= 1;
        return new Map(
          events.flatMap((event) => {
            const outcome = decide(event);
            return outcome ? [[event.id, outcome] as const] : [];
          }),
        );
      },
    });
  });

  afterAll(async () => {
    await host?.close();
    await database?.drop();
  });

  const send = (events: unknown, { signature = SECRET, connection = id } = {}): Promise<Response> =>
    fetch(`${host.url}/callbacks/${connection}?signature=${signature}`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml' },
      body: typeof events === 'string' ? events : JSON.stringify(events),
    });
  const eventOf = (key: string): Promise<Answer['body']> =>
    host
      .call('GET', `/api/v1/platform-events?connectionId=${id}&limit=200`)
      .then(({ body }) => body.data.find((event: { key: string }) => event.key === key));
  const ended = (key: string): Promise<Answer['body']> =>
    until(async () => {
      const event = await eventOf(key);
      return event && event.status !== 'pending' ? event : null;
    });
  const stored = async (): Promise<number[]> => {
    const [{ events, messages }] = await database.dataSource.query(
      `select (select count(*)::int from platform_events) as events, (select count(*)::int from platform_messages) as messages`,
    );
    return [events, messages];
  };

  it("verifies an address with the connector's own words, quickly", async () => {
    const begin = performance.now();
    const response = await fetch(`${host.url}/callbacks/${id}?signature=${SECRET}&echo=%E4%BD%A0%E5%A5%BD`);
    const text = await response.text();
    expect(performance.now() - begin).toBeLessThan(500);
    expect([response.status, text, response.headers.get('content-type')]).toEqual([
      200,
      '你好',
      'text/plain',
    ]);
    expect(response.headers.get('x-request-id')).toBeTruthy();
    expect(await stored()).toEqual([0, 0]);
  });

  it('commits raw and decoded before the reply, and hands the event over', async () => {
    const response = await send([{ key: 'k1', kind: 'user.changed', ids: ['lin'] }]);
    expect([response.status, await response.text(), response.headers.get('x-vendor')]).toEqual([
      200,
      'success',
      'yes',
    ]);
    const event = await ended('k1');
    expect(event).toMatchObject({
      connectionId: id,
      kind: 'user.changed',
      externalIds: ['lin'],
      status: 'applied',
      attempts: 1,
      error: null,
      raw: { method: 'POST', queryString: 'signature=[redacted]', headers: { 'content-type': 'text/xml' } },
    });
    expect(Buffer.from(event.raw.bodyBase64, 'base64').toString()).toContain('"k1"');
    expect(handled.flat().map(({ ids }) => ids)).toEqual([['lin']]);
    const stats = await host.call('GET', `/api/v1/connections/${id}/stats`);
    expect(stats.body.lastEventAt).toBe(event.receivedAt);
  });

  it('shows nobody a secret that a platform sends along in plain', async () => {
    await send([{ key: 'proved', kind: 'user.changed', ids: ['lin'], token: SECRET, note: '你好' }]);
    const event = await ended('proved');
    expect(JSON.stringify(event)).not.toContain(SECRET);
    expect(JSON.parse(Buffer.from(event.raw.bodyBase64, 'base64').toString())).toEqual([
      { key: 'proved', kind: 'user.changed', ids: ['lin'], token: '[redacted]', note: '你好' },
    ]);
  });

  it('answers only when what it was told is committed', async () => {
    const runner = database.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('lock table platform_events in exclusive mode');
    let answered = false;
    const reply = send([{ key: 'locked', kind: 'other', ids: [] }]).then((response) => {
      answered = true;
      return response.status;
    });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(answered).toBe(false);
    await runner.rollbackTransaction();
    await runner.release();
    expect(await reply).toBe(200);
  });

  it('does not acknowledge what could not be committed', async () => {
    vi.spyOn(host.app.get(PlatformEventStore), 'accept').mockRejectedValueOnce(new Error('disk full'));
    const response = await send([{ key: 'unstored', kind: 'other', ids: [] }]);
    expect([response.status, await response.json()]).toMatchObject([500, { code: 'internal' }]);
    expect(await eventOf('unstored')).toBeUndefined();
  });

  it('accepts a repeated event and changes nothing', async () => {
    const before = [await stored(), handled.length];
    const response = await send([{ key: 'k1', kind: 'user.changed', ids: ['somebody else'] }]);
    expect([response.status, await response.text()]).toEqual([200, 'success']);
    expect([await stored(), handled.length]).toEqual(before);
    expect((await eventOf('k1')).externalIds).toEqual(['lin']);
  });

  it.each([
    [
      'forged',
      'not-the-secret',
      JSON.stringify([{ key: 'f', kind: 'user.changed', ids: [] }]),
      401,
      'auth_failed',
    ],
    ['cut off', SECRET, '[{"key":"f","kind":"us', 400, 'input_invalid'],
  ])('refuses a %s one, records why, and changes nothing', async (_name, signature, body, status, code) => {
    const before = await stored();
    const response = await send(body, { signature });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ code, status });
    expect(await stored()).toEqual(before);
    const { body: list, text } = await host.call(
      'GET',
      `/api/v1/exchanges?connectionId=${id}&direction=inbound&status=${status}`,
    );
    expect(list.data[0]).toMatchObject({ errorCode: code, method: 'POST', status });
    expect(text).not.toContain(SECRET);
  });

  it('answers 404 for a connection that does not exist, and 405 for another method', async () => {
    expect((await send([], { connection: 'con_nobody' })).status).toBe(404);
    expect((await fetch(`${host.url}/callbacks/..%2fetc`)).status).toBe(404);
    const deleted = await fetch(`${host.url}/callbacks/${id}`, { method: 'DELETE' });
    expect([deleted.status, deleted.headers.get('allow')]).toEqual([405, 'GET, POST']);
  });

  it('keeps the very bytes, whatever the content type says', async () => {
    const bytes = Buffer.concat([
      Buffer.from('[{"key":"bytes","kind":"other","ids":[],"x":"'),
      Buffer.from([0xc3, 0xa4]),
      Buffer.from('"}]\r\n'),
    ]);
    for (const type of [
      'application/json',
      'text/xml',
      'application/x-www-form-urlencoded',
      'text/plain; charset=gbk',
      null,
    ]) {
      await database.dataSource.query(`delete from platform_events where key = 'bytes'`);
      await database.dataSource.query(
        `delete from platform_messages where id not in (select message_id from platform_events)`,
      );
      await new Promise<void>((resolve, reject) => {
        const headers = type === null ? {} : { 'content-type': type };
        const outgoing = request(
          `${host.url}/callbacks/${id}?signature=${SECRET}`,
          { method: 'POST', headers },
          (response) => {
            response
              .resume()
              .on('end', () =>
                response.statusCode === 200
                  ? resolve()
                  : reject(new Error(`${type}: ${response.statusCode}`)),
              );
          },
        );
        outgoing.on('error', reject).end(bytes);
      });
      const [row] = await database.dataSource.query(
        `select body from platform_messages m join platform_events e on e.message_id = m.id where e.key = 'bytes'`,
      );
      expect(createHash('sha256').update(row.body).digest('hex')).toBe(
        createHash('sha256').update(bytes).digest('hex'),
      );
    }
    expect((await ended('bytes')).status).toBe('ignored');
  });

  it('refuses a body over 1 MiB, announced or not', async () => {
    const before = await stored();
    const announced = await send('x'.repeat(1024 * 1024 + 1));
    expect([announced.status, await announced.json()]).toMatchObject([413, { code: 'body_too_large' }]);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const outgoing = request(
        `${host.url}/callbacks/${id}?signature=${SECRET}`,
        { method: 'POST', headers: { 'transfer-encoding': 'chunked' } },
        (response) => resolve(response.resume().statusCode),
      );
      outgoing.on('error', reject);
      outgoing.end(Buffer.alloc(1024 * 1024 + 1, 'x'));
    });
    expect(status).toBe(413);
    expect(await stored()).toEqual(before);
  });

  it("a connector's own mistake is a 500 that tells nothing, and the log has it without the secret", async () => {
    const logged = vi.spyOn(Logger.prototype, 'error');
    const response = await fetch(`${host.url}/callbacks/${id}?signature=${SECRET}&bug=1`, { method: 'POST' });
    expect([response.status, await response.text()]).toEqual([
      500,
      expect.not.stringContaining('oops') as string,
    ]);
    const lines = logged.mock.calls.flat().join();
    logged.mockRestore();
    expect(lines).toContain('TypeError: oops [redacted]');
    expect(lines).not.toContain(SECRET);
  });

  it('a flood of forged ones is refused to the last, and recorded up to a bound', async () => {
    const { body } = await host.call('POST', '/api/v1/connections', {
      name: 'flooded',
      connector: 'fixture',
      config: { tenant: 't', secret: SECRET },
    });
    const flood = Array.from({ length: MOST_REFUSALS_KEPT + 30 }, () =>
      send([], { signature: 'forged', connection: body.id as string }),
    );
    const answers = await Promise.all(flood);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    await host.call('GET', '/api/v1/exchanges?limit=1');
    const [{ count }] = await database.dataSource.query(
      'select count(*)::int as count from exchanges where connection_id = $1',
      [body.id],
    );
    expect(count).toBe(MOST_REFUSALS_KEPT);
  });

  it('lets a caller hang up in the middle of a body', async () => {
    const before = await stored();
    const { port, hostname } = new URL(host.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /callbacks/${id}?signature=${SECRET} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n[{"key"`,
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await stored()).toEqual(before);
    expect((await host.call('GET', '/api/v1/platform-events?limit=1')).status).toBe(200);
  });

  it('stores characters PostgreSQL does not take', async () => {
    const response = await send(`[{"key":"nul\\u0000","kind":"other","ids":["\\ud800"]}]`);
    expect(response.status).toBe(200);
    expect((await ended('nul\uFFFD')).externalIds).toEqual(['\uFFFD']);
  });

  it('takes many at once: every one kept, in order, one drain at a time', async () => {
    handled.length = 0;
    mostAtOnce = 0;
    const batches = Array.from({ length: 20 }, (_, batch) =>
      Array.from({ length: 50 }, (_, n) => ({
        key: `many-${batch}-${n}`,
        kind: 'user.changed',
        ids: [`${batch}/${n}`],
      })),
    );
    const times: number[] = [];
    await Promise.all(
      batches.map(async (batch) => {
        const begin = performance.now();
        expect((await send(batch)).status).toBe(200);
        times.push(performance.now() - begin);
      }),
    );
    await until(async () => handled.flat().length >= 1_000);
    const order = handled.flat().map(({ ids }) => ids[0]!);
    expect(new Set(order).size).toBe(1_000);
    expect(order.length).toBe(1_000);
    for (let batch = 0; batch < 20; batch++) {
      const positions = batches[batch]!.map(({ ids }) => order.indexOf(ids[0]!));
      expect([...positions].sort((a, b) => a - b)).toEqual(positions);
    }
    expect(mostAtOnce).toBe(1);
    expect(Math.max(...handled.map((batch) => batch.length))).toBeLessThanOrEqual(500);
  });

  it('tries a failed one again, says why, and gives up when told it is final', async () => {
    decide = ({ ids }) =>
      ids[0] === 'final'
        ? { status: 'failed', error: { code: 'bad_response', message: 'nonsense' }, final: true }
        : { status: 'failed', error: { code: 'unavailable', message: 'not now' } };
    await send([
      { key: 'again', kind: 'user.changed', ids: ['again'] },
      { key: 'final', kind: 'user.changed', ids: ['final'] },
    ]);
    expect(await ended('final')).toMatchObject({
      status: 'dead',
      error: { code: 'bad_response', message: 'nonsense' },
    });
    const failed = await ended('again');
    expect(failed).toMatchObject({
      status: 'failed',
      attempts: 1,
      error: { code: 'unavailable', message: 'not now' },
    });
    expect(Date.parse(failed.nextAttemptAt)).toBeGreaterThan(Date.now());
    decide = () => ({ status: 'applied', detail: 'second try' });
    // The pause is 2 s: the drain wakes itself.
    const applied = await until(async () => {
      const event = await eventOf('again');
      return event.status === 'applied' ? event : null;
    });
    expect(applied).toMatchObject({ attempts: 2, detail: 'second try', error: null });
  });

  it('a retry by hand handles a dead one again', async () => {
    const dead = await eventOf('final');
    const { status, body } = await host.call('POST', `/api/v1/platform-events/${dead.id}/retry`);
    expect([status, body.status]).toEqual([202, 'pending']);
    expect(await ended('final')).toMatchObject({ status: 'applied', attempts: 1, error: null });
    expect((await host.call('POST', '/api/v1/platform-events/pev_nobody/retry')).status).toBe(404);
  });

  it('one without an outcome has failed; `later` costs no attempt', async () => {
    let asked = 0;
    decide = ({ ids }) =>
      ids[0] === 'silent'
        ? undefined
        : ++asked < 3
          ? { status: 'later', afterMs: 10 }
          : { status: 'applied' };
    await send([
      { key: 'silent', kind: 'user.changed', ids: ['silent'] },
      { key: 'later', kind: 'user.changed', ids: ['later'] },
    ]);
    expect(await ended('silent')).toMatchObject({ status: 'failed', error: { code: 'internal' } });
    expect(await ended('later')).toMatchObject({ status: 'applied', attempts: 1 });
    decide = () => ({ status: 'applied' });
  });

  it('lists by filter, page by page, without losing one', async () => {
    const all = new Set<string>();
    let cursor: string | null = null;
    do {
      const { body, status } = await host.call(
        'GET',
        `/api/v1/platform-events?limit=200&kind=user.changed${cursor ? `&cursor=${cursor}` : ''}`,
      );
      expect(status).toBe(200);
      for (const event of body.data) all.add(event.id);
      cursor = body.nextCursor;
    } while (cursor);
    const [{ count }] = await database.dataSource.query(
      `select count(*)::int as count from platform_events where kind = 'user.changed'`,
    );
    expect(all.size).toBe(count);
    expect(
      (await host.call('GET', '/api/v1/platform-events?status=ignored')).body.data.length,
    ).toBeGreaterThan(0);
    expect((await host.call('GET', '/api/v1/platform-events?status=lost')).status).toBe(400);
  });

  it('shows a client limited to other connections nothing', async () => {
    const as = await host.limitedClient(['exchanges:read', 'connections:admin'], ['con_other']);
    const { id: eventId } = await eventOf('silent');
    expect((await host.call('GET', '/api/v1/platform-events', undefined, as)).body.data).toEqual([]);
    expect((await host.call('GET', `/api/v1/platform-events/${eventId}`, undefined, as)).status).toBe(404);
    expect((await host.call('POST', `/api/v1/platform-events/${eventId}/retry`, undefined, as)).status).toBe(
      404,
    );
  });

  it('goes with its connection', async () => {
    const { body } = await host.call('POST', '/api/v1/connections', {
      name: 'y',
      connector: 'fixture',
      config: { tenant: 'u', secret: SECRET },
    });
    await send([{ key: 'k', kind: 'other', ids: [] }], { connection: body.id });
    expect(
      (await host.call('GET', `/api/v1/platform-events?connectionId=${body.id}`)).body.data,
    ).toHaveLength(1);
    expect((await host.call('DELETE', `/api/v1/connections/${body.id}`)).status).toBe(204);
    expect((await host.call('GET', `/api/v1/platform-events?connectionId=${body.id}`)).body.data).toEqual([]);
    expect((await send([], { connection: body.id })).status).toBe(404);
  });
});
