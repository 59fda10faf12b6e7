import { createHash, randomBytes } from 'node:crypto';

/** One kind of secret each, so that a leaked one is recognised by people and by secret scanners. */
export const SECRET_PREFIXES = { apiToken: 'tb_', accessToken: 'tbat_', clientSecret: 'tbcs_' } as const;
export type SecretKind = keyof typeof SECRET_PREFIXES;

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 62^30 is 178.6 bits. */
const RANDOM_LENGTH = 30;
const CHECKSUM_LENGTH = 6;

/** A new secret: prefix, 30 random base62 characters, 6 of checksum. */
export function mintSecret(kind: SecretKind): string {
  const random = randomCharacters(RANDOM_LENGTH);
  const prefix = SECRET_PREFIXES[kind];
  return prefix + random + checksum(prefix + random);
}

/** Which kind a string is, by prefix, length and checksum; null for a typo or a guess, without asking the database. */
export function secretKind(secret: string): SecretKind | null {
  for (const [kind, prefix] of Object.entries(SECRET_PREFIXES) as [SecretKind, string][]) {
    if (!secret.startsWith(prefix) || secret.length !== prefix.length + RANDOM_LENGTH + CHECKSUM_LENGTH)
      continue;
    const body = secret.slice(0, -CHECKSUM_LENGTH);
    return checksum(body) === secret.slice(-CHECKSUM_LENGTH) ? kind : null;
  }
  return null;
}

/** What is stored instead of the secret. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** What is shown of a secret after its making. */
export function last4(secret: string): string {
  return secret.slice(-4);
}

function checksum(text: string): string {
  const digest = createHash('sha256').update(`trainbridge checksum ${text}`).digest();
  let value = digest.readUIntBE(0, 6);
  let out = '';
  for (let index = 0; index < CHECKSUM_LENGTH; index++) {
    out += ALPHABET[value % 62];
    value = Math.floor(value / 62);
  }
  return out;
}

/** Bytes from 248 on are thrown away: 256 is not a multiple of 62. */
function randomCharacters(count: number): string {
  let out = '';
  while (out.length < count) {
    for (const byte of randomBytes(count)) {
      if (byte < 248 && out.length < count) out += ALPHABET[byte % 62];
    }
  }
  return out;
}
