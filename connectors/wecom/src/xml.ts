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

/**
 * The content of the one element `<xml>`; every value is text, or an object of them. Strict on purpose: no DOCTYPE, no
 * entity or other declaration, no processing instruction but the XML declaration, nothing cut off, nothing huge, so there
 * is nothing an entity bomb could begin with.
 *
 * @throws ConnectorError `input_invalid`
 */
export function parseXml(text: string): JsonObject {
  if (text.length > MAX_CHARACTERS) throw refused('it is too large');
  refuseDeclarations(text);
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

/** Looks at every `<!` and `<?` outside of CDATA and comments; one pass, nothing to backtrack over. */
function refuseDeclarations(text: string): void {
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at)) {
    if (text.startsWith('<![CDATA[', at)) at = endOf(text, ']]>', at + 9);
    else if (text.startsWith('<!--', at)) at = endOf(text, '-->', at + 4);
    else if (text[at + 1] === '!') throw refused('it declares a DOCTYPE or entities');
    else if (
      text[at + 1] === '?' &&
      !(text.slice(0, at).trim() === '' && /^<\?xml\s/.test(text.slice(at, at + 6)))
    ) {
      throw refused('it has a processing instruction');
    } else at += 1;
  }
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
