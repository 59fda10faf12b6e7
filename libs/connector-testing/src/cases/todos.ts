import type { ItemOutcome } from '@trainbridge/connector-kit';
import { expect } from 'vitest';
import { given, type Case } from '../case.js';

/** One outcome for each key, in any order. */
export function outcomeOf(
  outcomes: readonly ItemOutcome[],
  keys: readonly string[],
  key: string,
): ItemOutcome {
  expect(outcomes.map((outcome) => outcome.key).sort()).toEqual([...keys].sort());
  return outcomes.find((outcome) => outcome.key === key)!;
}

export const todoCases: readonly Case[] = [
  {
    name: 'a to-do appears once, however often it is told, as its idempotency declares',
    capability: 'todos',
    async run({ connector, stand, platform }) {
      const { item, count } = given(platform.todos, 'todos');
      const before = await count();
      const upsert = (items: (typeof item)[]) =>
        stand.call('todos.upsert', () => connector.todos!.upsert(stand.context(), { items }));
      const first = outcomeOf(await upsert([item]), [item.key], item.key);
      if (first.status !== 'done') throw new Error(`it was not made: ${JSON.stringify(first)}`);
      expect(await count()).toBe(before + 1);
      // Lost before it was written down: told again without the reference.
      await upsert([item]);
      const { idempotency } = connector.manifest.todos!;
      if (idempotency !== 'none') expect(await count(), `idempotency is "${idempotency}"`).toBe(before + 1);
      const known = {
        ...item,
        ...(first.externalRef === undefined ? {} : { externalRef: first.externalRef }),
      };
      const changed = outcomeOf(await upsert([{ ...known, title: '改名的待办' }]), [item.key], item.key);
      expect(['done', 'skipped']).toContain(changed.status);
    },
  },
  {
    name: 'one recipient nobody knows fails alone',
    capability: 'todos',
    async run({ connector, stand, platform }) {
      const { item, unknownRecipient } = given(platform.todos, 'todos');
      const outcomes = await stand.call('todos.upsert', () =>
        connector.todos!.upsert(stand.context(), { items: [item, unknownRecipient] }),
      );
      const keys = [item.key, unknownRecipient.key];
      expect(outcomeOf(outcomes, keys, item.key).status).toBe('done');
      expect(outcomeOf(outcomes, keys, unknownRecipient.key).status).not.toBe('done');
    },
  },
  {
    name: 'closing is possible or says why not, and closing twice does no harm',
    capability: 'todos',
    async run({ connector, stand, platform }) {
      const { item } = given(platform.todos, 'todos');
      const [made] = await stand.call('todos.upsert', () =>
        connector.todos!.upsert(stand.context(), { items: [item] }),
      );
      if (made?.status !== 'done') throw new Error('it was not made');
      const { key, recipientExternalId } = item;
      const closing = { key, recipientExternalId, externalRef: made.externalRef ?? '' };
      for (const outcome of ['completed', 'completed', 'withdrawn'] as const) {
        const closed = await stand.call('todos.close', () =>
          connector.todos!.close(stand.context(), { items: [{ ...closing, outcome }] }),
        );
        const one = outcomeOf(closed, [key], key);
        expect(['done', 'skipped']).toContain(one.status);
        if (one.status === 'skipped') expect(one.reason['zh-CN'] && one.reason.en).toBeTruthy();
      }
    },
  },
];
