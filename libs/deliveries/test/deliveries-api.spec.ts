import { ConnectionStatsSources } from '@trainbridge/connections';
import { OutgoingEvents } from '@trainbridge/persistence';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DeliveriesApp } from './deliveries-app.js';
import { LocalReceiver, until, type Answer, type ReceivedWebhook } from './local-receiver.js';

describe('deliveries over HTTP', () => {
  let app: DeliveriesApp;
  let receivers: LocalReceiver[] = [];
  beforeAll(async () => {
    app = await DeliveriesApp.start();
    await app.query(
      `insert into connections (id, name, connector, config) values ('con_1', 'one', 'x', '{}'), ('con_2', 'two', 'x', '{}')`,
    );
  });
  afterAll(() => app.stop());
  beforeEach(() =>
    app.query('truncate deliveries, delivery_queue, delivery_attempts, subscriptions, outgoing_events'),
  );
  afterEach(async () => {
    await Promise.all(receivers.map((receiver) => receiver.close()));
    receivers = [];
  });

  async function receiver(answer?: Answer): Promise<LocalReceiver> {
    const started = await LocalReceiver.start(answer);
    receivers.push(started);
    return started;
  }

  const verify = (secret: string, { body, headers }: ReceivedWebhook): unknown =>
    new Webhook(secret).verify(body, headers as Record<string, string>);

  it('shows the secret once, delivers what is published, and shows the delivery', async () => {
    const target = await receiver((_webhook, response) => void response.writeHead(200).end('thanks'));
    const created = await app.call('POST', '/subscriptions', {
      url: target.url,
      eventTypes: ['course.completed', 'exam.*'],
      headers: { 'X-Api-Key': 'planted-secret' },
    });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      status: 'active',
      clientId: null,
      retrySchedule: [5, 60, 600],
      headers: { 'X-Api-Key': '***' },
    });
    expect(created.body.secret).toMatch(/^whsec_/);
    const read = await app.call('GET', `/subscriptions/${created.body.id}`);
    expect(read.body).not.toHaveProperty('secret');

    const [completed] = await app.publish(
      { connectionId: 'con_1', clientId: 'cli_x' },
      { type: 'course.started' },
      { type: 'exam.passed' },
    );
    await until(() => target.received.length === 2);
    for (const webhook of target.received) verify(created.body.secret as string, webhook);
    expect(target.received[0]!.headers['x-api-key']).toBe('planted-secret');

    await until(async () => (await app.call('GET', '/deliveries?status=delivered')).body.data.length === 2);
    for (const filter of [
      'eventId=e-1',
      `eventId=${completed}`,
      'connectionId=con_1',
      `subscriptionId=${created.body.id}&eventId=e-1`,
    ]) {
      const { body } = await app.call('GET', `/deliveries?${filter}`);
      expect(body.data).toHaveLength(1);
      expect(body.data[0]).toMatchObject({
        eventId: completed,
        sourceEventId: 'e-1',
        eventType: 'course.completed',
        status: 'delivered',
        attemptCount: 1,
        attempts: [
          {
            number: 1,
            response: { status: 200, excerpt: 'thanks' },
            error: null,
            request: { url: target.url },
          },
        ],
      });
    }
    const detail = await app.call(
      'GET',
      `/deliveries/${(await app.call('GET', '/deliveries?eventId=e-1')).body.data[0].id}`,
    );
    expect(detail.body.payload).toEqual(JSON.parse(target.received.find(({ id }) => id === completed)!.body));
    const everything = JSON.stringify([
      await app.query('select * from subscriptions'),
      await app.query('select * from delivery_attempts'),
      await app.query('select * from audit_entries'),
      detail.body,
      read.body,
    ]);
    expect(everything).not.toContain('planted-secret');
    expect(everything).not.toContain((created.body.secret as string).slice(6));
  });

  it('a client sees and changes only its own, the admin everything', async () => {
    const target = await receiver();
    const one = await app.client();
    const two = await app.client();
    const own = await app.subscribe(target.url, {}, one.token);
    await app.publish({});
    await until(() => target.received.length === 1);
    const delivery = (await app.call('GET', '/deliveries', undefined, one.token)).body.data[0] as {
      id: string;
    };
    const foreign: [string, string, unknown?][] = [
      ['GET', `/subscriptions/${own.id}`],
      ['PATCH', `/subscriptions/${own.id}`, { eventTypes: ['*'] }],
      ['DELETE', `/subscriptions/${own.id}`],
      ['POST', `/subscriptions/${own.id}/rotate-secret`, {}],
      ['POST', `/subscriptions/${own.id}/test`],
      ['POST', `/subscriptions/${own.id}/recover`, { since: '2026-01-01T00:00:00Z' }],
      ['GET', `/deliveries/${delivery.id}`],
      ['POST', `/deliveries/${delivery.id}/retry`],
    ];
    for (const [method, path, body] of foreign) {
      expect([path, (await app.call(method, path, body, two.token)).status]).toEqual([path, 404]);
    }
    expect((await app.call('GET', '/deliveries', undefined, two.token)).body.data).toEqual([]);
    expect((await app.call('GET', '/subscriptions', undefined, two.token)).body.data).toEqual([]);
    expect((await app.call('GET', '/subscriptions')).body.data).toHaveLength(1);
    expect((await app.call('GET', '/deliveries')).body.data).toHaveLength(1);
  });

  it('sends nothing when the publishing transaction is rolled back', async () => {
    const target = await receiver();
    await app.subscribe(target.url);
    await app.database.dataSource
      .transaction(async (manager) => {
        await app.app.get(OutgoingEvents).publish(manager, [{ type: 'course.completed', data: {} }]);
        throw new Error('rolled back');
      })
      .catch(() => undefined);
    await app.publish({});
    await until(() => target.received.length === 1);
    expect(await app.query('select 1 from deliveries')).toHaveLength(1);
  });

  it('retries by hand: instead of the pending retry, and again after the end', async () => {
    let status = 500;
    const target = await receiver((_webhook, response) => void response.writeHead(status).end());
    await app.subscribe(target.url, { retrySchedule: [3_600] });
    await app.publish({});
    await until(
      async () => (await app.call('GET', '/deliveries?status=pending')).body.data[0]?.attempts.length === 1,
    );
    const { id, nextAttemptAt } = (await app.call('GET', '/deliveries')).body.data[0] as {
      id: string;
      nextAttemptAt: string;
    };
    expect(Date.parse(nextAttemptAt) - Date.now()).toBeGreaterThan(3_000_000);
    expect((await app.call('POST', `/deliveries/${id}/retry`)).status).toBe(202);
    await until(async () => (await app.call('GET', `/deliveries/${id}`)).body.status === 'dead');
    status = 200;
    await app.call('POST', `/deliveries/${id}/retry`);
    await until(async () => (await app.call('GET', `/deliveries/${id}`)).body.status === 'delivered');
    await app.call('POST', `/deliveries/${id}/retry`);
    await until(async () => (await app.call('GET', `/deliveries/${id}`)).body.attempts.length === 4);
    expect(new Set(target.ids).size).toBe(1);
    const { body } = await app.call('GET', `/deliveries/${id}`);
    expect(body.attempts.map((attempt: { number: number }) => attempt.number)).toEqual([1, 2, 3, 4]);
  });

  it('two retries by hand at the same moment send once', async () => {
    const target = await receiver(
      (_webhook, response) => void setTimeout(() => response.writeHead(500).end(), 50),
    );
    await app.subscribe(target.url, { retrySchedule: [] });
    await app.publish({});
    await until(async () => (await app.call('GET', '/deliveries')).body.data[0]?.status === 'dead');
    const { id } = (await app.call('GET', '/deliveries')).body.data[0] as { id: string };
    await Promise.all([1, 2].map(() => app.call('POST', `/deliveries/${id}/retry`)));
    await until(async () => (await app.call('GET', `/deliveries/${id}`)).body.status === 'dead');
    expect(target.received).toHaveLength(2);
  });

  it('recovers what died since a time', async () => {
    let status = 400;
    const target = await receiver((_webhook, response) => void response.writeHead(status).end());
    const { id } = await app.subscribe(target.url, { retrySchedule: [] });
    await app.publish({}, {}, {});
    await until(async () => (await app.call('GET', '/deliveries?status=dead')).body.data.length === 3);
    await app.query(
      `update deliveries set created_at = now() - interval '2 days' where id = (select min(id) from deliveries)`,
    );
    status = 200;
    const since = new Date(Date.now() - 86_400_000).toISOString();
    expect((await app.call('POST', `/subscriptions/${id}/recover`, { since })).body).toEqual({
      recovered: 2,
    });
    await until(async () => (await app.call('GET', '/deliveries?status=delivered')).body.data.length === 2);
    expect((await app.call('GET', '/deliveries?status=dead')).body.data).toHaveLength(1);
  });

  it('tells connections what waits and what died', async () => {
    const target = await receiver((_webhook, response) => void response.writeHead(400).end());
    const { id } = await app.subscribe(target.url, { retrySchedule: [] });
    await app.publish({ connectionId: 'con_1' }, { connectionId: 'con_1' }, { connectionId: 'con_2' });
    await until(async () => (await app.call('GET', '/deliveries?status=dead')).body.data.length === 3);
    await app.query(`update subscriptions set status = 'disabled' where id = $1`, [id]);
    await app.query(
      `insert into delivery_queue (delivery_id, subscription_id, outgoing_event_id, connection_id, due_at) values ('dlv_9', $1, 'x', 'con_1', now())`,
      [id],
    );
    expect((await app.app.get(ConnectionStatsSources).collect('con_1')).deliveries).toEqual({
      pending: 1,
      dead: 2,
    });
  });

  it('pages through deliveries', async () => {
    const target = await receiver();
    await app.subscribe(target.url);
    await app.publish(...Array.from({ length: 25 }, () => ({})));
    await until(() => target.received.length === 25);
    const ids: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await app.call('GET', `/deliveries?limit=10${cursor}`);
      ids.push(...(body.data as { id: string }[]).map(({ id }) => id));
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor as string}`;
    }
    expect([ids.length, new Set(ids).size]).toEqual([25, 25]);
  });
});
