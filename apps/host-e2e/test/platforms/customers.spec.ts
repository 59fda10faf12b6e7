import type { components } from '@trainbridge/api-client';
import type { Sandbox } from '@trainbridge/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectedCompany, type ConnectedCompany } from '../../src/connected-platforms.js';
import { dataOf } from '../../src/expect-data.js';
import { LearningSystem } from '../../src/learning-system.js';

type Customer = components['schemas']['CustomerDto'];

const TAG = '已结业';

/** What the platform itself holds, as far as the tests ask. */
interface Contact {
  id: string;
  name: string;
  owners: string[];
  tags: string[];
}

const contactsOf = {
  wecom: ({ wecom }: Sandbox): Contact[] => {
    const names = new Map(wecom.corpTags.all().flatMap(({ tags }) => tags.map(({ id, name }) => [id, name])));
    return wecom.customers.all().map((customer) => {
      const relations = wecom.customers.relationsOf(customer);
      return {
        id: customer.externalUserId,
        name: customer.name,
        owners: relations.map(({ person }) => person.account).sort(),
        tags: [...new Set(relations.flatMap(({ tagIds }) => [...tagIds].map((id) => names.get(id)!)))],
      };
    });
  },
  dingtalk: ({ dingtalk: { contacts } }: Sandbox): Contact[] => {
    const labels = contacts.labelGroups.flatMap((group) => group.labels);
    const names = new Map(labels.map(({ id, name }) => [id, name]));
    return contacts.all().map((contact) => ({
      id: contact.userid,
      name: contact.name,
      owners: [contact.follower_user_id],
      tags: contact.label_ids.map((id) => names.get(id)!),
    }));
  },
};

const add = {
  wecom: ({ wecom }: Sandbox, name: string): string => wecom.customers.add({ name }).externalUserId,
  dingtalk: ({ dingtalk, company }: Sandbox, name: string): string =>
    dingtalk.contacts.add({
      name,
      mobile: '13700009999',
      state_code: '86',
      follower_user_id: company.people()[0]!.account,
      label_ids: [],
      share_dept_ids: [],
      share_user_ids: [],
    }).userid,
};

/** Customers stand beside users, never among them, and can learn. */
describe('customers', () => {
  let company: ConnectedCompany;
  let lms: LearningSystem;

  beforeAll(async () => {
    company = await connectedCompany();
    const { admin } = company.host;
    for (const id of ['wecom', 'dingtalk'] as const) {
      const params = { path: { id: company.platform(id).connectionId } };
      const results = [
        { eventTypes: ['course.completed'], action: 'tag' as const, options: { tagName: TAG } },
      ];
      dataOf(await admin.PATCH('/api/v1/connections/{id}', { params, body: { results } }));
    }
    lms = await LearningSystem.begin(company.host);
  });
  afterAll(() => company?.close());

  describe.each(['wecom', 'dingtalk'] as const)('of %s', (id) => {
    async function customers(): Promise<Customer[]> {
      const query = { connectionId: company.platform(id).connectionId, limit: 200 };
      return dataOf(await lms.client.GET('/api/v1/customers', { params: { query } })).data;
    }

    it('are all there, with their owners and tags', async () => {
      const contacts = contactsOf[id](company.sandbox);
      expect(contacts.length).toBeGreaterThan(5);
      const accounts = new Map(
        (await company.platform(id).people()).map((user) => [user.id, company.platform(id).accountOf(user)]),
      );
      const read = (await customers()).map(({ externalId, displayName, ownerUserIds, tags }) => ({
        id: externalId,
        name: displayName,
        owners: ownerUserIds.map((userId) => accounts.get(userId)).sort(),
        tags: tags.map(({ name }) => name),
      }));
      const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
      expect(read.sort(byId)).toEqual(contacts.sort(byId));
    });

    it('come later too, and are no users', async () => {
      const platform = company.platform(id);
      const externalId = add[id](company.sandbox, '林采购');
      // WeCom tells of it; DingTalk tells this kind of app nothing, and the next run finds it.
      await platform.settled();
      if (id === 'dingtalk') expect((await platform.sync()).counts.customers).toMatchObject({ created: 1 });
      expect(await customers()).toContainEqual(
        expect.objectContaining({ externalId, displayName: '林采购' }),
      );
      expect(await platform.find(externalId)).toBeUndefined();
    });

    it('who learn are tagged on the platform', async () => {
      const [customer] = await customers();
      const contact = () => contactsOf[id](company.sandbox).find((one) => one.id === customer!.externalId)!;
      expect(contact().tags).not.toContain(TAG);
      const [eventId] = await lms.completed({ customerId: customer!.id });
      const deliveries = await lms.deliveriesOf(eventId!);
      expect(deliveries.map(({ status }) => status)).toEqual(['delivered']);
      expect(contact().tags).toContain(TAG);

      await company.platform(id).sync();
      const read = (await customers()).find((one) => one.id === customer!.id)!;
      expect(read.tags.map(({ name }) => name)).toContain(TAG);
    });
  });

  it('of Feishu do not exist', async () => {
    const { connectionId } = company.platform('feishu');
    const { data } = dataOf(
      await lms.client.GET('/api/v1/customers', { params: { query: { connectionId } } }),
    );
    expect(data).toEqual([]);
  });
});
