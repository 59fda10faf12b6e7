import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EngineHarness } from './engine-harness.js';
import { FakePlatform, unavailable } from './fake-platform.js';

/** Fields that cost a lookup per person: only new and changed people are asked for. */
describe('detail calls', () => {
  let harness: EngineHarness;
  let con: string;
  let number = 0;

  beforeAll(async () => {
    harness = await EngineHarness.start();
  });
  afterAll(() => harness.database.drop());
  beforeEach(() => {
    con = `con_${++number}`;
  });

  const company = (): FakePlatform => {
    const platform = FakePlatform.company(35, 3);
    platform.detailFields = ['managerExternalId'];
    for (let i = 1; i <= 35; i++) platform.managers.set(`p${i}`, i === 1 ? null : 'p1');
    return platform;
  };
  const lookups = (platform: FakePlatform): string[] =>
    platform.calls
      .filter((call) => call.startsWith('lookup:users'))
      .flatMap((call) => call.split('@')[1]!.split(','));
  const managerOf = async (externalId: string): Promise<string | null | undefined> => {
    const [row] = await harness.query<{ manager: string | null }>(
      `select m.external_id as manager from users u left join users m on m.id = u.manager_id
       where u.connection_id = $1 and u.external_id = $2`,
      [con, externalId],
    );
    return row?.manager;
  };

  it('asks for everybody once, in batches, and then only for who is new or changed', async () => {
    const platform = company();
    expect(await harness.sync(con, platform)).toMatchObject({
      status: 'success',
      notes: { details: { asked: 35, failed: 0 } },
    });
    expect(platform.calls.filter((call) => call.startsWith('lookup:users'))).toHaveLength(4);
    expect([await managerOf('p7'), await managerOf('p1')]).toEqual(['p1', null]);

    platform.calls.length = 0;
    expect(await harness.sync(con, platform)).toMatchObject({
      counts: { users: { unchanged: 35, updated: 0 } },
    });
    expect(lookups(platform)).toEqual([]);

    platform.change('p7', { jobTitle: '主管' });
    platform.managers.set('p7', 'p2');
    platform.addUser('p99', ['2']);
    platform.managers.set('p99', 'p7');
    expect(await harness.sync(con, platform)).toMatchObject({
      counts: { users: { created: 1, updated: 1 } },
    });
    expect(lookups(platform).sort()).toEqual(['p7', 'p99']);
    expect([await managerOf('p7'), await managerOf('p99')]).toEqual(['p2', 'p7']);
  });

  it('a lookup that fails blanks nothing, ends nothing and is told', async () => {
    const platform = company();
    await harness.sync(con, platform);
    platform.change('p7', { jobTitle: '主管' });
    platform.fault = ({ listing }) => (listing === 'lookup:users' ? unavailable() : undefined);
    expect(await harness.sync(con, platform)).toMatchObject({
      status: 'success',
      counts: { users: { updated: 1 } },
      notes: { details: { asked: 1, failed: 1, error: 'unavailable' } },
    });
    expect(await managerOf('p7')).toBe('p1');
  });

  it('asks again in the next run whom a lookup failed for', async () => {
    const platform = company();
    await harness.sync(con, platform);
    platform.change('p7', { jobTitle: '主管' });
    platform.managers.set('p7', 'p2');
    platform.addUser('p99', ['2']);
    platform.managers.set('p99', 'p7');
    platform.fault = ({ listing }) => (listing === 'lookup:users' ? unavailable() : undefined);
    await harness.sync(con, platform);
    platform.fault = () => undefined;
    platform.calls.length = 0;
    expect(await harness.sync(con, platform)).toMatchObject({
      notes: { details: { asked: 2, failed: 0 } },
    });
    expect(lookups(platform).sort()).toEqual(['p7', 'p99']);
    expect([await managerOf('p7'), await managerOf('p99')]).toEqual(['p2', 'p7']);
    platform.calls.length = 0;
    await harness.sync(con, platform);
    expect(lookups(platform)).toEqual([]);
  });

  it('takes away what a lookup says is there no more', async () => {
    const platform = company();
    await harness.sync(con, platform);
    platform.change('p7', { jobTitle: '主管' });
    platform.managers.set('p7', null);
    await harness.sync(con, platform);
    expect(await managerOf('p7')).toBe(null);
    platform.calls.length = 0;
    await harness.sync(con, platform);
    expect(lookups(platform)).toEqual([]);
  });

  it('without the setting nobody is asked and nobody loses what was told', async () => {
    const platform = company();
    await harness.sync(con, platform);
    platform.detailFields = [];
    platform.calls.length = 0;
    expect(await harness.sync(con, platform)).toMatchObject({ counts: { users: { updated: 0 } } });
    expect(lookups(platform)).toEqual([]);
    expect(await managerOf('p7')).toBe('p1');
  });
});
