import {
  ConnectorError,
  envelopeSignature,
  isSameText,
  openEnvelope,
  readCallbackQuery,
  utf8Text,
  type RawCallback,
} from '@trainbridge/connector-kit';
import { callbackPairs, type CallbackSource, type WecomConfig } from '../config.js';
import { parseXml, textOf } from './xml.js';

/** A callback that proved genuine, decrypted. */
export interface OpenedCallback {
  /** Whose key pair opened it. */
  source: CallbackSource;
  /** The decrypted text, to be answered as it is (verification) or parsed (events). */
  text: string;
  /** The same before it became text: what a key is made from. */
  bytes: Buffer;
}

interface Signed {
  signature: string;
  timestamp: string;
  nonce: string;
  encrypted: string;
}

/** Base64 of it is a third longer; the host refuses larger bodies anyway. */
const MAX_BODY_BYTES = 1024 * 1024;
/**
 * How far a push's clock may be off, either way. WeCom only calls the timestamp a means against replay and names no
 * window (D-90968); 5 minutes let its three attempts and a slow clock through. Within the window a replayed
 * event has the key of the first, and is dropped by the host.
 */
const FRESH_MS = 5 * 60_000;

/**
 * URL verification: the signature is over `echostr`, which is also what is encrypted (D-90930). Not held against the
 * clock: an administrator tries it by hand, and it changes nothing.
 *
 * @throws ConnectorError `auth_failed` when it is not genuine, `input_invalid` when it cannot be read.
 */
export function openVerification(config: WecomConfig, raw: RawCallback): OpenedCallback {
  const query = readCallbackQuery(raw.queryString);
  // Base64 has no spaces: where one stands, something on the way took a "+" for one.
  const encrypted = required(query, 'echostr').replaceAll(' ', '+');
  return open(config, { ...signedPart(query), encrypted });
}

/**
 * A push: an XML envelope whose `Encrypt` is signed and encrypted. `now` in milliseconds since the epoch.
 *
 * @throws ConnectorError `auth_failed` when it is not genuine or too old, `input_invalid` when it cannot be read.
 */
export function openPush(config: WecomConfig, raw: RawCallback, now: number): OpenedCallback {
  const signed = signedPart(readCallbackQuery(raw.queryString));
  if (raw.bodyBase64.length > (MAX_BODY_BYTES / 3) * 4 + 4) throw unreadable('Its body is too large.');
  const envelope = parseXml(utf8Text(Buffer.from(raw.bodyBase64, 'base64'), 'body'), {
    elements: 20,
    entities: 20,
  });
  const encrypted = textOf(envelope, 'Encrypt');
  if (encrypted === undefined) throw unreadable('Its envelope has no <Encrypt>.');
  const opened = open(config, { ...signed, encrypted });
  // After the signature, so that nobody learns our clock by asking.
  const age = Math.abs(now - Number(signed.timestamp) * 1_000);
  if (age > FRESH_MS) {
    throw new ConnectorError(
      'auth_failed',
      `The callback is stale: its time is ${Math.round(age / 1_000)} s off.`,
    );
  }
  return opened;
}

function open(config: WecomConfig, signed: Signed): OpenedCallback {
  const pairs = callbackPairs(config);
  if (pairs.length === 0) {
    throw new ConnectorError('auth_failed', 'This connection has no callback Token and EncodingAESKey.', {
      advice: {
        en: 'Fill in `callbackToken` and `callbackAesKey` (the app’s Receive Messages page) or `contactsCallbackToken` and `contactsCallbackAesKey` (Contacts Sync → Receive Events) before saving the URL in WeCom.',
        'zh-CN':
          '请先填写 `callbackToken`、`callbackAesKey`（应用 → 接收消息）或 `contactsCallbackToken`、`contactsCallbackAesKey`（通讯录同步 → 接收事件），再在企业微信后台保存 URL。',
      },
    });
  }
  const { timestamp, nonce, encrypted } = signed;
  const vouching = pairs.filter(({ token }) =>
    isSameText(signed.signature, envelopeSignature(token, timestamp, nonce, encrypted)),
  );
  if (vouching.length === 0) {
    throw new ConnectorError(
      'auth_failed',
      'The signature of the callback is wrong: forged, or the Token differs from the console’s.',
    );
  }
  let problem: unknown;
  for (const pair of vouching) {
    try {
      const { message, receiveId } = openEnvelope(pair.aesKey, encrypted);
      if (receiveId !== config.corpId) throw foreign();
      return { source: pair.source, text: utf8Text(message, 'message'), bytes: message };
    } catch (error) {
      problem = error;
    }
  }
  throw problem;
}

function foreign(): ConnectorError {
  return new ConnectorError('auth_failed', 'The callback was encrypted for another corporation (receiveid).');
}

function signedPart(query: Map<string, string>): Omit<Signed, 'encrypted'> {
  const signature = required(query, 'msg_signature');
  const timestamp = required(query, 'timestamp');
  if (!/^\d{1,12}$/.test(timestamp)) throw unreadable('Its timestamp is no number of seconds.');
  return { signature, timestamp, nonce: required(query, 'nonce') };
}

function required(query: Map<string, string>, name: string): string {
  const value = query.get(name);
  if (!value || value.length > 4_096) throw unreadable(`Its query has no usable ${name}.`);
  return value;
}

function unreadable(why: string): ConnectorError {
  return new ConnectorError('input_invalid', `The callback cannot be read. ${why}`);
}
