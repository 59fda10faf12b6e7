import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DeliveriesApp } from './deliveries-app.js';
import { LocalReceiver, until, type Answer, type ReceivedWebhook } from './local-receiver.js';

describe('subscriptions over HTTP', () => {
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

  it('refuses what a subscription cannot be', async () => {
    const good = { url: 'https://example.com/x', eventTypes: ['*'] };
    const bad: [object, string][] = [
      [{ ...good, url: 'ftp://example.com' }, '/url'],
      [{ ...good, url: 'https://user:pass@example.com' }, '/url'],
      [{ ...good, url: 'http://169.254.169.254/latest/meta-data' }, '/url'],
      [{ ...good, url: 'http://[::ffff:10.0.0.1]/' }, '/url'],
      [{ ...good, url: 'not a url' }, '/url'],
      [{ ...good, eventTypes: [] }, '/eventTypes'],
      [{ ...good, eventTypes: ['course.*.x'] }, '/eventTypes/0'],
      [{ ...good, eventTypes: ['Course'] }, '/eventTypes/0'],
      [{ ...good, retrySchedule: [-1] }, '/retrySchedule/0'],
      [{ ...good, headers: { 'webhook-id': 'x' } }, '/headers'],
      [{ ...good, headers: { 'x-a': 'b\r\nhost: c' } }, '/headers'],
      [{ ...good, surplus: 1 }, '/surplus'],
      [{ eventTypes: ['*'] }, '/url'],
    ];
    for (const [body, path] of bad) {
      const answer = await app.call('POST', '/subscriptions', body);
      expect([JSON.stringify(body), answer.status, answer.body.errors?.[0]?.path]).toEqual([
        JSON.stringify(body),
        400,
        path,
      ]);
    }
    expect((await app.call('POST', '/subscriptions', { ...good, connectionIds: ['con_none'] })).status).toBe(
      404,
    );
  });

  it('never sends what lies outside the connections or scopes of the owner, nor to a client that is gone', async () => {
    const target = await receiver();
    const limited = await app.client({ connectionIds: ['con_1'], scopes: ['subscriptions:write'] });
    await app.subscribe(target.url, {}, limited.token);
    expect(
      (
        await app.call(
          'POST',
          '/subscriptions',
          { url: target.url, eventTypes: ['*'], connectionIds: ['con_2'] },
          limited.token,
        )
      ).status,
    ).toBe(404);
    const [inside] = await app.publish({ connectionId: 'con_1' });
    await app.publish({ connectionId: 'con_2' }, {}, { type: 'user.created', connectionId: 'con_1' });
    const [own] = await app.publish({ clientId: limited.id });
    await until(() => target.received.length === 2);
    expect([...target.ids].sort()).toEqual([inside, own].sort());
    await until(async () => (await app.query('select * from delivery_queue')).length === 0);
    await app.call('DELETE', `/clients/${limited.id}`);
    await app.publish({ connectionId: 'con_1' });
    expect(await app.query('select * from delivery_queue')).toEqual([]);
  });

  it('hides contact fields of people from owners without the scope for them', async () => {
    const target = await receiver();
    const data = { id: 'usr_1', displayName: '王小明', mobile: '+8613800000000', workEmail: 'w@example.com' };
    for (const scopes of [['directory:read'], ['directory:read', 'directory:contact']]) {
      const client = await app.client({ scopes: ['subscriptions:write', ...scopes] });
      await app.subscribe(target.url, { eventTypes: ['user.*'] }, client.token);
    }
    await app.publish({ type: 'user.created', connectionId: 'con_1', data });
    await until(() => target.received.length === 2);
    const mobiles = target.received.map(
      ({ body }) => (JSON.parse(body) as { data: typeof data }).data.mobile,
    );
    expect(mobiles.sort()).toEqual([data.mobile, null]);
  });

  it('a client that has expired gets nothing until it is prolonged', async () => {
    const target = await receiver();
    const client = await app.client();
    const { id } = await app.subscribe(target.url, {}, client.token);
    await app.query(`update subscriptions set status = 'disabled' where id = $1`, [id]);
    await app.query(
      `insert into outgoing_events (id, type, data, occurred_at) values ('evt_x', 'course.completed', '{}', now())`,
    );
    await app.query(
      `insert into deliveries (id, outgoing_event_id, subscription_id) values ('dlv_3', 'evt_x', $1)`,
      [id],
    );
    await app.query(
      `insert into delivery_queue (delivery_id, subscription_id, outgoing_event_id, due_at) values ('dlv_3', $1, 'evt_x', now())`,
      [id],
    );
    await app.query(`update clients set expires_at = now() where id = $1`, [client.id]);
    await app.call('PATCH', `/subscriptions/${id}`, { status: 'active' });
    await app.publish({});
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(target.received).toEqual([]);
    await app.query(`update clients set expires_at = null where id = $1`, [client.id]);
    await until(() => target.received.length === 1);
  });

  it('rotates the secret with an overlap in which both verify', async () => {
    const target = await receiver();
    const { id, secret } = await app.subscribe(target.url);
    await app.publish({});
    await until(() => target.received.length === 1);
    const rotated = await app.call('POST', `/subscriptions/${id}/rotate-secret`, { overlapSeconds: 60 });
    expect(rotated.status).toBe(200);
    expect(rotated.body.secret).not.toBe(secret);
    await app.publish({});
    await until(() => target.received.length === 2);
    verify(secret, target.received[1]!);
    verify(rotated.body.secret as string, target.received[1]!);
    const atOnce = await app.call('POST', `/subscriptions/${id}/rotate-secret`, { overlapSeconds: 0 });
    await app.publish({});
    await until(() => target.received.length === 3);
    expect(() => verify(rotated.body.secret as string, target.received[2]!)).toThrow();
    verify(atOnce.body.secret as string, target.received[2]!);
  });

  it('tests a subscription through the same engine and answers with what the receiver said', async () => {
    const target = await receiver((_webhook, response) => void response.writeHead(418).end('teapot'));
    const other = await receiver();
    const { id, secret } = await app.subscribe(target.url, { eventTypes: ['exam.*'] });
    await app.subscribe(other.url);
    const { status, body } = await app.call('POST', `/subscriptions/${id}/test`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'dead',
      eventType: 'ping',
      attempts: [{ response: { status: 418, excerpt: 'teapot' } }],
    });
    expect(verify(secret, target.received[0]!)).toMatchObject({ type: 'ping' });
    expect(other.received).toHaveLength(0);
  });

  it('disabling keeps what waits, enabling resumes it, deleting cancels it', async () => {
    const target = await receiver();
    const { id } = await app.subscribe(target.url);
    await app.call('PATCH', `/subscriptions/${id}`, { status: 'disabled' });
    expect((await app.call('POST', `/subscriptions/${id}/test`)).status).toBe(409);
    await app.publish({});
    expect(await app.query('select 1 from deliveries')).toEqual([]);
    await app.query(
      `insert into deliveries (id, outgoing_event_id, subscription_id) select 'dlv_1', id, $1 from outgoing_events`,
      [id],
    );
    await app.query(
      `insert into delivery_queue (delivery_id, subscription_id, outgoing_event_id, due_at) select 'dlv_1', $1, id, now() from outgoing_events`,
      [id],
    );
    expect((await app.call('GET', '/deliveries?status=pending')).body.data).toHaveLength(1);
    const enabled = await app.call('PATCH', `/subscriptions/${id}`, { status: 'active' });
    expect(enabled.body).toMatchObject({ status: 'active', disabledReason: null });
    await until(() => target.received.length === 1);
    await app.query('update subscriptions set status = $1', ['disabled']);
    await app.query(
      `insert into deliveries (id, outgoing_event_id, subscription_id) values ('dlv_2', 'lev_x', $1)`,
      [id],
    );
    await app.query(
      `insert into delivery_queue (delivery_id, subscription_id, outgoing_event_id, due_at) values ('dlv_2', $1, 'lev_x', now())`,
      [id],
    );
    expect((await app.call('DELETE', `/subscriptions/${id}`)).status).toBe(204);
    expect((await app.call('GET', `/subscriptions/${id}`)).status).toBe(404);
    expect((await app.call('GET', '/deliveries/dlv_2')).body.status).toBe('canceled');
  });
});
