import {
  ConnectorError,
  envelopeSignature,
  isJsonObject,
  isSameText,
  openEnvelope,
  readCallbackQuery,
  sealEnvelope,
  utf8Text,
  type CallbackReply,
  type JsonObject,
  type JsonValue,
  type RawCallback,
} from '@trainbridge/connector-kit';
import type { DingtalkContext } from '../api.js';

interface Pair {
  token: string;
  aesKey: string;
}

/** A callback that proved genuine, decrypted, with what its answer needs. */
export interface OpenedCallback {
  message: JsonObject;
  /** Whom it was encrypted for; the answer is encrypted for the same. */
  owner: string;
  /** The request's clock in milliseconds since the epoch. */
  time: number;
  nonce: string;
  pair: Pair;
}

/** Base64 of it is a third longer; the host refuses larger bodies anyway. */
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * `{"encrypt": …}` with its signature in the query (page callback-event-message-body-encryption-and-decryption).
 *
 * @throws ConnectorError `auth_failed` when it is not genuine, `input_invalid` when it cannot be read.
 */
export function openCallback({ config }: DingtalkContext, raw: RawCallback): OpenedCallback {
  const { callbackToken: token, callbackAesKey: aesKey, clientId, corpId } = config;
  if (!token || !aesKey) throw notConfigured();
  const query = readCallbackQuery(raw.queryString);
  const timestamp = query.get('timestamp') ?? '';
  const nonce = query.get('nonce') ?? '';
  if (!/^\d{1,16}$/.test(timestamp)) throw unreadable('Its timestamp is no number.');
  if (nonce === '' || nonce.length > 256) throw unreadable('Its query has no usable nonce.');
  const encrypted = encryptedIn(raw);
  // Old pages say `signature`, new ones `msg_signature`, and recorded traffic carries both with the same value.
  const given = [query.get('msg_signature'), query.get('signature')].filter((value) => value !== undefined);
  const expected = envelopeSignature(token, timestamp, nonce, encrypted);
  if (!given.some((signature) => isSameText(signature, expected))) {
    throw new ConnectorError(
      'auth_failed',
      'The signature of the callback is wrong: forged, or `callbackToken` differs from the console’s.',
    );
  }
  const { message, receiveId: owner } = openEnvelope(aesKey, encrypted);
  // The console encrypts for the app (its Client ID), the older call that registers a URL for the organisation.
  if (owner !== clientId && owner !== corpId) {
    throw new ConnectorError('auth_failed', 'The callback was encrypted for another app or organisation.', {
      advice: {
        en: 'Its owner key is neither `clientId` nor `corpId` of this connection: check that the URL was saved in this very app (developer console → your app → Event subscription).',
        'zh-CN':
          '解密得到的 ownerKey 既不是 `clientId` 也不是 `corpId`：请确认回调地址配置在该应用的 事件订阅 页面。',
      },
    });
  }
  const event = parseObject(utf8Text(message, 'message'), 'message');
  return { message: event, owner, time: millisecondsOf(timestamp), nonce, pair: { token, aesKey } };
}

/**
 * The one answer DingTalk takes: `success`, encrypted and signed, in an object of exactly these four keys, `timeStamp`
 * with its capital letter (page http-callback-overview).
 */
export function sealReply(context: DingtalkContext, opened: OpenedCallback): CallbackReply {
  const { owner, nonce, pair } = opened;
  const timeStamp = String(context.now());
  const encrypt = sealEnvelope(pair.aesKey, owner, 'success', context.randomBase64(16));
  const msg_signature = envelopeSignature(pair.token, timeStamp, nonce, encrypt);
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8', 'x-content-type-options': 'nosniff' },
    body: JSON.stringify({ msg_signature, timeStamp, nonce, encrypt }),
  };
}

function encryptedIn(raw: RawCallback): string {
  if (raw.bodyBase64.length > (MAX_BODY_BYTES / 3) * 4 + 4) throw unreadable('Its body is too large.');
  const body = parseObject(utf8Text(Buffer.from(raw.bodyBase64, 'base64'), 'body'), 'body');
  if (typeof body.encrypt !== 'string' || body.encrypt === '') throw unreadable('Its body has no "encrypt".');
  return body.encrypt;
}

function parseObject(json: string, what: string): JsonObject {
  let value: JsonValue;
  try {
    value = JSON.parse(json) as JsonValue;
  } catch {
    throw unreadable(`Its ${what} is not JSON.`);
  }
  if (!isJsonObject(value)) throw unreadable(`Its ${what} is not a JSON object.`);
  return value;
}

/** All recorded callbacks count milliseconds, the examples of the documentation seconds. */
function millisecondsOf(timestamp: string): number {
  const time = Number(timestamp);
  return time < 100_000_000_000 ? time * 1_000 : time;
}

function notConfigured(): ConnectorError {
  return new ConnectorError('auth_failed', 'This connection has no `callbackToken` and `callbackAesKey`.', {
    advice: {
      en: 'Fill in both from the app’s Event subscription page before saving the URL there; or choose Stream push there, which needs neither.',
      'zh-CN':
        '请先填写应用 事件订阅 页面中的签名 token 与加密 aes_key，再保存回调地址；或改用 Stream 推送，无需填写。',
    },
  });
}

function unreadable(why: string): ConnectorError {
  return new ConnectorError('input_invalid', `The callback cannot be read. ${why}`);
}
