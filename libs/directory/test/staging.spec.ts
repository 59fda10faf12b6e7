import type { UserRecord } from '@trainbridge/connector-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutCircles } from '../src/sync/plan/department-tree.js';
import { normalizeUser } from '../src/sync/stage/normalize.js';
import { dropStaging, stageRecords } from '../src/sync/stage/staging.js';
import { EngineHarness } from './engine-harness.js';

const full: UserRecord = {
  externalId: 'Lin.Mei',
  displayName: '林梅',
  mobile: null,
  jobTitle: '专员',
  customFields: { a: 1, both: 'first' },
  externalIds: [
    { type: 'union_id', value: 'u1' },
    { type: 'open_id', value: 'o1' },
  ],
  memberships: [
    { departmentId: '1', isPrimary: true },
    { departmentId: '2', order: 3 },
  ],
  raw: { userid: 'Lin.Mei', name: '林梅' },
};
const other: UserRecord = {
  externalId: 'lin.mei',
  displayName: null,
  mobile: '13900001111',
  workEmail: null,
  customFields: { b: [2], both: 'second' },
  externalIds: [
    { type: 'open_id', value: 'o1' },
    { type: 'open_id', value: 'o0' },
  ],
  memberships: [{ departmentId: '2', isLeader: true }, { departmentId: '3' }],
  raw: { phone: '139' },
};
const named: UserRecord = {
  externalId: 'LIN.MEI',
  idOnly: true,
  memberships: [{ departmentId: '9' }],
  raw: { x: 1 },
};

describe('staging', () => {
  let harness: EngineHarness;

  beforeAll(async () => {
    harness = await EngineHarness.start();
  });
  afterAll(() => harness.database.drop());

  /** One transaction per batch; the rule must be the same inside a batch (JavaScript) and across batches (SQL). */
  const staged = async (...batches: UserRecord[][]) => {
    const { manager } = harness.dataSource;
    for (const batch of batches) {
      const users = batch.map((record) => normalizeUser(record, {}));
      await stageRecords(manager, 'run_x', { users, departments: [], rejected: [] });
    }
    const found = await harness.query(
      `select external_key, external_id, id_only, content, memberships, raw, content_hash from staged_users where run_id = 'run_x'`,
    );
    await dropStaging(harness.dataSource, 'run_x');
    return found;
  };

  it.each([
    ['two listings', [full, other]],
    ['the other way round', [other, full]],
    ['a name first', [named, full, other]],
    ['a name last', [full, other, named]],
    ['the same twice', [full, full, other, other]],
  ])('merges answers about one person in one batch as across batches: %s', async (_name, records) => {
    const together = await staged(records);
    const apart = await staged(...records.map((record) => [record]));
    expect(apart).toEqual(together);
    expect(together).toHaveLength(1);
    expect(together[0]).toMatchObject({
      external_key: 'lin.mei',
      external_id: 'Lin.Mei',
      id_only: false,
      content: {
        displayName: '林梅',
        mobile: '+8613900001111',
        workEmail: null,
        jobTitle: '专员',
        customFields: { a: 1, b: [2] },
        externalIds: [
          { type: 'open_id', value: 'o0' },
          { type: 'open_id', value: 'o1' },
          { type: 'union_id', value: 'u1' },
        ],
      },
      memberships: { '1': { isPrimary: true }, '2': { order: 3, isLeader: true }, '3': {} },
    });
  });

  it('keeps a person who is only named as such, with what is known of their departments', async () => {
    expect(await staged([named], [named])).toEqual([
      expect.objectContaining({ id_only: true, content: {}, memberships: { '9': {} }, raw: {} }),
    ]);
  });

  it('cuts every circle once, at the id that sorts first, and nothing else', () => {
    const links = (text: string) =>
      text.split(' ').map((pair) => {
        const [externalId, parentExternalId] = pair.split('>') as [string, string];
        return { externalId, parentExternalId };
      });
    expect(cutCircles(links('b>a c>b a>c d>a e>d'))).toEqual(['a']);
    expect(cutCircles(links('e>d d>c c>b b>d'))).toEqual(['b']);
    expect(cutCircles(links('a>b b>a x>y y>z z>x')).sort()).toEqual(['a', 'x']);
    expect(cutCircles([])).toEqual([]);
  });
});
