/** What a webhook brings. `data` of a learning event is the event with the client's own id. */
export interface WebhookMessage<T = unknown> {
  id: string;
  type: string;
  /** ISO 8601: when it happened. */
  timestamp: string;
  data: T;
}

export interface VerifyWebhookInput {
  /** `whsec_…`; several while a secret is being rotated. */
  secret: string | readonly string[];
  headers: Headers | Record<string, string | string[] | undefined>;
  /** The bytes or the text exactly as they came: parsing and printing again breaks the signature. */
  body: string | Uint8Array;
  /** How far the message's clock may be off, in seconds. Default 300. */
  toleranceSeconds?: number;
  /** Milliseconds since the epoch. Default: now. */
  now?: number;
}

/** Not genuine, too old, or not what a webhook looks like: answer 400 and do nothing. */
export class WebhookVerificationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WebhookVerificationError';
  }
}

const encoder = new TextEncoder();

/**
 * Checks a webhook as Standard Webhooks says and parses it. Drop an `id` that was seen before: delivery is at least once.
 * @throws {WebhookVerificationError}
 */
export async function verifyWebhook<T = unknown>(input: VerifyWebhookInput): Promise<WebhookMessage<T>> {
  const id = header(input.headers, 'webhook-id');
  const timestamp = header(input.headers, 'webhook-timestamp');
  const signatures = header(input.headers, 'webhook-signature');
  if (!id || !timestamp || !signatures) throw new WebhookVerificationError('a webhook header is missing');
  checkAge(timestamp, input.now ?? Date.now(), input.toleranceSeconds ?? 300);
  const body = typeof input.body === 'string' ? encoder.encode(input.body) : input.body;
  const signed = new Uint8Array([...encoder.encode(`${id}.${timestamp}.`), ...body]);
  const secrets = typeof input.secret === 'string' ? [input.secret] : input.secret;
  if (!(await anySignature(secrets, signatures, signed))) {
    throw new WebhookVerificationError('no signature fits');
  }
  return JSON.parse(new TextDecoder().decode(body)) as WebhookMessage<T>;
}

function header(headers: VerifyWebhookInput['headers'], name: string): string | null {
  if (headers instanceof Headers) return headers.get(name);
  const entry = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
  const value = entry?.[1];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

function checkAge(timestamp: string, now: number, toleranceSeconds: number): void {
  const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : NaN;
  if (!(Math.abs(now / 1000 - seconds) <= toleranceSeconds)) {
    throw new WebhookVerificationError('the timestamp is too old, too new or no number');
  }
}

async function anySignature(
  secrets: readonly string[],
  header: string,
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const candidates = header
    .split(' ')
    .filter((part) => part.startsWith('v1,'))
    .map((part) => fromBase64(part.slice(3)));
  for (const secret of secrets) {
    const bytes = fromBase64(secret.replace(/^whsec_/, ''));
    if (!bytes) throw new TypeError('a webhook secret looks like whsec_ and base64');
    const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, [
      'verify',
    ]);
    for (const candidate of candidates) {
      // Compares in constant time.
      if (candidate && (await crypto.subtle.verify('HMAC', key, candidate, signed))) return true;
    }
  }
  return false;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
