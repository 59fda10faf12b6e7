import type { Company, Person } from '../company/index.js';

/** A department as the page and `GET /sandbox/departments` show it. */
export interface DepartmentRow {
  id: number;
  name: string;
  nameEn: string;
  parentId: number;
  depth: number;
  /** People who work in it. */
  direct: number;
  /** People who work in it or below it. */
  total: number;
}

/** A person as the page and `GET /sandbox/people` show it. */
export interface PersonRow {
  account: string;
  name: string;
  employeeNumber: string;
  mobile: string;
  position: string;
  status: Person['status'];
  departments: { id: number; name: string; isLeader: boolean; isPrimary: boolean }[];
}

/** All departments, each after its parent and before its siblings: the order of a tree. */
export function departmentRows(company: Company): DepartmentRow[] {
  const counts = company.headCounts();
  const rows: DepartmentRow[] = [];
  const visit = (id: number, depth: number): void => {
    const department = company.department(id);
    if (department === undefined) return;
    const { direct = 0, total = 0 } = counts.get(id) ?? {};
    const { name, nameEn, parentId } = department;
    rows.push({ id, name, nameEn, parentId, depth, direct, total });
    for (const child of company.children(id)) visit(child, depth + 1);
  };
  for (const root of company.children(0)) visit(root, 1);
  return rows;
}

/** People of a department with all below it (0 = everybody) whose name, account or number holds the query. */
export function findPeople(
  company: Company,
  filter: { query: string; departmentId: number; offset: number; limit: number },
): { total: number; data: PersonRow[] } {
  const query = filter.query.trim().toLowerCase();
  const within = filter.departmentId > 1 ? new Set(company.subtree(filter.departmentId)) : undefined;
  const matches = (person: Person): boolean =>
    (within === undefined || person.memberships.some((at) => within.has(at.departmentId))) &&
    (query === '' ||
      person.name.includes(query) ||
      person.account.toLowerCase().includes(query) ||
      person.employeeNumber.toLowerCase().includes(query));
  const found: Person[] = [];
  let total = 0;
  for (const person of company.people()) {
    if (!matches(person)) continue;
    total += 1;
    if (total > filter.offset && found.length < filter.limit) found.push(person);
  }
  return { total, data: found.map((person) => personRow(person, company)) };
}

function personRow(person: Person, company: Company): PersonRow {
  const { account, name, employeeNumber, mobile, position, status } = person;
  const departments = person.memberships.map(({ departmentId, isLeader }) => ({
    id: departmentId,
    name: company.department(departmentId)?.name ?? '',
    isLeader,
    isPrimary: departmentId === person.primaryDepartmentId,
  }));
  return { account, name, employeeNumber, mobile, position, status, departments };
}
