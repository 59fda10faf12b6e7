import { expect } from 'vitest';
import { given, type Case } from '../case.js';
import { resumeEverywhere } from '../crawl.js';

export const taskCases: readonly Case[] = [
  {
    name: 'the list of tasks names all since a time, resumes at every cursor, and each of them can be read',
    capability: 'tasks',
    async run({ connector, stand, platform }) {
      const { since, known } = given(platform.tasks, 'tasks');
      const tasks = connector.tasks!;
      const context = stand.context();
      const listing = {
        name: 'tasks.list',
        read: (cursor: string | null) => tasks.list(context, { since, cursor }),
      };
      const whole = await resumeEverywhere(stand, listing);
      const ids = whole.items.map(({ externalId }) => externalId);
      expect([...new Set(ids)].sort()).toEqual([...known].sort());
      const asked = [...known].slice(0, connector.manifest.tasks!.lookupBatch);
      const read = await stand.call('tasks.get', () => tasks.get(context, { externalIds: asked }));
      expect(read.map(({ externalId, status }) => [externalId, status]).sort()).toEqual(
        asked.map((id) => [id, 'found']).sort(),
      );
      for (const lookup of read) {
        if (lookup.status !== 'found') continue;
        const { kind, title, updatedAt, form } = lookup.record;
        expect(kind && title).toBeTruthy();
        expect(new Date(updatedAt).toISOString()).toBe(updatedAt);
        expect(
          Object.keys(form).every((label) => label !== ''),
          'form fields have labels',
        ).toBe(true);
      }
    },
  },
  {
    name: 'a task nobody made is not found',
    capability: 'tasks',
    async run({ connector, stand, platform }) {
      const { nothing } = given(platform.tasks, 'tasks');
      const outcome = await stand.outcome('tasks.get', () =>
        connector.tasks!.get(stand.context(), { externalIds: [nothing] }),
      );
      if ('error' in outcome) throw outcome.error;
      expect(outcome.answer).toHaveLength(1);
      expect(outcome.answer[0]!.status).not.toBe('found');
    },
  },
];
