import { DirectoryModule } from '@trainbridge/directory';
import { LearningEventsModule } from '@trainbridge/learning-events';
import { newId, OutgoingEvents } from '@trainbridge/persistence';
import { createTestDatabase, type TestDatabase } from '@trainbridge/persistence/testing';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startFixtureApp, type FixtureApp } from '../../../connections/test/fixture-app.js';
import { DeliveriesModule } from '../../src/index.js';
import { LocalReceiver, until } from '../local-receiver.js';
import { platform } from './telling-connector.js';

const allDone = platform.answer;

interface Listed {
  id: string;
  target: { kind: string };
  nextAttemptAt: string;
  attemptCount: number;
  attempts: { error: object | null }[];
}

describe('results of learning at platforms, over HTTP', () => {
  let database: TestDatabase;
  let app: FixtureApp;
  let con = '';
  let number = 0;
  beforeAll(async () => {
    database = await createTestDatabase({ poolSize: 4 });
    const connector = fileURLToPath(new URL('./telling-connector.ts', import.meta.url));
    app = await startFixtureApp(database.url, { connectors: [connector] }, [
      DirectoryModule,
      LearningEventsModule.forRoot(),
      DeliveriesModule.forRoot({ allowedNetworks: ['127.0.0.0/8'], production: false, sends: true }),
    ]);
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });
  beforeEach(async () => {
    platform.told.length = 0;
    platform.answer = allDone;
    await query('delete from subscriptions');
    con = await connect();
  });

  const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
    app.call(method, `/api/v1${path}`, body, headers);
  const query = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
    database.dataSource.query(sql, parameters);

  async function connect(
    results: object[] = [{ eventTypes: ['course.*', 'exam.passed'], action: 'message' }],
  ) {
    const { status, text, body } = await call('POST', '/connections', {
      name: `Company ${++number}`,
      connector: 'telling',
      config: { tenant: `t${number}` },
      results,
    });
    if (status !== 201) throw new Error(text);
    await query(
      `insert into users (id, person_id, connection_id, external_key, external_id, employee_number, display_name, status)
       values ($1, 'per_1', $2, 'zhangsan', 'ZhangSan', $1, '张三', 'active')`,
      [`usr_${number}`, body.id],
    );
    return body.id as string;
  }
  async function send(learner: object, more: object = {}, headers?: Record<string, string>): Promise<string> {
    const id = newId('e');
    const { status, text } = await call(
      'POST',
      '/learning-events',
      {
        id,
        type: 'course.completed',
        learner,
        course: { id: 'c-1', title: '信息安全基础' },
        occurredAt: '2026-11-23T09:30:00Z',
        ...more,
      },
      headers,
    );
    if (status !== 202) throw new Error(text);
    return id;
  }
  const listed = async (filters: string, headers?: Record<string, string>) =>
    (await call('GET', `/deliveries?${filters}`, undefined, headers)).body.data as Listed[];
  const settled = async (connectionId: string, status: string, count = 1) => {
    let found: Listed[] = [];
    await until(async () => {
      found = await listed(`connectionId=${connectionId}&status=${status}`);
      return found.length === count;
    });
    return found;
  };
  /** Tried once, and waiting for its retry. */
  const waiting = async (connectionId: string) => {
    let found: Listed[] = [];
    await until(async () => {
      found = await listed(`connectionId=${connectionId}&status=pending`);
      return found[0]?.attemptCount === 1;
    });
    return found[0]!;
  };

  it('tells the platform, and has it on the record beside webhooks', async () => {
    const receiver = await LocalReceiver.start();
    await call('POST', '/subscriptions', {
      url: receiver.url,
      eventTypes: ['course.completed'],
      connectionIds: [con],
    });
    const { body: client } = await call('POST', '/clients', {
      name: 'LMS', scopes: ['learning-events:write', 'deliveries:read', 'deliveries:write'],
    }); // prettier-ignore
    const { body: token } = await call('POST', `/clients/${client.id}/tokens`, {
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    const lms = { authorization: `Bearer ${token.token}` };
    const eventId = await send({ connectionId: con, externalId: 'zhangsan' }, {}, lms);
    const both = await settled(con, 'delivered', 2);
    expect(both.map(({ target }) => target.kind).sort()).toEqual(['platform', 'webhook']);
    const [seen, ...others] = await listed(`eventId=${eventId}`, lms);
    expect(others).toEqual([]);
    expect(seen).toMatchObject({
      target: { kind: 'platform', connectionId: con, action: 'message' },
      subscriptionId: null,
      connectionId: con,
      sourceEventId: eventId,
      eventType: 'course.completed',
      status: 'delivered',
      externalRef: 'm-1',
      nextAttemptAt: null,
      attemptCount: 1,
      attempts: [{ number: 1, request: null, response: null, error: null }],
    });
    expect(platform.told[0]!.items[0]).toMatchObject({
      recipient: { externalId: 'ZhangSan' }, text: '张三已完成《信息安全基础》。',
    }); // prettier-ignore
    const { body: detail } = await call('GET', `/deliveries/${seen!.id}`, undefined, lms);
    expect(detail.payload).toMatchObject({ type: 'course.completed', data: { id: eventId } });
    // Another client sees neither; one limited to other connections does not, even of its own events.
    const stranger = await app.limitedClient(['deliveries:read'], [con]);
    expect(await listed(`eventId=${eventId}`, stranger)).toEqual([]);
    await receiver.close();
  });

  it('shows why it failed, in the reader’s language, and tells again by hand or all together', async () => {
    platform.answer = (items) =>
      items.map(({ key }) => ({
        key,
        status: 'failed',
        error: {
          code: 'permission_denied',
          message: 'the app may not send messages',
          vendorCode: '48002',
          vendorRequestId: 'rid-1',
          advice: { en: 'Open the console.', 'zh-CN': '打开管理后台。' },
        },
      }));
    const since = new Date().toISOString();
    await send({ employeeNumber: `usr_${number}` });
    await send({ userId: `usr_${number}` }, { type: 'exam.passed' });
    const [dead] = await settled(con, 'dead', 2);
    expect(dead!.attempts[0]!.error).toEqual({
      code: 'permission_denied',
      message: 'the app may not send messages',
      advice: 'Open the console.',
      vendorCode: '48002',
      vendorRequestId: 'rid-1',
    });
    const { body: chinese } = await call('GET', `/deliveries/${dead!.id}`, undefined, {
      'accept-language': 'zh-CN',
    });
    expect(chinese.attempts[0].error.advice).toBe('打开管理后台。');
    expect((await call('GET', `/connections/${con}/stats`)).body.deliveries).toEqual({ pending: 0, dead: 2 });

    platform.answer = allDone;
    const retried = await call('POST', `/deliveries/${dead!.id}/retry`);
    expect(retried.status).toBe(202);
    await settled(con, 'delivered');
    const recovered = await call('POST', '/deliveries/recover', { connectionId: con, since });
    expect(recovered).toMatchObject({ status: 202, body: { recovered: 1 } });
    const all = await settled(con, 'delivered', 2);
    expect(all.map(({ attemptCount }) => attemptCount)).toEqual([2, 2]);
    expect((await call('POST', '/deliveries/recover', { connectionId: 'con_none', since })).status).toBe(404);
    expect((await call('POST', '/deliveries/recover', { connectionId: con })).status).toBe(400);
    const limited = await app.limitedClient(['deliveries:write'], ['con_other']);
    expect((await call('POST', '/deliveries/recover', { connectionId: con, since }, limited)).status).toBe(
      404,
    );
  });

  it('hurries what waits for its retry', async () => {
    platform.answer = (items) =>
      items.map(({ key }) => ({ key, status: 'failed', error: { code: 'unavailable', message: 'down' } }));
    const before = Date.now();
    await send({ userId: `usr_${number}` });
    const { id, nextAttemptAt } = await waiting(con);
    expect(Date.parse(nextAttemptAt)).toBeGreaterThan(before + 2_000);
    expect((await call('GET', `/connections/${con}/stats`)).body.deliveries).toEqual({ pending: 1, dead: 0 });
    platform.answer = allDone;
    await call('POST', `/deliveries/${id}/retry`);
    expect((await settled(con, 'delivered'))[0]).toMatchObject({ attemptCount: 2 });
  });

  it('tells of held events when the person or the customer appears; limited subscriptions get them then, too', async () => {
    const receiver = await LocalReceiver.start();
    await call('POST', '/subscriptions', {
      url: receiver.url,
      eventTypes: ['course.completed'],
      connectionIds: [con],
    });
    await call('POST', '/subscriptions', { url: receiver.url, eventTypes: ['course.completed'] });
    const person = await send({ employeeNumber: `late-${number}` });
    const customer = await send({ connectionId: con, externalId: 'wmAbc' });
    // At once: both to the unlimited one, and the one that names its connection to the limited one.
    await until(() => receiver.received.length === 3);
    expect(platform.told).toEqual([]);
    await query(
      `insert into users (id, person_id, connection_id, external_key, external_id, employee_number, display_name, status)
       values ($1, 'per_2', $2, 'late', 'Late', $3, '李四', 'active')`,
      [`usr_late_${number}`, con, `late-${number}`],
    );
    await query(
      `insert into customers (id, connection_id, external_id, display_name, owner_external_ids)
       values ($1, $2, 'wmAbc', '李女士', '{ZhangSan}')`,
      [`cus_${number}`, con],
    );
    await database.dataSource.transaction((manager) =>
      app.app.get(OutgoingEvents).publish(manager, [{ type: 'run.finished', connectionId: con, data: {} }]),
    );
    await until(() => platform.told.flatMap(({ items }) => items).length === 2);
    const recipients = platform.told.flatMap(({ items }) => items.map(({ recipient }) => recipient));
    expect(recipients).toContainEqual({ kind: 'user', externalId: 'Late', externalIds: [] });
    expect(recipients).toContainEqual({
      kind: 'customer', externalId: 'wmAbc', externalIds: [], ownerExternalIds: ['ZhangSan'],
    }); // prettier-ignore
    await until(() => receiver.received.length === 4);
    const got = receiver.received.map(({ body }) => (JSON.parse(body) as { data: { id: string } }).data.id);
    expect(got.filter((id) => id === person)).toHaveLength(2);
    expect(got.filter((id) => id === customer)).toHaveLength(2);
    await receiver.close();
  });

  it('is canceled with its connection, and stays on the record', async () => {
    platform.answer = (items) =>
      items.map(({ key }) => ({ key, status: 'failed', error: { code: 'unavailable', message: 'down' } }));
    await send({ userId: `usr_${number}` });
    const { id } = await waiting(con);
    expect((await call('DELETE', `/connections/${con}?people=erase`)).status).toBe(204);
    const { body } = await call('GET', `/deliveries/${id}`);
    expect(body).toMatchObject({ status: 'canceled', nextAttemptAt: null });
    expect((await call('POST', `/deliveries/${id}/retry`)).status).toBe(404);
  });

  it('finds what waits and what is under way in either queue', async () => {
    await call('POST', '/subscriptions', {
      url: 'http://127.0.0.1:9/',
      eventTypes: ['*'],
      connectionIds: [con],
    });
    platform.answer = (items) =>
      items.map(({ key }) => ({ key, status: 'failed', error: { code: 'unavailable', message: 'down' } }));
    await send({ userId: `usr_${number}` });
    await until(async () =>
      (await listed(`connectionId=${con}`)).every(({ attemptCount }) => attemptCount === 1),
    );
    const pending = await listed(`connectionId=${con}&status=pending`);
    expect(pending.map(({ target }) => target.kind).sort()).toEqual(['platform', 'webhook']);
    expect(await listed(`connectionId=${con}&status=sending`)).toEqual([]);
    await query(
      `update platform_delivery_queue set leased_until = now() + interval '1 hour' where connection_id = $1`,
      [con],
    );
    await query(
      `update delivery_queue set leased_until = now() + interval '1 hour' where connection_id = $1`,
      [con],
    );
    expect(await listed(`connectionId=${con}&status=sending`)).toHaveLength(2);
    expect(await listed(`connectionId=${con}&status=delivered`)).toEqual([]);
  });

  it('tells what the settings say at the moment of the event', async () => {
    await call('PATCH', `/connections/${con}`, { results: [] });
    await send({ userId: `usr_${number}` });
    await call('PATCH', `/connections/${con}`, {
      results: [{ eventTypes: ['*'], action: 'message', options: { text: '{name}·{course}·{x}' } }],
      locale: 'en',
    });
    const eventId = await send({ userId: `usr_${number}` });
    await settled(con, 'delivered');
    // Sent with the admin token, it is found by its id all the same.
    expect(await listed(`eventId=${eventId}`)).toHaveLength(1);
    expect(platform.told.flatMap(({ items }) => items.map(({ text }) => text))).toEqual([
      '张三·信息安全基础·{x}',
    ]);
  });
});
