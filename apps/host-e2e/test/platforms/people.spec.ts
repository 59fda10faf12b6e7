import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectedCompany, PLATFORM_IDS, type ConnectedCompany } from '../../src/connected-platforms.js';
import { readChanges, startRun, untilEnded } from '../../src/directory-run.js';
import { dataOf } from '../../src/expect-data.js';

/** People in: one company on three platforms, each told in its own way. */
describe('people', () => {
  let company: ConnectedCompany;

  beforeAll(async () => {
    company = await connectedCompany({ people: 60, departments: 8 });
  });
  afterAll(() => company?.close());

  describe.each(PLATFORM_IDS)('of %s', (id) => {
    const departmentName = async (departmentId: string): Promise<string> => {
      const params = { path: { id: departmentId } };
      return dataOf(await company.host.admin.GET('/api/v1/departments/{id}', { params })).name ?? '';
    };
    const changesOf = async (subjectId: string): Promise<string[]> => {
      const changes = await readChanges(company.host.admin, company.platform(id).connectionId);
      return changes.filter(({ subject }) => subject.id === subjectId).map(({ type }) => type);
    };

    it('checks every permission, and finds nothing wrong', async () => {
      const params = { path: { id: company.platform(id).connectionId } };
      const check = dataOf(
        await company.host.admin.POST('/api/v1/connections/{id}/check', { params, body: {} }),
      );
      expect(check.findings.filter(({ ok }) => !ok)).toEqual([]);
      expect(check.ok).toBe(true);
      expect(check.findings.length).toBeGreaterThan(4);
    });

    it('are all there, in their departments, with their names', async () => {
      const { sandbox } = company;
      const platform = company.platform(id);
      const working = sandbox.company.people().filter(({ status }) => status === 'active');
      const users = await platform.people();
      const byAccount = new Map(users.map((user) => [platform.accountOf(user), user]));
      expect([...byAccount.keys()].sort()).toEqual(working.map(({ account }) => account).sort());
      for (const person of working.slice(0, 10)) {
        const user = byAccount.get(person.account)!;
        expect(user.displayName).toBe(person.name);
        const names = await Promise.all(user.memberships.map((at) => departmentName(at.departmentId)));
        // Feishu's root is no department: who stands there stands in none.
        const told = person.departmentIds.filter((at) => id !== 'feishu' || at !== 1);
        expect(names.sort()).toEqual(told.map((at) => sandbox.company.department(at)!.name).sort());
      }
    });

    it('join, move and leave as the platform tells', async () => {
      const { sandbox } = company;
      const platform = company.platform(id);
      const [home, target] = [...sandbox.company.departments()].filter(({ parentId }) => parentId > 0);
      const joiner = sandbox.mutations.hire({ departmentIds: [home!.id] });
      await platform.settled();
      const joined = (await platform.find(joiner.account))!;
      expect(joined).toMatchObject({ displayName: joiner.name, status: 'active' });

      sandbox.mutations.move(joiner.account, [target!.id]);
      await platform.settled();
      const moved = (await platform.find(joiner.account))!;
      expect(moved.id).toBe(joined.id);
      expect(await Promise.all(moved.memberships.map((at) => departmentName(at.departmentId)))).toEqual([
        target!.name,
      ]);

      sandbox.mutations.dismiss(joiner.account);
      await platform.settled();
      expect(await platform.find(joiner.account)).toMatchObject({
        id: joined.id,
        status: 'disabled',
        disabledReason: 'left',
      });
      const changes = await changesOf(joined.id);
      expect(changes[0]).toBe('user.created');
      expect(changes.filter((type) => type === 'user.created' || type === 'user.disabled')).toEqual([
        'user.created',
        'user.disabled',
      ]);
    });

    it('leave nothing for a reconcile to find', async () => {
      const { admin } = company.host;
      const platform = company.platform(id);
      await platform.settled();
      const run = await untilEnded(admin, await startRun(admin, platform.connectionId, 'reconcile'));
      expect(run).toMatchObject({ status: 'success', notes: { drift: { users: 0, departments: 0 } } });
    });
  });
});
