import type { ErrorCode, ItemOutcome, JsonObject, ResultItem } from '@trainbridge/connector-kit';
import type { WecomContext } from '../api.js';
import { tagAdvice } from '../errors/advice.js';

/** Which tag: by its id, or by a name under which it is found or made. */
export type WantedTag = { id: string } | { name: string };

/** Of the two kinds of tags the customers' have the shorter names: 30 characters (D-92117), 32 for members (D-90210). */
export const MAX_TAG_NAME = 30;

/** An id goes before a name; where the options have neither, the tag has a name of its own. */
export function wantedTag(options: JsonObject, { connection }: WecomContext): WantedTag {
  const { tagId, tagName } = options;
  if (typeof tagId === 'number' || (typeof tagId === 'string' && tagId !== '')) return { id: String(tagId) };
  const name = typeof tagName === 'string' ? tagName.trim().slice(0, MAX_TAG_NAME) : '';
  return { name: name || (connection.locale === 'en' ? 'Training completed' : '培训完成') };
}

/** Ids of member tags are numbers, ids of customer tags never: one given for the wrong kind fits nobody. */
export function isMemberTagId(id: string): boolean {
  return /^\d{1,15}$/.test(id);
}

/** The outcome of items whose recipients the configured tag is not for. */
export function wrongKind(items: readonly ResultItem[], of: 'members' | 'customers'): ItemOutcome[] {
  const code: ErrorCode = 'config_invalid';
  const message = `The configured tagId is not one of ${of === 'members' ? 'member' : 'customer'} tags.`;
  return items.map(({ key }) => ({
    key,
    status: 'failed',
    error: { code, message, advice: tagAdvice },
  }));
}
