import { isJsonObject, type JsonValue } from '@trainbridge/connector-kit';
import type { FeishuContext } from '../api.js';
import { contactScopes, departmentsBelow, departmentsByIds, ROOT } from '../api/directory.js';
import { vendorCodeOf } from '../errors.js';
import type { Level, Subtree, TreeCursor } from './cursors.js';
import { id } from './records.js';

/** Subtrees begun in one step: each may leave one token in the cursor, which has to stay small. */
const ROOTS_PER_STEP = 8;
/** "The department is too large to be listed with everything below it." */
const TOO_LARGE = 43010;
/** A company deeper than this, and too large at every level, would be the first one. */
const MAX_LEVELS = 20;

export interface Step {
  departments: JsonValue[];
  next: TreeCursor;
}

/**
 * One step of the walk over all departments the app may see. It begins at what was granted (contact-v3/scope/list), never
 * at root: root is refused to an app without a scope of all members. Of each granted department everything below is listed
 * at once; where that is refused as too large, its direct children take its place.
 */
export async function walkStep(context: FeishuContext, cursor: TreeCursor): Promise<Step> {
  return cursor.subtrees.length > 0 ? goOn(context, cursor) : begin(context, cursor);
}

/** The next page of every subtree that was begun, side by side. */
async function goOn(context: FeishuContext, { levels, subtrees }: TreeCursor): Promise<Step> {
  const pages = await Promise.all(
    subtrees.map(({ root, pageToken }) => departmentsBelow(context, root, { recursive: true, pageToken })),
  );
  return {
    departments: pages.flatMap(({ items }) => items),
    next: {
      levels,
      subtrees: rest(
        subtrees.map(({ root }) => root),
        pages,
      ),
    },
  };
}

/** The next few departments of the last level, and the first page of what is below each. */
async function begin(context: FeishuContext, { levels }: TreeCursor): Promise<Step> {
  const level = levels.at(-1);
  if (level === undefined) return { departments: [], next: { levels: [], subtrees: [] } };
  const page = await readLevel(context, level);
  const slice = page.entries.slice(level.done, level.done + ROOTS_PER_STEP);
  const roots = slice.map((entry) => entry.id);
  const [own, below] = await Promise.all([
    level.parent === null ? granted(context, roots) : slice.flatMap(({ record }) => record ?? []),
    Promise.all(roots.map((root) => firstPageBelow(context, root, levels.length < MAX_LEVELS))),
  ]);
  const tooLarge = roots.filter((_root, index) => below[index] === null);
  const pages = below.map((found) => found ?? { items: [], next: null });
  const done = level.done + slice.length;
  const after =
    done < page.entries.length
      ? [{ ...level, done }]
      : page.next === null
        ? []
        : [{ ...level, pageToken: page.next, done: 0 }];
  const deeper = tooLarge.map((parent): Level => ({ parent, pageToken: null, done: 0 }));
  return {
    departments: [...own, ...pages.flatMap(({ items }) => items)],
    next: { levels: [...levels.slice(0, -1), ...after, ...deeper], subtrees: rest(roots, pages) },
  };
}

interface LevelPage {
  entries: { id: string; record?: JsonValue }[];
  next: string | null;
}

async function readLevel(context: FeishuContext, level: Level): Promise<LevelPage> {
  if (level.parent === null) {
    const { departmentIds, next } = await contactScopes(context, level.pageToken);
    return { entries: departmentIds.map((departmentId) => ({ id: departmentId })), next };
  }
  const { parent, pageToken } = level;
  const { items, next } = await departmentsBelow(context, parent, { recursive: false, pageToken });
  const entries = items.flatMap((record) => {
    const departmentId = isJsonObject(record) ? id(record.open_department_id) : null;
    // The department asked about is not part of what is below it; should it be answered, it would lead in a circle.
    return departmentId === null || departmentId === parent ? [] : [{ id: departmentId, record }];
  });
  return { entries, next };
}

/** The granted departments themselves. Root is none: a company is not one of its departments. */
function granted(context: FeishuContext, ids: readonly string[]): Promise<JsonValue[]> {
  return departmentsByIds(
    context,
    ids.filter((departmentId) => departmentId !== ROOT),
  );
}

async function firstPageBelow(context: FeishuContext, root: string, mayGoDeeper: boolean) {
  try {
    return await departmentsBelow(context, root, { recursive: true, pageToken: null });
  } catch (error) {
    if (mayGoDeeper && vendorCodeOf(error) === TOO_LARGE) return null;
    throw error;
  }
}

function rest(roots: readonly string[], pages: readonly { next: string | null }[]): Subtree[] {
  return pages.flatMap(({ next }, index) => {
    const root = roots[index];
    return next === null || root === undefined ? [] : [{ root, pageToken: next }];
  });
}
