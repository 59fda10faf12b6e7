import { WecomApiError } from '../api-error.js';
import type { WecomFacts } from '../facts.js';
import { checkCard } from './card.js';
import { isRecord, isText, isWebUrl } from './shape.js';

/*
 * What each kind of message must hold, and what becomes of texts that are too long (D-90236). Kinds nobody here
 * reads (image, file, news…) only have to bring their body along.
 */

type Content = Record<string, unknown>;

const textBytes = 2048;
const titleCharacters = 128;
const descriptionSize = 512;
const longestUrl = 2048;

/**
 * The body of a message as people get it.
 * @throws WecomApiError 40063 for what is missing, 40058 for what is wrong, 45002 for what is too long.
 */
export function checkedContent(msgtype: string, request: Content, facts: WecomFacts): Content {
  const body = request[msgtype];
  if (!isRecord(body)) throw new WecomApiError(40063);
  switch (msgtype) {
    case 'text':
    case 'markdown':
      return { [msgtype]: { ...body, content: cutBytes(needed(body, 'content'), textBytes) } };
    case 'textcard':
      return { textcard: textcard(body, facts) };
    case 'template_card':
      checkCard(body);
      return { template_card: body };
    default:
      return { [msgtype]: body };
  }
}

function textcard(body: Content, facts: WecomFacts): Content {
  const url = needed(body, 'url');
  if (Buffer.byteLength(url) > longestUrl || !isWebUrl(url)) throw new WecomApiError(40058);
  const { btntxt } = body;
  if (btntxt !== undefined && (typeof btntxt !== 'string' || [...btntxt].length > 4))
    throw new WecomApiError(40058);
  const inBytes = facts.textcardUnit === 'bytes';
  const fit = (text: string, size: number): string => {
    const cut = inBytes ? cutBytes(text, size) : [...text].slice(0, size).join('');
    if (cut !== text && facts.overlongCardText === 'refused') throw new WecomApiError(45002);
    return cut;
  };
  return {
    ...body,
    title: fit(needed(body, 'title'), titleCharacters),
    description: fit(needed(body, 'description'), descriptionSize),
  };
}

function needed(body: Content, name: string): string {
  const value = body[name];
  if (value === undefined || value === '') throw new WecomApiError(40063);
  if (typeof value !== 'string') throw new WecomApiError(40058);
  return value;
}

/** The text cut to whole characters of at most so many bytes. */
function cutBytes(text: string, bytes: number): string {
  let size = 0;
  let end = 0;
  for (const character of text) {
    size += Buffer.byteLength(character);
    if (size > bytes) return text.slice(0, end);
    end += character.length;
  }
  return text;
}

/** What a person reads of a message: the texts of its kind, one below the other. */
export function readable(content: Content): string {
  const [body] = Object.values(content).filter(isRecord);
  if (body === undefined) return '';
  const {
    main_title: main,
    emphasis_content: emphasis,
    quote_area: quote,
    horizontal_content_list: rows,
  } = body;
  const pieces = [
    body.title,
    body.description,
    body.content,
    ...titled(main),
    ...titled(emphasis),
    ...titled(quote),
  ];
  pieces.push(body.sub_title_text);
  for (const row of Array.isArray(rows) ? rows.filter(isRecord) : [])
    pieces.push(`${String(row.keyname)}: ${typeof row.value === 'string' ? row.value : ''}`);
  return pieces.filter(isText).join('\n');
}

function titled(part: unknown): unknown[] {
  return isRecord(part) ? [part.title, part.desc, part.quote_text] : [];
}
