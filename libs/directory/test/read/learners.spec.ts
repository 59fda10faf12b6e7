import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DirectoryReader } from '../../src/read/index.js';
import { ReadingApp } from './reading-app.js';

describe('resolving learners', () => {
  let app: ReadingApp;
  let reader: DirectoryReader;
  const resolve = async (
    ...[references, connectionIds]: [Parameters<DirectoryReader['resolveLearners']>[1], string[]?]
  ) => {
    const found = await reader.resolveLearners(app.dataSource.manager, references, connectionIds);
    return found.map((learner) => learner && learner.userId);
  };

  beforeAll(async () => {
    app = await ReadingApp.start();
    reader = app.fixture.app.get(DirectoryReader);
    await app.addPeople([
      {
        id: 'usr_1',
        externalId: 'ZhangSan',
        employeeNumber: 'E1',
        externalIds: [{ type: 'open_id', value: 'ou_1' }],
      },
      { id: 'usr_2', externalId: 'LiSi', employeeNumber: 'E2', status: 'disabled' },
      { id: 'usr_3', connectionId: 'con_b', externalId: 'zhangsan', employeeNumber: 'E1' },
      { id: 'usr_4', externalId: 'open_id:ou_1', employeeNumber: 'E4', status: 'disabled' },
      { id: 'usr_5', externalId: 'back', employeeNumber: 'E4', externalIds: [{ type: 'phone', value: '1' }] },
      {
        id: 'usr_6',
        externalId: 'x',
        employeeNumber: 'E6',
        status: 'disabled',
        externalIds: [{ type: 'phone', value: '1' }],
      },
      { id: 'usr_7', externalId: 'y', employeeNumber: 'E6', status: 'disabled' },
      { id: 'usr_8', externalId: 'p', externalIds: [{ type: 'phone', value: '2' }] },
      { id: 'usr_9', externalId: 'q', externalIds: [{ type: 'phone', value: '2' }] },
    ]);
  });
  afterAll(() => app.stop());

  it('finds each in its own way, in the order asked, twice when asked twice', async () => {
    expect(
      await resolve([
        { userId: 'usr_3' },
        { connectionId: 'con_a', externalId: 'ZHANGSAN' },
        { employeeNumber: 'nobody' },
        { userId: 'usr_3' },
        { connectionId: 'con_b', externalId: 'ZhangSan' },
        { connectionId: 'con_c', externalId: 'ZhangSan' },
        {},
      ]),
    ).toEqual(['usr_3', 'usr_1', null, 'usr_3', 'usr_3', null, null]);
    expect(await reader.resolveLearners(app.dataSource.manager, [{ userId: 'usr_3' }])).toEqual([
      { userId: 'usr_3', connectionId: 'con_b', personId: 'per_usr_3' },
    ]);
    expect(await resolve([])).toEqual([]);
  });

  it('never guesses between people of one employee number', async () => {
    expect(
      await resolve([
        { employeeNumber: 'E1' },
        { employeeNumber: 'E1', connectionId: 'con_b' },
        { employeeNumber: 'E2' },
        { employeeNumber: 'E4' },
        { employeeNumber: 'E6' },
      ]),
    ).toEqual([null, 'usr_3', 'usr_2', 'usr_5', null]);
  });

  it('understands other ids; the platform’s own id comes first', async () => {
    expect(
      await resolve([
        { connectionId: 'con_a', externalId: 'open_id:ou_1' },
        { connectionId: 'con_a', externalId: 'open_id:ou_2' },
        { connectionId: 'con_b', externalId: 'open_id:ou_1' },
        { connectionId: 'con_a', externalId: 'phone:1' },
        { connectionId: 'con_a', externalId: 'phone:2' },
      ]),
    ).toEqual(['usr_4', null, null, 'usr_5', null]);
    await app.query(`update users set external_key = 'renamed' where id = 'usr_4'`);
    expect(await resolve([{ connectionId: 'con_a', externalId: 'open_id:ou_1' }])).toEqual(['usr_1']);
  });

  it('knows nobody outside the connections it is limited to, not even as a doubt', async () => {
    const references = [{ userId: 'usr_1' }, { userId: 'usr_3' }, { employeeNumber: 'E1' }];
    expect(await resolve(references, ['con_b'])).toEqual([null, 'usr_3', 'usr_3']);
    expect(await resolve(references, [])).toEqual([null, null, null]);
  });
});
