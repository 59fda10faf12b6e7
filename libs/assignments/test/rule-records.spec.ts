import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WAITING } from '../src/rules/rule-engine.js';
import { WorkApp } from './work-app.js';
import { WorkPlatform } from './work-platform.js';

describe('what a rule sees of an employee', () => {
  let app: WorkApp;
  let con: string;

  beforeAll(async () => {
    app = await WorkApp.start();
    await app.ok('PUT', '/courses', { courses: [{ id: 'c-1', title: 'T' }] });
    con = await app.connect(new WorkPlatform(), {});
    await app.addPeople(con, { lin: [] });
    await app.query(
      `update users set mobile = '+8613800000000', work_email = 'lin@acme.example', job_title = '主管' where id = 'usr_lin'`,
    );
  });
  afterAll(() => app?.stop());

  /** What somebody learns who lets expressions answer with what they see. */
  const told = async (to: string, condition = 'true') => {
    const client = await app.client(['assignments:read', 'assignments:write'], [con]);
    const { body: rule } = await client.call('POST', '/rules', {
      name: 'r', connectionId: con, when: { kind: 'user', condition }, assign: { courseId: 'c-1', to },
    }); // prettier-ignore
    return (await client.call('POST', `/rules/${rule.id}/test`, { subjectId: 'usr_lin' })).body;
  };

  it('is the job, and no mobile and no mail: those need a scope of their own', async () => {
    expect(await told('externalId', `jobTitle = "主管"`)).toMatchObject({
      wouldFire: true,
      learners: [{ externalId: 'lin', userId: 'usr_lin' }],
    });
    const record = JSON.stringify(await told('$string($)'));
    expect(record).toContain('lin');
    for (const contact of ['13800000000', 'acme.example']) expect(record).not.toContain(contact);
    for (const field of ['mobile', 'workEmail'])
      expect(await told(field)).toMatchObject({ wouldFire: false, learners: [] });
  });
});

describe('what waits for a rule', () => {
  let app: WorkApp;
  beforeAll(async () => void (app = await WorkApp.start()));
  afterAll(() => app?.stop());

  it('is taken page by page at the price of the page, however much waits', async () => {
    await app.query(
      `insert into rule_firings (rule_id, subject_id, connection_id, outcome, created_at)
       select 'rul_none', 'usr_' || i, 'con_none', case when i % 3 = 0 then 'pending' else 'fired' end, now() + i * interval '1 ms'
       from generate_series(1, 60000) i`,
    );
    await app.query(`analyze rule_firings`);
    const [explained] = await app.query<{ 'QUERY PLAN': object[] }>(
      `explain (analyze, format json) ${WAITING}`,
      ['rul_none', 'con_none', 200],
    );
    const looked = JSON.stringify(explained!['QUERY PLAN']).matchAll(
      /"(?:Actual Rows|Rows Removed by Filter)":\s*([\d.]+)/g,
    );
    expect(Math.max(...[...looked].map(([, rows]) => Number(rows)))).toBeLessThan(1_000);
  });
});
