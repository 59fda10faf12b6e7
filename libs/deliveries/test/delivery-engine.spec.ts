import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryFixture } from './delivery-fixture.js';
import { LocalReceiver, until, type Answer } from './local-receiver.js';

const never = new AbortController().signal;

describe('DeliveryEngine: sending', () => {
  let fixture: DeliveryFixture;
  let receivers: LocalReceiver[] = [];
  beforeAll(async () => void (fixture = await DeliveryFixture.create()));
  afterAll(() => fixture.drop());
  beforeEach(() => fixture.clear());
  afterEach(async () => {
    await Promise.all(receivers.map((receiver) => receiver.close()));
    receivers = [];
  });

  async function receiver(answer?: Answer): Promise<LocalReceiver> {
    const started = await LocalReceiver.start(answer);
    receivers.push(started);
    return started;
  }

  it('sends each event once, signed, and records the attempt without the secrets', async () => {
    const target = await receiver((_webhook, response) => void response.writeHead(200).end('{"ok":true}'));
    const subscription = await fixture.subscribe(target.url);
    const ids = await fixture.publishMany(300, (index) => ({ data: { index, name: '王小明' } }));
    expect(await fixture.engine().drain(never)).toBeNull();

    expect([...target.ids].sort()).toEqual([...ids].sort());
    const verifier = new Webhook(fixture.secrets.get(subscription)!);
    for (const { body, headers } of target.received) {
      const payload = verifier.verify(body, headers as Record<string, string>) as {
        id: string;
        type: string;
        data: object;
      };
      expect(payload).toMatchObject({
        id: headers['webhook-id'],
        type: 'course.completed',
        data: { name: '王小明' },
      });
    }
    expect(await fixture.states()).toEqual({ delivered: 300 });
    const [attempt] = await fixture.query<Record<string, unknown>>('select * from delivery_attempts limit 1');
    expect(attempt).toMatchObject({
      attempt_no: 1,
      response_status: 200,
      response_excerpt: '{"ok":true}',
      url: target.url,
    });
    expect(attempt!.request_headers).toMatchObject({
      'x-api-key': '***',
      'content-type': 'application/json',
    });
    expect(target.received[0]!.headers['x-api-key']).toBe('planted-secret');
  });

  it('retries on schedule with the same id and body and a new timestamp, then the delivery is dead', async () => {
    const target = await receiver((_webhook, response) => void response.writeHead(500).end('no'));
    await fixture.subscribe(target.url);
    await fixture.publish({});
    let now = new Date('2026-11-23T12:00:00Z');
    await fixture.query(`update delivery_queue set due_at = $1`, [now]);
    const engine = fixture.engine({ clock: () => now });
    const waits: number[] = [];
    for (;;) {
      const nextMs = await engine.drain(never);
      if (nextMs === null) break;
      waits.push(nextMs);
      now = new Date(now.getTime() + nextMs);
    }
    expect(waits).toHaveLength(3);
    for (const [index, seconds] of [5, 60, 600].entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(seconds * 900);
      expect(waits[index]).toBeLessThanOrEqual(seconds * 1_100);
    }
    expect(new Set(target.ids).size).toBe(1);
    expect(new Set(target.received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(target.received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(4);
    expect(await fixture.deliveries()).toMatchObject([{ state: 'dead', attempts: 4 }]);
  });

  it('clamps Retry-After between the schedule and twice that', async () => {
    const asked = ['1', '7', '99999', '-5', 'Wed, 21 Oct 2099 07:28:00 GMT'];
    const target = await receiver((webhook, response) => {
      const { index } = (JSON.parse(webhook.body) as { data: { index: number } }).data;
      response.writeHead(503, { 'retry-after': asked[index] }).end();
    });
    await fixture.subscribe(target.url);
    await fixture.publishMany(asked.length, (index) => ({ data: { index } }));
    await fixture.engine().drain(never);
    const rows = await fixture.query<{ index: number; wait: number }>(
      `select (e.data->>'index')::int as index, extract(epoch from q.due_at - a.started_at)::float8 as wait
       from delivery_queue q join outgoing_events e on e.id = q.outgoing_event_id
       join delivery_attempts a on a.delivery_id = q.delivery_id order by 1`,
    );
    const bounds = [
      [4.4, 6],
      [6.9, 8.5],
      [9.9, 12],
      [4.4, 6],
      [9.9, 12],
    ];
    for (const { index, wait } of rows) {
      expect(wait).toBeGreaterThan(bounds[index]![0]!);
      expect(wait).toBeLessThan(bounds[index]![1]!);
    }
    expect(rows).toHaveLength(asked.length);
  });

  it('does not follow redirects', async () => {
    const elsewhere = await receiver();
    const target = await receiver(
      (_w, response) => void response.writeHead(302, { location: elsewhere.url }).end(),
    );
    await fixture.subscribe(target.url, { retrySchedule: [] });
    await fixture.publish({});
    await fixture.engine().drain(never);
    expect(elsewhere.received).toHaveLength(0);
    expect(await fixture.deliveries()).toMatchObject([{ state: 'dead', attempts: 1 }]);
    const [attempt] = await fixture.query<Record<string, unknown>>('select * from delivery_attempts');
    expect(attempt).toMatchObject({ response_status: 302, error_code: 'redirect_refused' });
  });

  it('disables the subscription on 410', async () => {
    const target = await receiver((_webhook, response) => void response.writeHead(410).end());
    const id = await fixture.subscribe(target.url);
    await fixture.publish({});
    await fixture.engine().drain(never);
    await until(async () => {
      const [row] = await fixture.query<{ status: string }>(
        'select status from subscriptions where id = $1',
        [id],
      );
      return row!.status === 'disabled';
    });
    await fixture.publish({});
    expect(await fixture.deliveries()).toMatchObject([{ state: 'dead', attempts: 1 }]);
  });

  it('caps the excerpt of an endless answer and does not wait for its end', async () => {
    const target = await receiver((_webhook, response) => {
      response.writeHead(200);
      const more = (): void =>
        void (response.destroyed || response.write(`\0${'长'.repeat(20_000)}`, () => setImmediate(more)));
      more();
    });
    await fixture.subscribe(target.url);
    await fixture.publish({});
    await fixture.engine().drain(never);
    const [attempt] = await fixture.query<{ response_excerpt: string }>('select * from delivery_attempts');
    expect(Buffer.byteLength(attempt!.response_excerpt)).toBeLessThanOrEqual(4 * 1024 + 4);
    expect(await fixture.states()).toEqual({ delivered: 1 });
  });

  it('ends an attempt that hangs before or in the answer', async () => {
    const target = await receiver((webhook, response) => {
      if (webhook.body.includes('headers')) return;
      response.writeHead(500);
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(drip));
    });
    await fixture.subscribe(target.url, { retrySchedule: [] });
    await fixture.publish({ data: { hang: 'headers' } }, { data: { hang: 'body' } });
    const began = Date.now();
    await fixture.engine({ timeoutMs: 250 }).drain(never);
    expect(Date.now() - began).toBeLessThan(1_500);
    expect(await fixture.states()).toEqual({ dead: 2 });
    expect(await fixture.query('select distinct error_code from delivery_attempts')).toEqual([
      { error_code: 'timeout' },
    ]);
  });

  it('a hanging receiver does not slow a healthy one', async () => {
    const hanging = await receiver(() => undefined);
    const healthy = await receiver();
    await fixture.subscribe(hanging.url);
    await fixture.subscribe(healthy.url);
    await fixture.publishMany(500);
    const stop = new AbortController();
    const engine = fixture.engine({ timeoutMs: 3_000 });
    const began = Date.now();
    const draining = engine.drain(stop.signal);
    await until(() => healthy.received.length === 500, 2_500);
    // Work that comes while the hanging one is held does not wait for it.
    await fixture.publishMany(5);
    engine.poke();
    await until(() => healthy.received.length === 505, 1_000);
    expect(Date.now() - began).toBeLessThan(3_000);
    stop.abort();
    await draining;
  });

  it('pauses a receiver that is down, spends no retries meanwhile, and resumes slowly', async () => {
    let up = false;
    const target = await receiver((_webhook, response) => void response.writeHead(up ? 200 : 503).end());
    await fixture.subscribe(target.url);
    await fixture.publishMany(200);
    const engine = fixture.engine({ breaker: { threshold: 20, firstPauseMs: 200, longestPauseMs: 400 } });
    const nextMs = await engine.drain(never);
    const whileOpening = target.received.length;
    expect(whileOpening).toBeLessThan(60);
    expect(nextMs).toBeLessThanOrEqual(230);
    await sleep(nextMs!);
    await engine.drain(never);
    // One probe, which cost its delivery nothing.
    expect(target.received).toHaveLength(whileOpening + 1);
    const [spent] = await fixture.query<{ sum: number }>(
      'select sum(attempt_count)::int as sum from delivery_queue',
    );
    expect(spent!.sum).toBeLessThanOrEqual(whileOpening);
    up = true;
    engine.probeNow((await fixture.query<{ id: string }>('select id from subscriptions'))[0]!.id);
    await fixture.query('update delivery_queue set due_at = now()');
    const stop = new AbortController();
    const draining = engine.drain(stop.signal);
    await sleep(500);
    expect(target.received.length - whileOpening).toBeLessThan(40);
    await until(async () => (await fixture.states()).delivered === 200, 10_000);
    stop.abort();
    await draining;
  });

  it('keeps to a rate limit', async () => {
    const target = await receiver();
    await fixture.subscribe(target.url, { rateLimit: 20 });
    await fixture.publishMany(20);
    const began = Date.now();
    await fixture.engine().drain(never);
    expect(target.received).toHaveLength(20);
    expect(Date.now() - began).toBeGreaterThan(800);
  });

  it('keeps the order of each person when asked to, past a retry', async () => {
    const failed = new Set<string>();
    const target = await receiver((webhook, response) => {
      const { step } = (JSON.parse(webhook.body) as { data: { step: number } }).data;
      const failNow = step === 2 && !failed.has(webhook.id);
      failed.add(webhook.id);
      response.writeHead(failNow ? 400 : 200).end();
    });
    await fixture.subscribe(target.url, { ordered: true, retrySchedule: [0] });
    await fixture.publishMany(40, (index) => ({
      subjectId: `usr_${index % 4}`,
      data: { step: Math.floor(index / 4), who: index % 4 },
    }));
    await fixture.engine().drain(never);
    for (const who of [0, 1, 2, 3]) {
      const steps = target.received
        .map(({ body }) => (JSON.parse(body) as { data: { step: number; who: number } }).data)
        .filter((data) => data.who === who)
        .map(({ step }) => step);
      expect(steps).toEqual([0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
  });
});
