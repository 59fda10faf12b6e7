import { describe, expect, it } from 'vitest';
import { Company, CompanyError, CompanyMutations, type CompanyChange } from '@trainbridge/sandbox';

function depthOf(company: Company, id: number): number {
  const parent = company.department(id)?.parentId ?? 0;
  return parent === 0 ? 1 : 1 + depthOf(company, parent);
}

describe('the generated company', () => {
  const company = new Company();
  const people = company.people();

  it('has 2,000 people in about 120 departments, up to six deep', () => {
    expect(people).toHaveLength(2000);
    expect(company.departmentCount).toBe(120);
    const depths = [...company.departments()].map((department) => depthOf(company, department.id));
    expect(Math.max(...depths)).toBe(6);
  });

  it('has everything a directory has to cope with', () => {
    const several = people.filter((person) => person.memberships.length > 1);
    expect(several.length).toBeGreaterThan(100);
    expect(several.some((person) => person.memberships[0]?.departmentId !== person.primaryDepartmentId)).toBe(
      true,
    );
    expect(company.members(1).size).toBeGreaterThanOrEqual(3);
    expect([...company.departments()].some((department) => company.members(department.id).size === 0)).toBe(
      true,
    );
    expect(people.some((person) => person.status === 'inactive')).toBe(true);
    expect(people.some((person) => person.status === 'disabled')).toBe(true);
    expect(people.some((person) => person.hasSystemAccount)).toBe(true);
    expect(people.some((person) => /[A-Z]/.test(person.account))).toBe(true);
    expect(people.some((person) => person.leaderIds.length === 2)).toBe(true);
    expect(people.filter((person) => person.leaderIds.length > 0).length).toBeGreaterThan(1800);
    expect(people.filter((person) => person.memberships.some((at) => at.isLeader)).length).toBeGreaterThan(
      80,
    );
  });

  it('gives everybody an account, a mobile and a number of their own', () => {
    for (const value of ['account', 'mobile', 'employeeNumber'] as const) {
      expect(new Set(people.map((person) => person[value].toLowerCase())).size).toBe(2000);
    }
    for (const person of people) {
      expect(person.account).toMatch(/^[0-9A-Za-z][0-9A-Za-z_\-@.]{0,63}$/);
      expect(person.mobile).toMatch(/^1\d{10}$/);
      expect(person.name).toMatch(/^[\p{Script=Han}·]{2,16}$/u);
    }
    for (const { name } of company.departments()) expect(name).toMatch(/^[^\\:*?"<>|]{1,32}$/);
  });

  it('is the same for the same seed and another for another', () => {
    const portrait = (seed: number): string => {
      const made = new Company({ people: 300, seed });
      return JSON.stringify([
        ...made.departments(),
        ...made.people().map((one) => [one.name, one.memberships]),
      ]);
    };
    expect(portrait(5)).toBe(portrait(5));
    expect(portrait(5)).not.toBe(portrait(6));
  });

  it('grows to the size asked for, and shrinks to almost nothing', () => {
    const large = new Company({ people: 20_000, departments: 900 });
    expect([large.personCount, large.departmentCount]).toEqual([20_000, 900]);
    const tiny = new Company({ people: 1, departments: 1 });
    expect(tiny.people()[0]?.departmentIds).toEqual([1]);
    expect(new Company({ people: 0 }).personCount).toBe(0);
  });

  it('counts heads once per person', () => {
    const small = new Company({ people: 10, departments: 6 });
    const mutations = new CompanyMutations(small);
    const before = small.headCounts().get(1)?.total ?? 0;
    mutations.hire({ account: 'both', departmentIds: [1, 2, 3] });
    expect(small.headCounts().get(1)).toMatchObject({ total: before + 1 });
    expect(before).toBe(10);
  });
});

describe('changes of the company', () => {
  function fresh(): { company: Company; mutations: CompanyMutations; changes: CompanyChange[] } {
    const company = new Company({ people: 40, departments: 10 });
    const changes: CompanyChange[] = [];
    company.onChange((change) => changes.push(change));
    return { company, mutations: new CompanyMutations(company), changes };
  }

  it('hires, moves, dismisses and takes back, one change each', () => {
    const { company, mutations, changes } = fresh();
    const hired = mutations.hire({ account: 'new.one', departmentIds: [2] });
    const { employeeNumber, mobile } = hired;
    mutations.move('NEW.ONE', [3, 4]);
    expect(company.members(2).has(hired)).toBe(false);
    expect(company.members(4).has(hired)).toBe(true);
    mutations.dismiss('new.one');
    expect(company.person('new.one')).toBeUndefined();
    expect(company.members(3).has(hired)).toBe(false);
    const back = mutations.rehire('new.one');
    expect(back).toMatchObject({ account: 'new.one', employeeNumber, mobile, departmentIds: [3, 4] });
    expect(back.id).not.toBe(hired.id);
    expect(changes.map((change) => change.kind)).toEqual([
      'person.created',
      'person.updated',
      'person.removed',
      'person.created',
    ]);
    expect(changes[1]).toMatchObject({ changed: ['departments'], previousDepartmentIds: [2] });
  });

  it('changes an account, keeping the mail address', () => {
    const { company, mutations, changes } = fresh();
    const { email } = mutations.hire({ account: 'old.id', departmentIds: [1] });
    mutations.changeAccount('old.id', 'new.id');
    expect(company.person('old.id')).toBeUndefined();
    expect(company.person('new.id')?.email).toBe(email);
    expect(changes.at(-1)).toMatchObject({ changed: ['account'], previousAccount: 'old.id' });
  });

  it('makes leaders and renames, moves and removes departments', () => {
    const { company, mutations, changes } = fresh();
    const person = mutations.hire({ departmentIds: [5] });
    mutations.makeLeader(person.account, 5);
    expect(person.memberships[0]?.isLeader).toBe(true);
    const made = mutations.createDepartment({ name: '新部门', parentId: 2 });
    mutations.renameDepartment(made.id, '更新的部门');
    mutations.moveDepartment(made.id, 3);
    expect(company.children(2)).not.toContain(made.id);
    expect(company.subtree(3)).toContain(made.id);
    mutations.removeDepartment(made.id);
    expect(company.department(made.id)).toBeUndefined();
    expect(changes.slice(-4).map((change) => change.kind)).toEqual([
      'department.created',
      'department.updated',
      'department.updated',
      'department.removed',
    ]);
  });

  it('refuses what cannot be, and changes nothing', () => {
    const { company, mutations, changes } = fresh();
    const taken = company.people()[3]?.account ?? '';
    const refused: [string, () => unknown][] = [
      ['account_taken', () => mutations.hire({ account: taken.toUpperCase() })],
      ['unknown_person', () => mutations.dismiss('nobody')],
      ['unknown_person', () => mutations.rehire(taken)],
      ['unknown_department', () => mutations.move(taken, [999])],
      ['no_department', () => mutations.move(taken, [])],
      ['circular', () => mutations.moveDepartment(2, 3)],
      ['is_root', () => mutations.removeDepartment(1)],
      ['not_empty', () => mutations.removeDepartment(2)],
    ];
    for (const [code, act] of refused) {
      expect(act).toThrow(CompanyError);
      expect(act).toThrow(expect.objectContaining({ code }) as Error);
    }
    expect(changes).toEqual([]);
    expect(company.revision).toBe(0);
  });
});
