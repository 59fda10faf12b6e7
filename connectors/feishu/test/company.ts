import type { JsonObject } from '@trainbridge/connector-kit';
import { ok, refused, type Answers, type Call } from './fake-context.js';

/** A department of a tree the tests draw: its id and what is below it. */
export interface Branch {
  id: string;
  below?: Branch[];
}

export function department(id: string, parent = '0'): JsonObject {
  return {
    open_department_id: id,
    name: `Department ${id}`,
    parent_department_id: parent,
    status: { is_deleted: false },
  };
}

interface Shape {
  granted: Branch[];
  users?: string[];
  wholeCompany?: boolean;
  /** Departments too large to be listed with everything below them. */
  tooLarge?: readonly string[];
}

/** The contacts' endpoints over such a tree, paged as asked, with pages as small as `pageSize`. */
export function companyAnswers(shape: Shape, pageSize = 50): Answers {
  const { granted, users = [], wholeCompany = false, tooLarge = [] } = shape;
  const parents = new Map<string, string>();
  const nodes = new Map<string, Branch>();
  const visit = (branch: Branch, parent: string): void => {
    nodes.set(branch.id, branch);
    parents.set(branch.id, parent);
    for (const child of branch.below ?? []) visit(child, branch.id);
  };
  for (const branch of granted) visit(branch, '0');
  const record = (id: string) => department(id, parents.get(id));
  const subtree = (branch: Branch): string[] =>
    (branch.below ?? []).flatMap((child) => [child.id, ...subtree(child)]);

  const children = (call: Call) => {
    const id = decodeURIComponent(call.name.split('/').at(-2) ?? '');
    const recursive = call.query.fetch_child === true;
    if (id === '0') return wholeCompany ? ok({ has_more: false, items: [] }) : refused(40004, {}, 403);
    const node = nodes.get(id);
    if (!node) return refused(40015);
    if (recursive && tooLarge.includes(id)) return refused(43010);
    const all = recursive ? subtree(node) : (node.below ?? []).map((child) => child.id);
    return paged(all, call, pageSize, (ids) => ({ items: ids.map(record) }));
  };
  return {
    'GET contact/v3/scopes': (call) =>
      paged(
        // People come first, and all share the pages.
        [...users.map((id) => `user:${id}`), ...granted.map(({ id }) => `department:${id}`), 'group:g1'],
        call,
        pageSize,
        (entries) => ({
          user_ids: ofKind(entries, 'user'),
          department_ids: ofKind(entries, 'department'),
          group_ids: ofKind(entries, 'group'),
        }),
      ),
    'GET contact/v3/departments/batch': (call) =>
      ok({
        items: listOf(call.query.department_ids)
          .filter((id) => nodes.has(id))
          .map(record),
      }),
    'GET contact/v3/users/batch': (call) =>
      ok({
        items: listOf(call.query.user_ids).map((id) => ({
          union_id: id,
          open_id: `ou_${id}`,
          department_ids: ['0'],
        })),
      }),
    ...Object.fromEntries(
      ['0', ...nodes.keys()].map((id) => [`GET contact/v3/departments/${id}/children`, children]),
    ),
  };
}

export function listOf(value: unknown): string[] {
  return Array.isArray(value) ? (value as string[]) : [];
}

function paged(all: string[], call: Call, size: number, page: (entries: string[]) => JsonObject) {
  const from = Number(call.query.page_token ?? 0);
  const to = from + Math.min(size, Number(call.query.page_size));
  const more = to < all.length;
  return ok({ ...page(all.slice(from, to)), has_more: more, ...(more ? { page_token: String(to) } : {}) });
}

function ofKind(entries: string[], kind: string): string[] {
  return entries.filter((entry) => entry.startsWith(`${kind}:`)).map((entry) => entry.slice(kind.length + 1));
}
