import type { JsonObject, JsonValue } from '@trainbridge/connector-kit';

const PLACEHOLDER = '[redacted]';
/** Shorter values are no secrets, and replacing them would tear texts apart. */
const SHORTEST_SECRET = 4;
const MAX_SECRETS = 200;
export const EXCERPT_BYTES = 4_096;

/** Names whose string values never belong into a record, whoever made them: the second net behind the values. */
const SECRET_NAME =
  /(?:secret|passw|token|aes_?key|encrypt_?key|private_?key|ticket|credential|authorization|signature)/i;
const SECRET_JSON_FIELD = /("([^"\\]{1,80})"\s*:\s*")((?:[^"\\]|\\.)*)(?:"|$)/g;
const SECRET_QUERY_FIELD = /([?&])([^=&#]{1,80})=([^&#]*)/g;

const MOBILE = /(?<!\d)((?:\+|%2B|00)?86[- ]?)?(1[3-9]\d)[- ]?\d{4}[- ]?(\d{4})(?!\d)/gi;
const EMAIL = /([\p{L}\p{N}])[\p{L}\p{N}._+-]{0,63}(@|%40)((?:[\p{L}\p{N}-]{1,63}\.)+\p{L}{2,24})/giu;

/**
 * Replaces secrets by value, in every spelling they travel in: plain, JSON-escaped, percent-encoded once or twice,
 * form-encoded, base64 (also inside a longer base64 text), hex. Built once per connection, extended by each token.
 */
export class Redactor {
  /** By secret, the latest mentioned last: beyond `MAX_SECRETS` the longest unmentioned (a token long dead) is forgotten. */
  readonly #spellings = new Map<string, readonly string[]>();
  #pattern: RegExp | null = null;
  #longest = 0;

  /** @param base what it knows is taken out as well, and first: it learns nothing of these. */
  constructor(
    secrets: Iterable<string> = [],
    private readonly base: Redactor | null = null,
  ) {
    for (const secret of secrets) this.add(secret);
  }

  add(secret: string): void {
    if (secret.length < SHORTEST_SECRET) return;
    const known = this.#spellings.get(secret);
    this.#spellings.delete(secret);
    this.#spellings.set(secret, known ?? spellingsOf(secret));
    if (known) return;
    this.#pattern = null;
    if (this.#spellings.size > MAX_SECRETS)
      this.#spellings.delete(this.#spellings.keys().next().value as string);
  }

  /** Secrets out; personal data stays. For errors and logs. */
  text(original: string): string {
    const input = this.base?.text(original) ?? original;
    if (this.#spellings.size === 0) return input;
    if (this.#pattern === null) {
      const longestFirst = [...new Set([...this.#spellings.values()].flat())].sort(
        (a, b) => b.length - a.length,
      );
      this.#longest = longestFirst[0]?.length ?? 0;
      const escaped = longestFirst.map((spelling) => spelling.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
      this.#pattern = new RegExp(escaped.join('|'), 'gi');
    }
    return input.replace(this.#pattern, PLACEHOLDER);
  }

  /** A URL as it may be kept. */
  url(input: string): string {
    const named = this.text(input).replace(SECRET_QUERY_FIELD, (match, mark: string, name: string) =>
      SECRET_NAME.test(name) || name === 'code' ? `${mark}${name}=${PLACEHOLDER}` : match,
    );
    return maskPersonal(named);
  }

  /** A body as it may be kept: redacted first and cut afterwards, so that no half of a secret survives the cut. */
  excerpt(input: string): string {
    const window = EXCERPT_BYTES * 4;
    const cut = input.length > window;
    let text = this.text(cut ? input.slice(0, window) : input);
    if (cut) text = text.slice(0, Math.max(0, text.length - this.longest));
    text = text.replace(SECRET_JSON_FIELD, (match, head: string, name: string) =>
      SECRET_NAME.test(name) ? `${head}${PLACEHOLDER}"` : match,
    );
    text = maskPersonal(text);
    const bytes = Buffer.from(text);
    if (bytes.length <= EXCERPT_BYTES) return text;
    return `${bytes
      .subarray(0, EXCERPT_BYTES - 4)
      .toString()
      .replace(/\uFFFD+$/, '')}…`;
  }

  private get longest(): number {
    return Math.max(this.#longest, this.base?.longest ?? 0);
  }

  /** Every string of a JSON value; for log fields. */
  json(value: JsonValue): JsonValue {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.json(item));
    if (value !== null && typeof value === 'object') return this.fields(value);
    return value;
  }

  fields(value: JsonObject): JsonObject {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.json(item)]));
  }
}

/** Middle digits of mobile numbers and the local part of email addresses, in plain text and in URLs. */
export function maskPersonal(input: string): string {
  return input
    .replace(
      MOBILE,
      (_match, country: string | undefined, head: string, tail: string) =>
        `${country ?? ''}${head}****${tail}`,
    )
    .replace(EMAIL, (_match, first: string, at: string, domain: string) => `${first}***${at}${domain}`);
}

function spellingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const once = encodeURIComponent(secret);
  const form = new URLSearchParams([['', secret]]).toString().slice(1);
  const spellings = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    once,
    encodeURIComponent(once),
    form,
    encodeURIComponent(form),
    bytes.toString('hex'),
    ...[0, 1, 2].flatMap((offset) => base64Core(bytes, offset)),
  ];
  return [...new Set(spellings)].filter((spelling) => spelling.length >= SHORTEST_SECRET);
}

/** The characters of a longer base64 text that depend on nothing but these bytes, when they begin at `offset` modulo 3. */
function base64Core(bytes: Buffer, offset: number): string[] {
  const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
  const encoded = padded.toString('base64');
  const from = Math.ceil((offset * 4) / 3);
  const to = Math.floor((padded.length * 8) / 6);
  const core = encoded.slice(from, to);
  if (core.length < 6) return [];
  return [core, core.replaceAll('+', '-').replaceAll('/', '_'), encodeURIComponent(core)];
}
