import { expect } from 'vitest';
import { given, type Case } from '../case.js';
import { customerListing, resumeEverywhere } from '../crawl.js';

export const customerCases: readonly Case[] = [
  {
    name: 'the list of customers tells everybody, with owners and tags, and resumes at every cursor',
    capability: 'customers',
    async run({ connector, stand, platform }) {
      const { everybody } = given(platform.customers, 'customers');
      const listing = customerListing(connector, stand.context());
      if (!listing) return;
      const whole = await resumeEverywhere(stand, listing);
      expect([...new Set(whole.items.map(({ externalId }) => externalId))].sort()).toEqual(
        [...everybody].sort(),
      );
      for (const { ownerExternalIds, tags } of whole.items) {
        expect(new Set(ownerExternalIds).size).toBe(ownerExternalIds?.length ?? 0);
        for (const { id, name } of tags ?? []) expect(id && name).toBeTruthy();
      }
    },
  },
  {
    name: 'customers are looked up one answer an id, and nobody is not found',
    capability: 'customers',
    async run({ connector, stand, platform }) {
      const { everybody, nobody } = given(platform.customers, 'customers');
      const asked = [...everybody.slice(0, 3), nobody];
      const found = await stand.call('customers.get', () =>
        connector.customers!.get(stand.context(), { externalIds: asked }),
      );
      expect(found.map(({ externalId }) => externalId).sort()).toEqual([...asked].sort());
      for (const { externalId, status } of found)
        expect(status === 'found', externalId).toBe(externalId !== nobody);
    },
  },
];
