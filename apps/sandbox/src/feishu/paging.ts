import { FeishuApiError, invalidField } from './api-error.js';
import type { FeishuCall, FeishuWorld } from './world.js';

/** How an endpoint pages. */
export interface PageRule {
  standard: number;
  largest: number;
  /** Codes of a bad size and a bad token; without them the gateway's own. */
  sizeCode?: number;
  tokenCode?: number;
}

/** The rule of contacts: ten unless asked, fifty at most. */
export const contactPages: PageRule = { standard: 10, largest: 50, sizeCode: 40011, tokenCode: 40012 };

/** A page of a list. */
export interface Page<T> {
  items: T[];
  /** `has_more`, and `page_token` only with more to come. */
  fields: { has_more: boolean; page_token?: string };
}

/**
 * Cuts a page out of a list that is sorted by ascending positions. Tokens name positions, not row numbers, so that
 * comings and goings between two pages lose nobody else.
 *
 * @throws FeishuApiError for a size or a token that does not hold.
 */
export function cutPage<T>(
  call: FeishuCall,
  world: FeishuWorld,
  list: readonly T[],
  positionOf: (item: T, index: number) => number,
  rule: PageRule,
): Page<T> {
  const size = sizeOf(call, rule);
  const question = questionOf(call);
  const token = call.query.get('page_token') ?? '';
  const after = token === '' ? -1 : (world.seal.open(token, question) ?? refuseToken(token, rule)) - 1;
  const placed = list.map((item, index) => ({ item, at: positionOf(item, index) }));
  /** The page behind a position, and where the one after it begins. */
  const behind = (from: number): { items: T[]; next: number | undefined } => {
    const left = placed.filter(({ at }) => at > from);
    const cut = left.slice(0, size);
    return { items: cut.map(({ item }) => item), next: left.length > size ? cut.at(-1)?.at : undefined };
  };
  const { items, next } = behind(after);
  const bent = bend(call, after, next, (from) => behind(from).next);
  if (bent === undefined) return { items, fields: { has_more: false } };
  // One is added so that "before the first" has a token too.
  return { items, fields: { has_more: true, page_token: world.seal.seal(bent + 1, question) } };
}

/** An empty list is not shown at all, or as an empty list. */
export function shownItems(items: readonly unknown[], world: FeishuWorld): { items?: readonly unknown[] } {
  return items.length === 0 && world.facts.emptyItems === 'absent' ? {} : { items };
}

function sizeOf(call: FeishuCall, rule: PageRule): number {
  const text = call.query.get('page_size');
  if (text === null || text === '') return rule.standard;
  const size = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (size >= 1 && size <= rule.largest) return size;
  if (rule.sizeCode !== undefined) throw new FeishuApiError(rule.sizeCode);
  throw invalidField('page_size', text, `the value must be between 1 and ${rule.largest}`);
}

function refuseToken(token: string, rule: PageRule): never {
  if (rule.tokenCode !== undefined) throw new FeishuApiError(rule.tokenCode);
  throw invalidField('page_token', token, 'page_token is invalid');
}

/** Everything that may not change between two pages. */
function questionOf(call: FeishuCall): string {
  const query = [...call.query].filter(([name]) => name !== 'page_token' && name !== 'page_size').sort();
  return JSON.stringify([call.endpoint, call.params, query]);
}

function bend(
  call: FeishuCall,
  after: number,
  next: number | undefined,
  afterNext: (from: number) => number | undefined,
): number | undefined {
  for (const fault of call.faults) {
    if (fault.kind === 'cursor_loop') return -1;
    if (fault.kind === 'duplicate_page') return after;
    if (fault.kind === 'skip_page' && next !== undefined) return afterNext(next);
  }
  return next;
}
