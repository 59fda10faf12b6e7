import { isJsonObject, type DepartmentRecord, type JsonValue } from '@trainbridge/connector-kit';
import type { FeishuContext } from '../api.js';
import { contactScopes, departmentsBelow, ROOT } from '../api/directory.js';
import { vendorCodeOf } from '../errors.js';
import { writeCursor, type Level, type Subtree, type TreeCursor } from './cursors.js';
import { lookUpDepartments } from './lookups.js';
import { id, isDeleted, readDepartment, type Reading } from './records.js';

/** "The department is too large to be listed with everything below it." */
const TOO_LARGE = 43010;
/** A company deeper than this, and too large at every level, would be the first one. */
const MAX_LEVELS = 20;
/** The host keeps the cursor of every page; subtrees that do not fit into it are read on with at once. */
const MAX_CURSOR = 1_500;

export interface Step {
  departments: Reading<DepartmentRecord>[];
  next: TreeCursor;
}

/**
 * One step of the walk over all departments the app may see. It begins at what was granted (contact-v3/scope/list), never
 * at root: root is refused to an app without a scope of all members. Of each granted department everything below is listed
 * at once; where that is refused as too large, its direct children take its place. Every page of the platform is read once.
 */
export async function walkStep(context: FeishuContext, cursor: TreeCursor): Promise<Step> {
  let step = await (cursor.subtrees.length > 0 ? goOn(context, cursor) : begin(context, cursor));
  while (step.next.subtrees.length > 0 && (writeCursor(step.next)?.length ?? 0) > MAX_CURSOR) {
    const { departments, next } = await goOn(context, step.next);
    step = { departments: [...step.departments, ...departments], next };
  }
  return step;
}

/** The next page of every subtree that was begun, side by side. */
async function goOn(context: FeishuContext, { levels, subtrees }: TreeCursor): Promise<Step> {
  const pages = await Promise.all(
    subtrees.map(({ root, pageToken }) => departmentsBelow(context, root, { recursive: true, pageToken })),
  );
  const roots = subtrees.map(({ root }) => root);
  return {
    departments: pages.flatMap(({ items }) => readPresent(items)),
    next: { levels, subtrees: unfinished(roots, pages) },
  };
}

/** The next page of the last level, and the first page of what is below each of its departments. */
async function begin(context: FeishuContext, { levels }: TreeCursor): Promise<Step> {
  const level = levels.at(-1);
  if (level === undefined) return { departments: [], next: { levels: [], subtrees: [] } };
  const { roots, departments, next } = await readLevel(context, level);
  const mayGoDeeper = levels.length < MAX_LEVELS;
  const below = await Promise.all(roots.map((root) => firstPageBelow(context, root, mayGoDeeper)));
  const tooLarge = roots.filter((_root, index) => below[index] === null);
  const pages = below.map((page) => page ?? { items: [], next: null });
  return {
    departments: [...departments, ...pages.flatMap(({ items }) => readPresent(items))],
    next: {
      levels: [
        ...levels.slice(0, -1),
        ...(next === null ? [] : [{ ...level, pageToken: next }]),
        ...tooLarge.map((parent): Level => ({ parent, pageToken: null })),
      ],
      subtrees: unfinished(roots, pages),
    },
  };
}

interface LevelPage {
  roots: string[];
  departments: Reading<DepartmentRecord>[];
  next: string | null;
}

async function readLevel(context: FeishuContext, level: Level): Promise<LevelPage> {
  if (level.parent === null) {
    const { departmentIds, next } = await contactScopes(context, level.pageToken);
    return { roots: departmentIds, departments: await granted(context, departmentIds), next };
  }
  const { parent, pageToken } = level;
  const { items, next } = await departmentsBelow(context, parent, { recursive: false, pageToken });
  const roots = items.flatMap((department) => {
    const departmentId = isJsonObject(department) ? id(department.open_department_id) : null;
    // The department asked about is not part of what is below it; should it be answered, it would lead in a circle.
    return departmentId === null || departmentId === parent ? [] : [departmentId];
  });
  return { roots, departments: readPresent(items), next };
}

/**
 * The granted departments themselves. What is granted exists, whether it can be read or not, until the platform says
 * otherwise. Root is none: a company is not one of its departments.
 */
async function granted(context: FeishuContext, ids: readonly string[]): Promise<Reading<DepartmentRecord>[]> {
  const asked = ids.filter((departmentId) => departmentId !== ROOT);
  return (await lookUpDepartments(context, asked)).flatMap((lookup): Reading<DepartmentRecord>[] => {
    if (lookup.status === 'found') return [{ record: lookup.record }];
    const { externalId } = lookup;
    const raw = { open_department_id: externalId };
    return lookup.status === 'gone' ? [] : [{ record: { externalId, idOnly: true, raw } }];
  });
}

function readPresent(departments: readonly JsonValue[]): Reading<DepartmentRecord>[] {
  return departments.filter((item) => !isJsonObject(item) || !isDeleted(item)).map(readDepartment);
}

async function firstPageBelow(context: FeishuContext, root: string, mayGoDeeper: boolean) {
  try {
    return await departmentsBelow(context, root, { recursive: true, pageToken: null });
  } catch (error) {
    if (mayGoDeeper && vendorCodeOf(error) === TOO_LARGE) return null;
    throw error;
  }
}

function unfinished(roots: readonly string[], pages: readonly { next: string | null }[]): Subtree[] {
  return pages.flatMap(({ next }, index) => {
    const root = roots[index];
    return next === null || root === undefined ? [] : [{ root, pageToken: next }];
  });
}
