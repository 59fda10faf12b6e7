import type { Company, Department } from '@trainbridge/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  connectedCompany,
  PLATFORM_IDS,
  type ConnectedCompany,
  type PlatformId,
} from '../../src/connected-platforms.js';

/**
 * What a full crawl costs by each platform's own paging, endpoint by endpoint. Listings have to be called exactly as often as
 * their pages ask for; beside them only what tells the visible range and what was granted by name may be called.
 */
const PAGING: Record<PlatformId, (company: Company) => Record<string, number>> = {
  // One call per department, and ids of everybody in pages of 10,000 memberships.
  wecom: (company) => ({
    'department/list': 1,
    'department/simplelist': 1,
    'user/list': company.departmentCount,
    'user/list_id': pages(memberships(company), 10_000),
  }),
  // Children are told of one department at a time, people in pages of 100.
  dingtalk: (company) => ({
    '/topapi/v2/department/listsub': company.departmentCount,
    '/topapi/v2/user/list': sum(departments(company), ({ id }) => pages(headCount(company, id), 100)),
  }),
  // Everything below a top department at once in pages of 50, and one call more that tells a scope of all members from
  // others; people in pages of 50. The root is no department.
  feishu: (company) => ({
    'contact/v3/departments/:department_id/children':
      1 + sum(childrenOf(company, 1), ({ id }) => pages(below(company, id), 50)),
    'contact/v3/users/find_by_department': sum(
      departments(company).filter(({ id }) => id !== 1),
      ({ id }) => pages(headCount(company, id), 50),
    ),
  }),
};

/** Calls beside the listings: visible range (before, at the beginning, of people), and batches of what is granted by name. */
const OTHERS: Record<PlatformId, Record<string, number>> = {
  wecom: { 'agent/get': 2 },
  dingtalk: { '/auth/scopes': 3, '/topapi/v2/department/get': 1 },
  feishu: { 'contact/v3/scopes': 3, 'contact/v3/departments/batch': 1, 'contact/v3/users/batch': 1 },
};

/** An empty list costs a call too. */
const pages = (rows: number, size: number): number => Math.max(1, Math.ceil(rows / size));
const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);
const departments = (company: Company): Department[] => [...company.departments()];
const headCount = (company: Company, id: number): number =>
  company.people().filter((person) => person.departmentIds.includes(id)).length;
const memberships = (company: Company): number =>
  sum(company.people(), (person) => person.departmentIds.length);
const childrenOf = (company: Company, parent: number): Department[] =>
  departments(company).filter(({ parentId }) => parentId === parent);
const below = (company: Company, id: number): number =>
  sum(childrenOf(company, id), (child) => 1 + below(company, child.id));

describe('a full crawl', () => {
  let company: ConnectedCompany;

  beforeAll(async () => {
    // Few departments and many people: several pages of people in each.
    company = await connectedCompany({ people: 360, departments: 4 });
  });
  afterAll(() => company?.close());

  it.each(PLATFORM_IDS)('of %s makes no more calls than paging needs', async (id) => {
    const { simulator } = company.platform(id);
    simulator.calls.reset();
    const run = await company.platform(id).sync();
    expect(run.status).toBe('success');
    expect(headCount(company.sandbox.company, 2)).toBeGreaterThan(100);
    const calls = simulator.calls.byEndpoint();
    const counted = Object.fromEntries(
      Object.entries(calls)
        .filter(([endpoint, { total }]) => total > 0 && !/ext(ernal)?contact/.test(endpoint))
        .map(([endpoint, { total }]) => [endpoint, total]),
    );
    expect(counted).toEqual({ ...PAGING[id](company.sandbox.company), ...OTHERS[id] });
    expect(Object.values(calls).every(({ errors }) => Object.keys(errors).length === 0)).toBe(true);
  });
});
