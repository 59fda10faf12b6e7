import type { Department } from './changes.js';
import { crews, offices, regions, titlesFor, type Branch } from './department-names.js';
import { generateName } from './names.js';
import { Person, type Membership, type PersonStatus } from './person.js';
import { pick, randomFrom, type Random } from './random.js';

/** How large a company to make; the same numbers make the same company. */
export interface CompanySize {
  /** Head count. Default 2,000. */
  people?: number;
  /** Departments including the root. Default: 120 for 2,000 people, growing with the head count to 2,000. */
  departments?: number;
  /** Default 1. */
  seed?: number;
  /** Name of the root department. */
  name?: string;
}

export const rootDepartmentId = 1;

/** Depth of the root is 1. */
const deepest = 6;

interface Node extends Department {
  depth: number;
  path: string;
}

/** The departments of a new company, parents before children, the root (id 1) first. */
export function generateDepartments(size: CompanySize): Department[] {
  const wanted = Math.max(1, size.departments ?? defaultDepartments(size.people ?? 2000));
  const random = randomFrom((size.seed ?? 1) ^ 0x5eed);
  const nodes: Node[] = [];
  const childCount = new Map<number, number>();
  const add = (name: string, nameEn: string, parent: Node | undefined): Node | undefined => {
    if (nodes.length >= wanted) return undefined;
    const rank = (childCount.get(parent?.id ?? 0) ?? 0) + 1;
    childCount.set(parent?.id ?? 0, rank);
    const node: Node = {
      id: nodes.length + 1,
      name,
      nameEn,
      parentId: parent?.id ?? 0,
      order: 100_000_000 - rank * 1000,
      depth: (parent?.depth ?? 0) + 1,
      path: parent === undefined ? name : `${parent.path}/${name}`,
    };
    nodes.push(node);
    return node;
  };

  const root = add(size.name ?? '云杉零售集团', 'Spruce Retail Group', undefined);
  if (root === undefined) return [];
  const cityNodes: Node[] = [];
  const grow = (branches: readonly Branch[], parent: Node, inRegion: boolean): void => {
    for (const branch of branches) {
      const node = add(branch.name, branch.nameEn ?? '', parent);
      if (node === undefined) return;
      if (branch.children !== undefined) grow(branch.children, node, inRegion);
      else if (inRegion) cityNodes.push(node);
    }
  };
  // Offices first, so that a company of 30 people has a research and a personnel department, not 30 shops.
  grow(offices, root, false);
  grow(regions, root, true);
  openShops(nodes, cityNodes, wanted, random, childCount, add);
  return nodes.map(({ depth: _depth, path: _path, ...department }) => department);
}

function openShops(
  nodes: Node[],
  cities: Node[],
  wanted: number,
  random: Random,
  childCount: Map<number, number>,
  add: (name: string, nameEn: string, parent: Node | undefined) => Node | undefined,
): void {
  const shops: Node[] = [];
  while (nodes.length < wanted) {
    const shop = shops.length > 0 && random() < 0.45 ? pick(random, shops) : undefined;
    if (shop !== undefined && shop.depth < deepest && (childCount.get(shop.id) ?? 0) < crews.length) {
      add(crews[childCount.get(shop.id) ?? 0] as string, '', shop);
      continue;
    }
    const city = cities.length > 0 ? pick(random, cities) : nodes[0];
    const number = (childCount.get(city?.id ?? 0) ?? 0) + 1;
    const opened = add(`${city?.name ?? ''}第${number}门店`, '', city);
    if (opened !== undefined) shops.push(opened);
  }
}

function defaultDepartments(people: number): number {
  if (people <= 2000) return Math.max(6, Math.round(people * 0.06));
  return Math.min(2000, Math.round(120 + (people - 2000) / 52));
}

/**
 * The people of a new company, in order of hire. Some work in two or three departments, three stand in the
 * root itself, most departments have a leader, about 7 % were never activated or are disabled.
 */
