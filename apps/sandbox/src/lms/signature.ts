import { createHmac, timingSafeEqual } from 'node:crypto';

/** Why a webhook is not believed. */
export type SignatureProblem =
  'headers_missing' | 'timestamp_invalid' | 'timestamp_stale' | 'signature_wrong' | 'no_secret';

/** The three headers of Standard Webhooks. */
export interface WebhookHeaders {
  id: string | undefined;
  timestamp: string | undefined;
  signature: string | undefined;
}

/** A receiver's keys, decoded once. */
export class WebhookVerifier {
  private keys: Buffer[] = [];

  /** Secrets as they were handed out (`whsec_` + base64); during a rotation there are several. */
  setSecrets(secrets: readonly string[]): void {
    this.keys = secrets.map((secret) => Buffer.from(secret.replace(/^whsec_/, ''), 'base64'));
  }

  /** Checks the signature over the raw bytes; `undefined` when one signature fits one secret. */
  verify(
    headers: WebhookHeaders,
    body: Buffer,
    nowSeconds: number,
    toleranceSeconds: number,
  ): SignatureProblem | undefined {
    const { id, timestamp, signature } = headers;
    if (!id || !timestamp || !signature) return 'headers_missing';
    if (!/^\d{1,12}$/.test(timestamp)) return 'timestamp_invalid';
    if (Math.abs(nowSeconds - Number(timestamp)) > toleranceSeconds) return 'timestamp_stale';
    if (this.keys.length === 0) return 'no_secret';
    const given = signature
      .split(' ')
      .filter((part) => part.startsWith('v1,'))
      .map((part) => Buffer.from(part.slice(3), 'base64'));
    const head = `${id}.${timestamp}.`;
    for (const key of this.keys) {
      const expected = createHmac('sha256', key).update(head).update(body).digest();
      if (given.some((one) => one.length === expected.length && timingSafeEqual(one, expected)))
        return undefined;
    }
    return 'signature_wrong';
  }
}
