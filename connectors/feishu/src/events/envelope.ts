import { createDecipheriv, createHash } from 'node:crypto';
import {
  ConnectorError,
  isJsonObject,
  isSameText,
  utf8Text,
  type JsonObject,
  type LocalizedText,
  type RawCallback,
} from '@trainbridge/connector-kit';
import { callbackKeys, type FeishuConfig } from '../config.js';

/** A callback that was found genuine. */
export type Opened =
  /** The platform asks whether the address is ours (event-subscription-guide/request-url). */
  | { kind: 'challenge'; challenge: string }
  /** `text`: the decrypted message as it was sent, equal for every delivery of the same event. */
  | { kind: 'event'; message: JsonObject; text: string };

/**
 * Opens a callback. With an Encrypt Key, events are signed over the raw bytes, and a signature is looked at before anything
 * is decrypted; without one, the Verification Token inside is all there is. The check of the address is never signed.
 * The time in the headers is no reason to refuse: whether a retry, up to six hours later, bears a new one is not documented,
 * and an event sent again is known by its id.
 *
 * @throws ConnectorError `auth_failed` for what is not genuine, `input_invalid` for what cannot be read.
 */
export function openCallback(config: FeishuConfig, raw: RawCallback): Opened {
  const bytes = Buffer.from(raw.bodyBase64, 'base64');
  const outer = utf8Text(bytes, 'body');
  const { encryptKey, verificationToken } = callbackKeys(config);
  const signed = signatureOf(encryptKey, raw, bytes);
  if (signed === 'wrong')
    throw notGenuine('its signature is not the one of this Encrypt Key', encryptKeyAdvice);
  const envelope = parse(outer);
  const encrypted = envelope.encrypt;
  const text = encrypted === undefined ? outer : decrypt(encryptKey, encrypted);
  const message = encrypted === undefined ? envelope : parse(text);
  const token = tokenOf(message);
  const isToken = verificationToken !== undefined && isSameText(token, verificationToken);
  if (verificationToken !== undefined && !isToken)
    throw notGenuine('its Verification Token is another one', tokenAdvice);
  if (message.type === 'url_verification') {
    if (encryptKey !== undefined && encrypted === undefined && !isToken)
      throw notGenuine('it is not encrypted', encryptKeyAdvice);
    if (typeof message.challenge !== 'string') throw unreadable('The check of the address has no challenge.');
    return { kind: 'challenge', challenge: message.challenge };
  }
  if (encryptKey !== undefined && signed !== 'right') throw notGenuine('it is not signed', encryptKeyAdvice);
  if (encryptKey === undefined && !isToken)
    throw notGenuine('this connection has nothing to tell it by', unprotectedAdvice);
  return { kind: 'event', message, text };
}

/** Lower-case hex SHA-256 over timestamp, nonce, Encrypt Key and raw body, nothing between them; no HMAC. */
export function signatureOver(
  timestamp: string,
  nonce: string,
  encryptKey: string,
  body: Uint8Array,
): string {
  return createHash('sha256').update(`${timestamp}${nonce}${encryptKey}`, 'utf8').update(body).digest('hex');
}

function signatureOf(
  encryptKey: string | undefined,
  raw: RawCallback,
  bytes: Buffer,
): 'right' | 'wrong' | 'none' {
  const {
    'x-lark-signature': signature,
    'x-lark-request-timestamp': timestamp,
    'x-lark-request-nonce': nonce,
  } = raw.headers;
  if (encryptKey === undefined || !signature) return 'none';
  const expected = signatureOver(timestamp ?? '', nonce ?? '', encryptKey, bytes);
  return isSameText(signature, expected) ? 'right' : 'wrong';
}

/** AES-256-CBC under SHA-256 of the Encrypt Key; the first 16 bytes are the initialisation vector. */
function decrypt(encryptKey: string | undefined, encrypted: unknown): string {
  if (encryptKey === undefined)
    throw notGenuine('it is encrypted, and this connection has no Encrypt Key', encryptKeyAdvice);
  const bytes =
    typeof encrypted === 'string' && isBase64(encrypted) ? Buffer.from(encrypted, 'base64') : null;
  if (bytes === null || bytes.length < 32 || bytes.length % 16 !== 0)
    throw unreadable('"encrypt" is no base64 of full cipher blocks.');
  const key = createHash('sha256').update(encryptKey, 'utf8').digest();
  const decipher = createDecipheriv('aes-256-cbc', key, bytes.subarray(0, 16));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(
      Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]),
    );
  } catch {
    throw notGenuine('the Encrypt Key of this connection does not open it', encryptKeyAdvice);
  }
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

/** Where each form of an envelope keeps it: `header.token`, or `token` at the top. */
function tokenOf(message: JsonObject): string {
  const header = isJsonObject(message.header) ? message.header : {};
  const token = message.token ?? header.token;
  return typeof token === 'string' ? token : '';
}

function parse(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unreadable('It is no JSON.');
  }
  if (!isJsonObject(value)) throw unreadable('It is no JSON object.');
  return value;
}

function unreadable(why: string): ConnectorError {
  return new ConnectorError('input_invalid', `The callback cannot be read. ${why}`);
}

function notGenuine(why: string, advice: LocalizedText): ConnectorError {
  return new ConnectorError('auth_failed', `The callback is not taken for one of Feishu: ${why}.`, {
    advice,
  });
}

const encryptKeyAdvice: LocalizedText = {
  en: 'Copy the Encrypt Key again from developer console → your app → Events & Callbacks → Encryption strategy; the console and this connection must both have it, or neither.',
  'zh-CN':
    '请从 开发者后台 → 应用 → 事件与回调 → 加密策略 重新复制 Encrypt Key；控制台与本连接须同时填写或同时留空。',
};

const tokenAdvice: LocalizedText = {
  en: 'Copy the Verification Token again from developer console → your app → Events & Callbacks → Encryption strategy.',
  'zh-CN': '请从 开发者后台 → 应用 → 事件与回调 → 加密策略 重新复制 Verification Token。',
};

const unprotectedAdvice: LocalizedText = {
  en: 'Enter the Encrypt Key, or at least the Verification Token, in this connection: without either, anybody could make events up. Both stand under Events & Callbacks → Encryption strategy.',
  'zh-CN':
    '请在本连接中填写 Encrypt Key，或至少填写 Verification Token，否则任何人都可伪造事件。两者均位于 事件与回调 → 加密策略。',
};
