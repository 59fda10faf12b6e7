import { expect } from 'vitest';
import { given, type Case } from '../case.js';
import { outcomeOf } from './todos.js';

export const resultCases: readonly Case[] = [
  {
    name: 'every action takes effect once, however often it is told, as its idempotency declares',
    capability: 'results',
    async run({ connector, stand, platform }) {
      for (const { name, idempotency } of connector.manifest.results!.actions) {
        const { options, item, count } = given(platform.results?.[name], `results.${name}`);
        const before = await count();
        const report = () =>
          stand.call(`results.report ${name}`, () =>
            connector.results!.report(stand.context(), { action: name, options, items: [item] }),
          );
        const outcome = outcomeOf(await report(), [item.key], item.key);
        if (outcome.status !== 'done')
          throw new Error(`${name} did not take effect: ${JSON.stringify(outcome)}`);
        expect(await count(), name).toBe(before + 1);
        await report();
        if (idempotency !== 'none') expect(await count(), `${name}: "${idempotency}"`).toBe(before + 1);
      }
    },
  },
  {
    name: 'one recipient nobody knows fails alone, in every action',
    capability: 'results',
    async run({ connector, stand, platform }) {
      for (const { name, maxBatch } of connector.manifest.results!.actions) {
        const { options, item, unknownRecipient } = given(platform.results?.[name], `results.${name}`);
        if (!unknownRecipient || maxBatch < 2) continue;
        const outcomes = await stand.call(`results.report ${name}`, () =>
          connector.results!.report(stand.context(), {
            action: name,
            options,
            items: [item, unknownRecipient],
          }),
        );
        const keys = [item.key, unknownRecipient.key];
        expect(outcomeOf(outcomes, keys, item.key).status, name).toBe('done');
        expect(outcomeOf(outcomes, keys, unknownRecipient.key).status, name).not.toBe('done');
      }
    },
  },
];
