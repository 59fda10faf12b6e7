import { encrypt, getSignature } from '@wecom/crypto';
import type { RawCallback } from '@trainbridge/connector-kit';
import { baseConfig } from './fake-context.js';
import type { Vector } from './vectors.js';

export const appPair = { token: 'appToken01', aesKey: 'GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba' };
export const contactsPair = { token: 'simToken01', aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' };

export const pairConfig = {
  callbackToken: appPair.token,
  callbackAesKey: appPair.aesKey,
  contactsCallbackToken: contactsPair.token,
  contactsCallbackAesKey: contactsPair.aesKey,
};

export const NOW = 1_767_225_610_000;

interface Push {
  token?: string;
  aesKey?: string;
  corpId?: string;
  timestamp?: number;
  /** Wraps the encrypted text; the default is the platform's envelope. */
  envelope?: (encrypted: string) => string;
}

/** An event as WeCom would post it, made with the vendor's own library. */
export function push(xml: string, options: Push = {}): RawCallback {
  const { token, aesKey } = { ...contactsPair, ...options };
  const { corpId = baseConfig.corpId, timestamp = NOW / 1_000 } = options;
  const encrypted = encrypt(aesKey, xml, corpId);
  const signature = getSignature(token, timestamp, 1_372_623_149, encrypted);
  const wrap = options.envelope ?? envelope;
  return {
    method: 'POST',
    queryString: `msg_signature=${signature}&timestamp=${timestamp}&nonce=1372623149`,
    headers: { 'content-type': 'text/xml' },
    bodyBase64: Buffer.from(wrap(encrypted)).toString('base64'),
  };
}

export function envelope(encrypted: string): string {
  return `<xml><ToUserName><![CDATA[${baseConfig.corpId}]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt><AgentID><![CDATA[]]></AgentID></xml>`;
}

/** A verification as WeCom would send it. */
export function verification(vector: Vector, echostr = encodeURIComponent(vector.encrypted)): RawCallback {
  return {
    method: 'GET',
    queryString: `msg_signature=${vector.signature}&timestamp=${vector.timestamp}&nonce=${vector.nonce}&echostr=${echostr}`,
    headers: {},
    bodyBase64: '',
  };
}

/** A `change_contact` event with the given fields. */
export function contactEvent(fields: string, createdAt = 1_767_225_600): string {
  return `<xml><ToUserName><![CDATA[${baseConfig.corpId}]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName><CreateTime>${createdAt}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[change_contact]]></Event>${fields}</xml>`;
}
