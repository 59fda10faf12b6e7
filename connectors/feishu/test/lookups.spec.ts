import type { JsonObject } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import { directory } from '../src/directory.js';
import { department, listOf } from './company.js';
import { fakeContext, ok, refused, type Answers } from './fake-context.js';

const person = (n: number, more: JsonObject = {}): JsonObject => ({
  union_id: `on_${n}`,
  open_id: `ou_${n}`,
  user_id: `e${n}`,
  leader_user_id: 'on_9',
  status: { is_activated: true },
  ...more,
});

/** A batch that shows these people, with leaders of the kind of id that was asked by. */
function batch(...people: JsonObject[]): Answers {
  return {
    'GET contact/v3/users/batch': ({ query }) => {
      const kind = query.user_id_type as string;
      const found = people.filter((one) => listOf(query.user_ids).includes(one[kind] as string));
      return ok({ items: found.map((one) => ({ ...one, leader_user_id: `${kind}-of-leader` })) });
    },
  };
}

const statuses = async (answers: Answers, ids: string[]) => {
  const context = fakeContext(answers);
  const lookups = await directory.getUsers(context, { externalIds: ids });
  return Object.fromEntries(lookups.map(({ externalId, status }) => [externalId, status]));
};

describe('people by id', () => {
  it('one call for all that are shown', async () => {
    const context = fakeContext(batch(person(1), person(2)));
    const lookups = await directory.getUsers(context, { externalIds: ['on_1', 'on_2'] });
    expect(lookups.map(({ status }) => status)).toEqual(['found', 'found']);
    expect(context.calls).toHaveLength(1);
  });

  it('whom the batch leaves out is asked for alone: left, hidden, unknown, or there after all', async () => {
    const answers = {
      ...batch(person(1)),
      'GET contact/v3/users/on_2': ok({ user: person(2, { status: { is_resigned: true } }) }),
      'GET contact/v3/users/on_3': refused(41050),
      'GET contact/v3/users/on_4': refused(99992363),
      'GET contact/v3/users/on_5': ok({ user: person(5) }),
      'GET contact/v3/users/on_6': ok({ user: person(7) }),
    };
    expect(await statuses(answers, ['on_1', 'on_2', 'on_3', 'on_4', 'on_5', 'on_6'])).toEqual({
      on_1: 'found',
      on_2: 'gone',
      on_3: 'notVisible',
      on_4: 'unknown',
      on_5: 'found',
      on_6: 'unknown',
    });
  });

  it('who left and is shown by the batch all the same is gone', async () => {
    const left = person(1, { status: { is_resigned: true } });
    const answers = { ...batch(left), 'GET contact/v3/users/on_1': ok({ user: left }) };
    expect(await statuses(answers, ['on_1'])).toEqual({ on_1: 'gone' });
  });

  it('ids of a changed app prove nothing about anybody', async () => {
    for (const code of [99992351, 99992353, 99992361, 99992363, 99992381]) {
      const answers = { ...batch(), 'GET contact/v3/users/*': refused(code) };
      const told = await statuses(answers, ['open_id:ou_1', 'on_2']);
      expect(told).toEqual({ 'open_id:ou_1': 'unknown', on_2: 'unknown' });
    }
  });

  it('by another kind of id: found under the id everything is kept by, leaders told by it as well', async () => {
    const context = fakeContext(batch(person(1), person(2), person(3)));
    const lookups = await directory.getUsers(context, {
      externalIds: ['open_id:ou_1', 'user_id:e2', 'union_id:on_3'],
    });
    expect(lookups).toMatchObject([
      {
        externalId: 'open_id:ou_1',
        status: 'found',
        record: { externalId: 'on_1', managerExternalId: 'union_id-of-leader' },
      },
      { externalId: 'user_id:e2', status: 'found', record: { externalId: 'on_2' } },
      { externalId: 'union_id:on_3', status: 'found', record: { externalId: 'on_3' } },
    ]);
    expect(context.calls).toHaveLength(3);
  });

  it('by another kind of id, alone: a leader of that kind is not told at all', async () => {
    const context = fakeContext({
      ...batch(),
      'GET contact/v3/users/ou_1': ok({ user: person(1, { leader_user_id: 'ou_9' }) }),
    });
    const [lookup] = await directory.getUsers(context, { externalIds: ['open_id:ou_1'] });
    expect(lookup).toMatchObject({ status: 'found', record: { externalId: 'on_1' } });
    expect(lookup).not.toHaveProperty('record.managerExternalId');
  });

  it('one id that makes no sense does not hide the others', async () => {
    const answers = {
      'GET contact/v3/users/batch': refused(99992353),
      'GET contact/v3/users/on_1': ok({ user: person(1) }),
      'GET contact/v3/users/nonsense': refused(99992353),
      'GET contact/v3/departments/batch': refused(99992358),
      'GET contact/v3/departments/od-1': ok({ department: department('od-1') }),
      'GET contact/v3/departments/nonsense': refused(99992358),
    };
    expect(await statuses(answers, ['on_1', 'nonsense'])).toEqual({ on_1: 'found', nonsense: 'unknown' });
    const departments = await directory.getDepartments(fakeContext(answers), {
      externalIds: ['od-1', 'nonsense'],
    });
    expect(departments.map(({ status }) => status)).toEqual(['found', 'unknown']);
  });

  it('any other refusal is an error and no answer about a person', async () => {
    for (const code of [99991672, 40003, 99991400, 4711]) {
      const context = fakeContext({ ...batch(), 'GET contact/v3/users/on_1': refused(code) });
      await expect(directory.getUsers(context, { externalIds: ['on_1'] })).rejects.toHaveProperty(
        'data.vendorCode',
        String(code),
      );
    }
  });

  it('an id that would lead to another path is never asked for', async () => {
    const context = fakeContext(batch());
    await expect(directory.getUsers(context, { externalIds: ['..'] })).rejects.toMatchObject({
      code: 'input_invalid',
    });
    expect(context.names()).toEqual(['GET contact/v3/users/batch']);
  });
});

describe('departments by id', () => {
  it('found, deleted, gone, hidden, unknown', async () => {
    const context = fakeContext({
      'GET contact/v3/departments/batch': ok({
        items: [department('od-1'), { ...department('od-2'), status: { is_deleted: true } }],
      }),
      'GET contact/v3/departments/od-2': ok({
        department: { ...department('od-2'), status: { is_deleted: true } },
      }),
      'GET contact/v3/departments/od-3': refused(40015),
      'GET contact/v3/departments/od-4': refused(40004, {}, 403),
      'GET contact/v3/departments/d-5': refused(99992357),
      'GET contact/v3/departments/od-6': ok({ department: department('od-7') }),
    });
    const lookups = await directory.getDepartments(context, {
      externalIds: ['od-1', 'od-2', 'od-3', 'od-4', 'd-5', 'od-6'],
    });
    expect(lookups.map(({ status }) => status)).toEqual([
      'found',
      'gone',
      'gone',
      'notVisible',
      'unknown',
      'unknown',
    ]);
  });
});
