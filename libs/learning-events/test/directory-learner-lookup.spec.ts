import { DirectoryReader } from '@trainbridge/directory';
import { createTestDatabase, type TestDatabase } from '@trainbridge/persistence/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DirectoryLearnerLookup } from '../src/accept/directory-learner-lookup.js';

describe('DirectoryLearnerLookup', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    const user = (
      id: string,
      connection: string,
      key: string,
      number: string,
      externalIds = '[]',
    ): Promise<unknown> =>
      database.dataSource.query(
        `insert into users (id, person_id, connection_id, external_key, external_id, employee_number, status, external_ids)
         values ($1, 'per_1', $2, lower($3), $3, $4, 'active', $5::jsonb)`,
        [id, connection, key, number, externalIds],
      );
    await user('usr_1', 'con_1', 'ZhangSan', 'E1', '[{"type": "open_id", "value": "ou_1"}]');
    await user('usr_2', 'con_1', 'lisi', 'E2');
    await user('usr_3', 'con_2', 'lisi', 'E2');
    await database.dataSource.query(
      `insert into customers (id, connection_id, external_id) values ('cus_1', 'con_1', 'wmAbc'), ('cus_2', 'con_2', 'lisi')`,
    );
  });
  afterAll(() => database.drop());

  it('finds each kind of reference, in order, and nobody where it is not clear who is meant', async () => {
    const lookup = new DirectoryLearnerLookup(new DirectoryReader());
    const found = await lookup.resolve(
      database.dataSource.manager,
      [
        { userId: 'usr_2' },
        { customerId: 'cus_none' },
        { connectionId: 'con_1', externalId: 'zhangsan' },
        { connectionId: 'con_1', externalId: 'open_id:ou_1' },
        { connectionId: 'con_2', externalId: 'zhangsan' },
        { employeeNumber: 'E1' },
        { employeeNumber: 'E2' },
        { employeeNumber: 'E2', connectionId: 'con_2' },
        { userId: 'usr_none' },
      ],
      null,
    );
    expect(found.map((learner) => learner && `${learner.connectionId} ${learner.userId}`)).toEqual([
      'con_1 usr_2',
      null,
      'con_1 usr_1',
      'con_1 usr_1',
      null,
      'con_1 usr_1',
      null,
      'con_2 usr_3',
      null,
    ]);
  });

  it('finds customers, and people before customers of the same id', async () => {
    const lookup = new DirectoryLearnerLookup(new DirectoryReader());
    const learners = [
      { customerId: 'cus_1' },
      { connectionId: 'con_1', externalId: 'wmAbc' },
      { connectionId: 'con_1', externalId: 'wmabc' },
      { connectionId: 'con_2', externalId: 'lisi' },
      { employeeNumber: 'E1' },
    ];
    const found = await lookup.resolve(database.dataSource.manager, learners, null);
    expect(found).toEqual([
      { userId: null, customerId: 'cus_1', connectionId: 'con_1' },
      { userId: null, customerId: 'cus_1', connectionId: 'con_1' },
      null,
      { userId: 'usr_3', customerId: null, connectionId: 'con_2' },
      { userId: 'usr_1', customerId: null, connectionId: 'con_1' },
    ]);
    expect(await lookup.resolve(database.dataSource.manager, [{ customerId: 'cus_1' }], ['con_2'])).toEqual([
      null,
    ]);
  });

  it('looks only where the asker may', async () => {
    const lookup = new DirectoryLearnerLookup(new DirectoryReader());
    const learners = [{ employeeNumber: 'E2' }, { employeeNumber: 'E1' }, { userId: 'usr_2' }];
    const found = await lookup.resolve(database.dataSource.manager, learners, ['con_2']);
    expect(found.map((learner) => learner?.userId)).toEqual(['usr_3', undefined, undefined]);
  });
});
