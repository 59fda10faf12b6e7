import { ConnectorError, isJsonObject, type JsonObject, type JsonValue } from '@trainbridge/connector-kit';
import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** An event of a few hundred bytes is usual, a long approval has some ten thousand. */
const MAX_CHARACTERS = 512 * 1024;
const MAX_DEPTH = 20;

const parser = new XMLParser({
  ignoreAttributes: true,
  // Ids stay text: SpNo is larger than a number can hold, and a userid of digits is no number.
  parseTagValue: false,
  trimValues: true,
  maxNestedTags: MAX_DEPTH,
  // The five of XML itself. Others would have to be declared, and a declaration never gets this far.
  processEntities: true,
  htmlEntities: false,
});

/** How much of it there may be. An envelope has three elements and comes from anybody; a long approval has some thousand. */
export interface XmlLimits {
  elements: number;
  entities: number;
}

/**
 * The content of the one element `<xml>`; every value is text, or an object of them. Strict on purpose: no DOCTYPE, no
 * entity or other declaration, no processing instruction but the XML declaration, no attributes, nothing cut off, nothing
 * huge. There is nothing an entity bomb could begin with, and nothing that costs time worth mentioning.
 *
 * @throws ConnectorError `input_invalid`
 */
export function parseXml(text: string, limits: XmlLimits): JsonObject {
  if (text.length > MAX_CHARACTERS) throw refused('it is too large');
  scan(text, limits);
  let root: unknown;
  try {
    if (XMLValidator.validate(text) !== true) throw refused('it is not well-formed');
    root = parser.parse(text);
  } catch (error) {
    if (error instanceof ConnectorError) throw error;
    throw refused('it is not well-formed');
  }
  const content = isPlain(root) ? ownText(root, 'xml') : undefined;
  if (!isJsonObject(content)) throw refused('it has no element <xml>');
  return content;
}

/** The text of a child element; undefined when it is absent, empty, or not text. */
export function textOf(node: JsonObject, name: string): string | undefined {
  const value = ownText(node, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function ownText(node: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(node, name) ? node[name] : undefined;
}

const TAG = /^\/?[A-Za-z][A-Za-z0-9_.-]{0,63}\s{0,20}\/?$/;
/** Longest text between `<` and `>` that is looked at. */
const MAX_TAG = 100;

/** Every `<` and `&` outside of CDATA and comments, in one pass with nothing to backtrack over. */
function scan(text: string, limits: XmlLimits): void {
  let marks = 0;
  let at = text.indexOf('<');
  let entities = 0;
  while (at !== -1) {
    marks += 1;
    // An element has two marks, and CDATA around its text a third.
    if (marks > limits.elements * 3) throw refused('it has too many elements');
    const end = endOfMark(text, at);
    at = text.indexOf('<', end);
    const between = at === -1 ? text.slice(end) : text.slice(end, at);
    entities += between.includes('&') ? between.split('&').length - 1 : 0;
    if (entities > limits.entities) throw refused('it has too many entities');
  }
}

/** Where the mark that begins at `at` is over. */
function endOfMark(text: string, at: number): number {
  if (text.startsWith('<![CDATA[', at)) return endOf(text, ']]>', at + 9);
  if (text.startsWith('<!--', at)) return endOf(text, '-->', at + 4);
  if (text[at + 1] === '!') throw refused('it declares a DOCTYPE or entities');
  if (text[at + 1] === '?') {
    if (text.slice(0, at).trim() === '' && /^<\?xml\s/.test(text.slice(at, at + 6)))
      return endOf(text, '?>', at + 6);
    throw refused('it has a processing instruction');
  }
  const head = text.slice(at + 1, at + 1 + MAX_TAG);
  const length = head.indexOf('>');
  if (length === -1 || !TAG.test(head.slice(0, length)))
    throw refused('it has a tag that is none of WeCom’s');
  return at + 2 + length;
}

function endOf(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  if (at === -1) throw refused('it is cut off');
  return at + mark.length;
}

function refused(why: string): ConnectorError {
  return new ConnectorError('input_invalid', `The XML is refused: ${why}.`);
}

function isPlain(value: unknown): value is JsonObject {
  return isJsonObject(value);
}
