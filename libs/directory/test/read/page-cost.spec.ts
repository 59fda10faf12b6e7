import { ALL_SCOPES, type Actor } from '@trainbridge/access';
import { createTestDatabase, type TestDatabase } from '@trainbridge/persistence/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChangeReader } from '../../src/read/changes/change-reader.js';
import { feedCursor } from '../../src/read/changes/feed-cursor.js';
import { DirectoryReader } from '../../src/read/index.js';
import { UserReader } from '../../src/read/users/user-reader.js';

const PEOPLE = Number(process.env.PAGE_COST_PEOPLE ?? 20_000);

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: PlanNode[];
}

/** Two companies one after the other, two departments through both, and a change of each person. */
const FILL = [
  `insert into users (id, person_id, connection_id, external_key, external_id, external_ids, employee_number, display_name, status)
   select id, 'per_' || n, case when n <= ${PEOPLE / 2} then 'con_a' else 'con_b' end, 'x' || n, 'X' || n,
     jsonb_build_array(jsonb_build_object('type', 'open_id', 'value', 'ou_' || n)), 'E' || n, 'Name', 'active'
   from (select n, 'usr_' || lpad(n::text, 8, '0') as id from generate_series(1, ${PEOPLE}) n) people`,
  `insert into memberships (user_id, department_id) select id, 'dep_' || (right(id, 1)::int % 2) from users`,
  `insert into directory_changes (connection_id, type, subject_id, after, cause)
   select connection_id, 'user.created', id, jsonb_build_object('id', id), '{}' from users order by id`,
  `vacuum (analyze) users, memberships, directory_changes`,
];

describe('the cost of a page', () => {
  let database: TestDatabase;
  let asked: [string, unknown[]][] = [];
  let spy: DataSource;
  const actor = (connectionIds: string[] | null = null): Actor => ({
    kind: 'client',
    clientId: 'cli_1',
    name: 'LMS',
    scopes: ALL_SCOPES,
    connectionIds,
  });

  beforeAll(async () => {
    database = await createTestDatabase();
    for (const statement of FILL) await database.dataSource.query(statement);
    const query = (statement: string, values: unknown[]) => {
      asked.push([statement, values]);
      return database.dataSource.query(statement, values);
    };
    spy = { query } as unknown as DataSource;
  });
  afterAll(() => database.drop());

  /** What the one statement of `work` reads: blocks of 8 KiB, and the tables it reads from end to end. */
  async function costOf(work: () => Promise<unknown>): Promise<{ blocks: number; scans: string[] }> {
    asked = [];
    await work();
    expect(asked).toHaveLength(1);
    const [[statement, values]] = asked as [[string, unknown[]]];
    const [answer] = await database.dataSource.query<
      { 'QUERY PLAN': [{ Plan: PlanNode; 'Execution Time': number }] }[]
    >(`explain (analyze, buffers, format json) ${statement}`, values);
    const [{ Plan: plan, 'Execution Time': milliseconds }] = answer!['QUERY PLAN'];
    if (process.env.PAGE_COST_PEOPLE)
      console.log(expect.getState().currentTestName, blocksOf(plan), milliseconds);
    return { blocks: blocksOf(plan), scans: scansOf(plan) };
  }
  const blocksOf = (plan: PlanNode): number => plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
  const scansOf = (plan: PlanNode): string[] => [
    ...(plan['Node Type'] === 'Seq Scan' ? [plan['Relation Name']!] : []),
    ...(plan.Plans ?? []).flatMap(scansOf),
  ];

  const filters: [string, object, string[] | null][] = [
    ['everybody', {}, null],
    ['a connection', { connectionId: 'con_b' }, null],
    ['a department', { departmentId: 'dep_1' }, null],
    ['active people', { status: 'active' }, null],
    ['a client’s connections', {}, ['con_a', 'con_b']],
    ['a client’s connection', { status: 'active' }, ['con_b']],
  ];

  it.each(filters)(
    'is the same at the end of the list as at its beginning: %s',
    async (_, filter, connectionIds) => {
      const reader = new UserReader(spy);
      const query = { limit: 50, ...filter };
      const first = await costOf(() => reader.list(query, actor(connectionIds)));
      let deep = (await reader.list({ ...query, limit: 200 }, actor(connectionIds))).nextCursor!;
      for (let page = 0; page < 20; page++) {
        deep = (await reader.list({ ...query, limit: 200, cursor: deep }, actor(connectionIds))).nextCursor!;
      }
      const later = await costOf(() => reader.list({ ...query, cursor: deep }, actor(connectionIds)));
      expect(later.blocks).toBeLessThan(first.blocks * 1.5 + 20);
      // Memberships of a page's people, the people, a few steps through indexes.
      expect(first.blocks).toBeLessThan(300);
      expect([...first.scans, ...later.scans]).toEqual([]);
    },
  );

  it.each([
    ['employeeNumber', { employeeNumber: 'E15000' }],
    ['externalId', { externalId: 'X15000', connectionId: 'con_b' }],
    ['externalId of another kind', { externalId: 'open_id:ou_15000', connectionId: 'con_b' }],
  ])('is a handful of blocks for one person by %s', async (_, filter) => {
    const { blocks, scans } = await costOf(() => new UserReader(spy).list({ limit: 50, ...filter }, actor()));
    expect(blocks).toBeLessThan(40);
    expect(scans).toEqual([]);
  });

  it.each([
    ['all', {}, null],
    ['a connection', { connectionId: 'con_b' }, null],
    ['a client’s connections', {}, ['con_b', 'con_c']],
  ] as [string, object, string[] | null][])(
    'of 1,000 changes is the same at any depth: %s',
    async (_, filter, connectionIds) => {
      const reader = new ChangeReader(spy);
      const page = (after: number) =>
        costOf(() =>
          reader.list({ limit: 1_000, cursor: feedCursor(after), ...filter }, actor(connectionIds)),
        );
      const [first, later, end] = [await page(0), await page(PEOPLE - 1_500), await page(PEOPLE)];
      expect(later.blocks).toBeLessThan(first.blocks * 1.2 + 20);
      expect(first.blocks).toBeLessThan(200);
      expect(end.blocks).toBeLessThan(20);
      expect([...first.scans, ...later.scans]).toEqual([]);
    },
  );

  it('of a thousand learners named in every way is a few blocks each', async () => {
    const references = Array.from({ length: 1_000 }, (_, n) => {
      const number = 19 * n + 1;
      const connectionId = number <= PEOPLE / 2 ? 'con_a' : 'con_b';
      return [
        { userId: `usr_${String(number).padStart(8, '0')}` },
        { connectionId, externalId: `x${number}` },
        { connectionId, externalId: `open_id:ou_${number}` },
        { employeeNumber: `E${number}` },
      ][n % 4]!;
    });
    const { blocks, scans } = await costOf(async () => {
      const learners = await new DirectoryReader().resolveLearners(
        { query: spy.query.bind(spy) },
        references,
      );
      expect(learners.filter((learner) => learner === null)).toEqual([]);
    });
    expect(blocks).toBeLessThan(20_000);
    expect(scans).toEqual([]);
  });
});
