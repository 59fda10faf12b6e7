import {
  envelopeSignature,
  sealEnvelope,
  type JsonObject,
  type RawCallback,
} from '@trainbridge/connector-kit';
import { baseConfig, NOW } from './fake-context.js';
import type { Vector } from './vectors.js';

export const pair = { token: '123456', aesKey: '4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij' };
export const pairConfig = { callbackToken: pair.token, callbackAesKey: pair.aesKey };

interface Push {
  owner?: string;
  token?: string;
  timestamp?: string;
  /** Query of the signature; the default is both names, as recorded. */
  signed?: (signature: string) => string;
}

/** An event as DingTalk posts it, both names of the signature in the query. */
export function push(message: JsonObject | string, options: Push = {}): RawCallback {
  const { owner = baseConfig.clientId, token = pair.token, timestamp = String(NOW) } = options;
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  const encrypt = sealEnvelope(pair.aesKey, owner, text, Buffer.from('aaaabbbbccccdddd').toString('base64'));
  const signature = envelopeSignature(token, timestamp, 'nonce001', encrypt);
  const signed = options.signed ?? ((value) => `signature=${value}&msg_signature=${value}`);
  return rawOf(JSON.stringify({ encrypt }), `${signed(signature)}&timestamp=${timestamp}&nonce=nonce001`);
}

export function vectorPush({ encrypted, signature, timestamp, nonce }: Vector): RawCallback {
  return rawOf(
    JSON.stringify({ encrypt: encrypted }),
    `signature=${signature}&msg_signature=${signature}&timestamp=${timestamp}&nonce=${nonce}`,
  );
}

export function rawOf(body: string | Buffer, queryString: string, method = 'POST'): RawCallback {
  return {
    method,
    queryString,
    headers: { 'content-type': 'application/json' },
    bodyBase64: Buffer.from(body).toString('base64'),
  };
}