export function generatePeople(size: CompanySize, departments: readonly Department[]): Person[] {
  const random = randomFrom((size.seed ?? 1) ^ 0x9e0913);
  const count = size.people ?? 2000;
  const titles = titlesByDepartment(departments);
  const taken = new Map<string, number>();
  const leaderOf = new Map<number, number>();
  const parentOf = new Map(departments.map((department) => [department.id, department.parentId]));
  const ids = departments.map((department) => department.id);
  // One department in forty has nobody in it.
  const staffed = ids.filter((id) => id !== rootDepartmentId && id % 40 !== 39);
  const people: Person[] = [];
  for (let index = 0; index < count; index += 1) {
    const id = index + 1;
    const home = placeFor(index, random, staffed);
    const memberships = membershipsFor(home, staffed, random);
    let isLeader = false;
    // The first who comes to a department leads it; one department in ten has nobody at its head.
    if (!leaderOf.has(home) && home % 10 !== 9) {
      leaderOf.set(home, id);
      isLeader = true;
    }
    for (const membership of memberships) membership.isLeader = isLeader && membership.departmentId === home;
    const { name, account } = generateName(random);
    const system = random() < 0.03;
    people.push(
      new Person(
        id,
        system ? systemAccount(id) : uniqueAccount(account, random, taken),
        system,
        name,
        memberships,
        home,
        leadersOf(id, home, leaderOf, parentOf, random),
        isLeader
          ? home === rootDepartmentId
            ? '总裁'
            : '部门负责人'
          : pick(random, titles.get(home) ?? ['专员']),
        statusFor(index, random),
      ),
    );
  }
  return people;
}

function titlesByDepartment(departments: readonly Department[]): Map<number, readonly string[]> {
  const paths = new Map<number, string>();
  const titles = new Map<number, readonly string[]>();
  for (const department of departments) {
    const path = `${paths.get(department.parentId) ?? ''}/${department.name}`;
    paths.set(department.id, path);
    titles.set(department.id, titlesFor(path));
  }
  return titles;
}

function placeFor(index: number, random: Random, staffed: readonly number[]): number {
  if (index < 3 || staffed.length === 0) return rootDepartmentId;
  // Every department gets its first member before chance decides.
  return staffed[index - 3] ?? pick(random, staffed);
}

function membershipsFor(home: number, staffed: readonly number[], random: Random): Membership[] {
  const draw = random();
  const extra = draw < 0.01 ? 2 : draw < 0.09 ? 1 : 0;
  const places = new Set<number>([home]);
  for (let more = 0; more < extra && places.size <= staffed.length; more += 1)
    places.add(pick(random, staffed));
  // The main department is deliberately not always the first of the list.
  const sorted = extra > 0 && random() < 0.5 ? [...places].reverse() : [...places];
  return sorted.map((departmentId) => ({
    departmentId,
    order: Math.floor(random() * 5) * 100,
    isLeader: false,
  }));
}

function uniqueAccount(wished: string, random: Random, taken: Map<string, number>): string {
  const seen = (taken.get(wished) ?? 0) + 1;
  taken.set(wished, seen);
  const account = seen === 1 ? wished : `${wished}${String(seen).padStart(2, '0')}`;
  // Administrators capitalise as they please; comparison ignores case.
  return random() < 0.1 ? account.replace(/(^|\.)[a-z]/g, (letter) => letter.toUpperCase()) : account;
}

/** What the platform calls a member whose inviter gave no account. */
export function systemAccount(id: number): string {
  return `wo${(Math.imul(id, 2654435761) >>> 0).toString(16).padStart(8, '0')}${id.toString(36)}`;
}

function leadersOf(
  id: number,
  home: number,
  leaderOf: ReadonlyMap<number, number>,
  parentOf: ReadonlyMap<number, number>,
  random: Random,
): number[] {
  const leaders: number[] = [];
  const wanted = random() < 0.04 ? 2 : 1;
  for (
    let at: number | undefined = home;
    at !== undefined && leaders.length < wanted;
    at = parentOf.get(at)
  ) {
    const leader = leaderOf.get(at);
    if (leader !== undefined && leader !== id) leaders.push(leader);
  }
  return leaders;
}

function statusFor(index: number, random: Random): PersonStatus {
  const draw = random();
  if (index < 3 || draw >= 0.07) return 'active';
  return draw < 0.05 ? 'inactive' : 'disabled';
}
