import type { Company } from './company.js';

/** Distinct people of a department: `direct` work in it, `total` work in it or anywhere below. */
export interface HeadCount {
  direct: number;
  total: number;
}

/** Counts everybody once per department and ancestor, however many memberships lead there. */
export function countHeads(company: Company): Map<number, HeadCount> {
  const counts = new Map<number, HeadCount>();
  const lineage = new Map<number, number[]>();
  for (const department of company.departments()) {
    counts.set(department.id, { direct: company.members(department.id).size, total: 0 });
  }
  const ancestors = (id: number): number[] => {
    const known = lineage.get(id);
    if (known !== undefined) return known;
    const found: number[] = [];
    for (let at = company.department(id); at !== undefined; at = company.department(at.parentId))
      found.push(at.id);
    lineage.set(id, found);
    return found;
  };
  for (const person of company.people()) {
    const reached = new Set(person.memberships.flatMap((membership) => ancestors(membership.departmentId)));
    for (const id of reached) {
      const count = counts.get(id);
      if (count !== undefined) count.total += 1;
    }
  }
  return counts;
}
