import type { CustomerRecord, CustomersCapability, JsonObject, Lookup } from '@trainbridge/connector-kit';
import { FakePlatform } from '../fake-platform.js';

/** A FakePlatform with SCRM contacts, listed as one row per customer and owner, as WeCom does. */
export class CustomerPlatform extends FakePlatform {
  readonly rows: CustomerRecord[] = [];
  readonly answers = new Map<string, 'gone' | 'notVisible' | 'unknown'>();
  customersPageSize = 100;
  /** Called before each page; may throw. */
  onCustomersPage: (page: number) => void = () => undefined;
  customerPages = 0;
  asked: string[][] = [];

  constructor() {
    super();
    const open = this.open;
    this.open = async () => ({ ...(await open()), customers: this.customers });
  }

  /** People p1…pn of one department, so that customers have owners. */
  static withPeople(count: number): CustomerPlatform {
    const platform = new CustomerPlatform();
    platform.addDepartment('1', null, '总部');
    for (let i = 1; i <= count; i++) platform.addUser(`p${i}`, ['1']);
    return platform;
  }

  addCustomer(externalId: string, owners: string[], more: Partial<CustomerRecord> = {}): void {
    for (const owner of owners)
      this.rows.push({
        externalId,
        displayName: `客户${externalId}`,
        ownerExternalIds: [owner],
        tags: [{ id: `tag-of-${owner}`, name: `${owner}的`, group: '来源' }],
        raw: { external_userid: externalId, follow: owner },
        ...more,
      });
  }

  drop(externalId: string): void {
    this.rows.splice(0, this.rows.length, ...this.rows.filter((row) => row.externalId !== externalId));
  }

  readonly customers: CustomersCapability<JsonObject> = {
    list: async (_context, { cursor }) => {
      const offset = cursor === null ? 0 : Number(cursor);
      this.customerPages += 1;
      this.onCustomersPage(this.customerPages);
      const next = offset + this.customersPageSize;
      const done = next >= this.rows.length;
      return {
        items: this.rows.slice(offset, next),
        rejected: [],
        cursor: done ? null : String(next),
        done,
      };
    },
    get: async (_context, { externalIds }) => {
      this.asked.push(externalIds);
      return externalIds.map((externalId): Lookup<CustomerRecord> => {
        const status = this.answers.get(externalId);
        if (status) return { externalId, status };
        const mine = this.rows.filter((row) => row.externalId === externalId);
        const [first] = mine;
        if (!first) return { externalId, status: 'gone' };
        const record = {
          ...first,
          ownerExternalIds: mine.flatMap((row) => row.ownerExternalIds ?? []),
          tags: mine.flatMap((row) => row.tags ?? []),
        };
        return { externalId, status: 'found', record };
      });
    },
  };
}
