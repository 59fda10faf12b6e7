import { OutgoingEvents } from '@trainbridge/persistence';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HeldLearningEvents } from '../src/held-learning-events.js';
import { LearningApp, learningEvent } from './learning-app.js';

describe('learning events', () => {
  let app: LearningApp;
  beforeAll(async () => void (app = await LearningApp.start()));
  afterAll(() => app.stop());
  beforeEach(async () => {
    await app.query('truncate learning_events, outgoing_events');
    app.published.length = 0;
    app.people.byEmployeeNumber.clear();
    app.people.elsewhere.clear();
    app.people.byEmployeeNumber.set('E1', { userId: 'usr_1', connectionId: 'con_1' });
  });

  it('accepts one event, keeps it, and publishes it under the same id', async () => {
    const event = learningEvent('e-1', { attributes: { place: '上海', nested: [1, { b: 2, a: 1 }] } });
    const { status, body } = await app.send(event);
    expect([status, body]).toEqual([202, { accepted: 1, duplicates: 0, held: 0, rejected: [] }]);
    const [row] = await app.query<Record<string, unknown>>('select * from learning_events');
    expect(row).toMatchObject({
      event_id: 'e-1',
      user_id: 'usr_1',
      connection_id: 'con_1',
      course_id: 'c-1',
      held: false,
    });
    expect(app.published).toHaveLength(1);
    expect(app.published[0]).toMatchObject({
      id: row!.id,
      type: 'course.completed',
      subjectId: 'usr_1',
      connectionId: 'con_1',
      occurredAt: '2026-11-23T09:30:00.000Z',
    });
    expect(app.published[0]!.data).toEqual(event);
  });

  it('reports a time or an object that the database could not keep, and takes the rest of the batch', async () => {
    const times = [
      '2026-W05-1',
      '2026-123',
      '2026',
      '0000-01-01T00:00:00Z',
      '2026-01-01T10Z',
      '2026-01-01T10:00:00',
    ];
    const { status, body } = await app.send({
      events: [
        learningEvent('good'),
        ...times.map((occurredAt, index) => learningEvent(`t${index}`, { occurredAt })),
        learningEvent('list', { course: [{ id: 'c-1' }] }),
      ],
    });
    expect([status, body.accepted]).toEqual([202, 1]);
    const rejected = body.rejected as { index: number; detail: string }[];
    expect(rejected.map(({ index }) => index)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(rejected[0]!.detail).toMatch(/^\/occurredAt must be a time/);
    expect(rejected[6]!.detail).toBe('/course must be an object');
  });

  it('takes a batch: good, bad, repeated and conflicting events side by side', async () => {
    await app.send(learningEvent('old'));
    const { body } = await app.send({
      events: [
        learningEvent('a'),
        learningEvent('b', { result: { progress: 1.5 } }),
        learningEvent('a'),
        learningEvent('a', { type: 'course.passed' }),
        learningEvent('old'),
        learningEvent('old', { occurredAt: '2026-11-24T00:00:00Z' }),
        learningEvent('c', { learner: { employeeNumber: 'nobody' } }),
        learningEvent('d', { unknown: 1 }),
        'text',
        null,
        learningEvent('e', { learner: { userId: 'u', employeeNumber: 'E1' } }),
        learningEvent('f', { type: 'course.invented' }),
        learningEvent('g', { attributes: { text: 'a\0b' } }),
        learningEvent('h', { attributes: { text: '\ud800' } }),
        learningEvent('i', { attributes: { text: '\\u0000 written out is fine' } }),
        learningEvent('j', { attributes: { text: 'x'.repeat(70_000) } }),
        learningEvent('k', { attributes: JSON.parse(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`) as object }),
      ],
    });
    expect(body).toMatchObject({ accepted: 2, duplicates: 2, held: 1 });
    const rejected = body.rejected as { index: number; code: string; detail: string }[];
    expect(rejected.map(({ index, code }) => `${index} ${code}`)).toEqual([
      '1 invalid_request',
      '3 id_conflict',
      '5 id_conflict',
      '7 invalid_request',
      '8 invalid_request',
      '9 invalid_request',
      '10 invalid_request',
      '11 invalid_request',
      '12 invalid_request',
      '13 invalid_request',
      '15 body_too_large',
      '16 invalid_request',
    ]);
    expect(rejected[0]!.detail).toBe('/result/progress must not be greater than 1');
    expect(rejected[3]!.detail).toBe('/unknown is not a known field');
    expect(await app.query('select count(*)::int as n from outgoing_events')).toEqual([{ n: 4 }]);
  });

  it('tells what is wrong in the language asked for', async () => {
    const { body } = await app.send({ events: [learningEvent('a', { learner: {} })] }, undefined, {
      'accept-language': 'zh-CN',
    });
    expect(body.rejected[0].detail).toContain('必须且只能是');
  });

  it('the same content in another order of keys is the same event', async () => {
    await app.send(learningEvent('a'));
    const reversed = Object.fromEntries(Object.entries(learningEvent('a')).reverse());
    expect((await app.send(reversed)).body).toMatchObject({ accepted: 0, duplicates: 1, rejected: [] });
  });

  it('ids are unique per client', async () => {
    const one = await app.client();
    const two = await app.client();
    expect((await app.send(learningEvent('a'), one.token)).body.accepted).toBe(1);
    expect((await app.send(learningEvent('a', { type: 'course.passed' }), two.token)).body.accepted).toBe(1);
    expect((await app.send(learningEvent('a', { type: 'course.failed' }))).body.accepted).toBe(1);
    expect((await app.send(learningEvent('a'), two.token)).body.rejected[0].code).toBe('id_conflict');
    const seen = await app.call('GET', '/learning-events', undefined, one.token);
    expect(seen.body).toMatchObject({
      count: 1,
      data: [{ id: 'a', type: 'course.completed', clientId: one.id }],
    });
    expect(
      (await app.call('GET', `/learning-events?clientId=${one.id}`, undefined, two.token)).body.count,
    ).toBe(0);
  });

  it('refuses a wrong envelope and a wrong single event', async () => {
    const wrong: [unknown, string][] = [
      [[], ''],
      [{ events: [] }, '/events'],
      [{ events: {} }, '/events'],
      [{ events: Array.from({ length: 1_001 }, (_, n) => learningEvent(`e${n}`)) }, '/events'],
      [{ events: [learningEvent('a')], more: 1 }, '/more'],
      [learningEvent('a', { type: undefined }), '/type'],
      [learningEvent('a', { surplus: 1 }), '/surplus'],
      [{}, '/id'],
    ];
    for (const [body, path] of wrong) {
      const answer = await app.send(body);
      expect([answer.status, answer.body.code, answer.body.errors[0].path]).toEqual([
        400,
        'invalid_request',
        path,
      ]);
    }
    expect((await app.send('{"events": [')).body.code).toBe('invalid_json');
    expect((await app.send(`{"events": ["${'x'.repeat(4 * 1024 * 1024)}"]}`)).status).toBe(413);
    expect(await app.query('select 1 from learning_events')).toEqual([]);
  });

  it('many small requests at once are all accepted, each counted for itself', async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        app.send(n % 10 === 9 ? learningEvent('same') : learningEvent(`e-${n}`)),
      ),
    );
    expect(answers.every(({ status }) => status === 202)).toBe(true);
    const sum = (name: string): number =>
      answers.reduce((total, { body }) => total + (body[name] as number), 0);
    expect([sum('accepted'), sum('duplicates')]).toEqual([181, 19]);
    expect(await app.query('select count(*)::int as n from outgoing_events')).toEqual([{ n: 181 }]);
  });

  it('a failing neighbour in a shared transaction harms nobody else', async () => {
    const stop = app.app.get(OutgoingEvents).onPublished(async (_manager, events) => {
      if (events.some(({ data }) => data.id === 'poison')) throw new Error('no');
    });
    const answers = await Promise.all(
      [...Array(30).keys()].map((n) => app.send(learningEvent(n === 20 ? 'poison' : `e-${n}`))),
    );
    stop();
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(29);
    expect(answers[20]!.status).toBe(500);
    expect(await app.query('select count(*)::int as n from learning_events')).toEqual([{ n: 29 }]);
  });

  it('holds events of unknown learners and resolves them when the person appears', async () => {
    await app.send({
      events: [learningEvent('a', { learner: { employeeNumber: 'E2' } }), learningEvent('b')],
    });
    expect((await app.call('GET', '/learning-events?held=true')).body).toMatchObject({
      count: 1,
      data: [{ id: 'a', held: true, userId: null }],
    });
    expect(app.published).toHaveLength(2);
    app.people.byEmployeeNumber.set('E2', { userId: 'usr_2', connectionId: 'con_1' });
    expect(await app.app.get(HeldLearningEvents).resolveAll(new AbortController().signal)).toBe(1);
    const { body } = await app.call('GET', '/learning-events/a');
    expect(body).toMatchObject({ id: 'a', held: false, userId: 'usr_2', learner: { employeeNumber: 'E2' } });
  });

  it('a client limited to connections learns of nobody outside them', async () => {
    await app.query(
      `insert into connections (id, name, connector, config) values ('con_9', 'x', 'example', '{}') on conflict do nothing`,
    );
    const { token } = await app.client({ connectionIds: ['con_9'] });
    expect((await app.send(learningEvent('a'), token)).body).toMatchObject({ held: 1 });
    const other = learningEvent('b', { learner: { connectionId: 'con_1', externalId: 'x' } });
    expect((await app.send(other, token)).body.rejected).toMatchObject([{ index: 0, code: 'forbidden' }]);
    expect(await app.app.get(HeldLearningEvents).resolveAll(new AbortController().signal)).toBe(0);
  });

  it('an employee number of two companies names one person for a client of one of them', async () => {
    for (const id of ['con_1', 'con_9'])
      await app.query(
        `insert into connections (id, name, connector, config) values ($1, 'x', 'example', '{}') on conflict do nothing`,
        [id],
      );
    app.people.elsewhere.set('E1', { userId: 'usr_9', connectionId: 'con_9' });
    const one = await app.client({ connectionIds: ['con_1'] });
    const nine = await app.client({ connectionIds: ['con_9'] });
    const [everywhere, atOne, atNine] = await Promise.all([
      app.send(learningEvent('a')),
      app.send(learningEvent('a'), one.token),
      app.send(learningEvent('a'), nine.token),
    ]);
    expect([everywhere.body.held, atOne.body.accepted, atNine.body.accepted]).toEqual([1, 1, 1]);

    const later = learningEvent('b', { learner: { employeeNumber: 'E7' } });
    for (const token of [undefined, one.token, nine.token])
      expect((await app.send(later, token)).body.held).toBe(1);
    app.people.byEmployeeNumber.set('E7', { userId: 'usr_17', connectionId: 'con_1' });
    app.people.elsewhere.set('E7', { userId: 'usr_97', connectionId: 'con_9' });
    expect(await app.app.get(HeldLearningEvents).resolveAll(new AbortController().signal)).toBe(2);
    expect(
      await app.query('select client_id, event_id, user_id from learning_events order by event_id, user_id'),
    ).toEqual([
      { client_id: one.id, event_id: 'a', user_id: 'usr_1' },
      { client_id: nine.id, event_id: 'a', user_id: 'usr_9' },
      { client_id: null, event_id: 'a', user_id: null },
      { client_id: one.id, event_id: 'b', user_id: 'usr_17' },
      { client_id: nine.id, event_id: 'b', user_id: 'usr_97' },
      { client_id: null, event_id: 'b', user_id: null },
    ]);
  });

  it('filters, counts and pages', async () => {
    await app.send({
      events: Array.from({ length: 30 }, (_, n) =>
        learningEvent(`e-${n}`, {
          type: n % 3 === 0 ? 'exam.passed' : 'course.completed',
          course: { id: `c-${n % 2}` },
          occurredAt: new Date(Date.UTC(2026, 0, n + 1)).toISOString(),
        }),
      ),
    });
    const count = async (query: string): Promise<number> =>
      (await app.call('GET', `/learning-events?limit=1&${query}`)).body.count as number;
    expect(await count('type=exam.passed')).toBe(10);
    expect(await count('courseId=c-1')).toBe(15);
    expect(await count('userId=usr_1')).toBe(30);
    expect(await count('connectionId=con_1&eventId=e-3')).toBe(1);
    expect(await count('since=2026-01-11T00:00:00Z&until=2026-01-21T00:00:00Z')).toBe(10);
    const ids: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await app.call('GET', `/learning-events?limit=7&type=course.completed${cursor}`);
      ids.push(...(body.data as { id: string }[]).map(({ id }) => id));
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor as string}`;
    }
    expect(new Set(ids).size).toBe(20);
    expect(ids).toHaveLength(20);
    const { body } = await app.call('GET', '/learning-events?limit=7&type=course.completed');
    const foreign = await app.call('GET', `/learning-events?type=exam.passed&cursor=${body.nextCursor}`);
    expect([foreign.status, foreign.body.code]).toEqual([400, 'invalid_cursor']);
    expect((await app.call('GET', '/learning-events?typ=x')).status).toBe(400);
  });

  it('needs its scopes', async () => {
    const reader = await app.client({ scopes: ['learning-events:read'] });
    expect((await app.send(learningEvent('a'), reader.token)).status).toBe(403);
    const writer = await app.client({ scopes: ['learning-events:write'] });
    expect((await app.call('GET', '/learning-events', undefined, writer.token)).status).toBe(403);
  });
});
