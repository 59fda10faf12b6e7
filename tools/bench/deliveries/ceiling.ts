import { webhookSignature, signingKey } from '@trainbridge/deliveries';
import { Pool } from 'undici';

const IN_FLIGHT = 64;

/** The same bodies, signed the same way, by an undici Pool with 64 in flight: no queue, no record. Answers seconds. */
export async function timeBareSending(
  url: string,
  secret: string,
  bodies: readonly { id: string; body: string }[],
): Promise<number> {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections: IN_FLIGHT });
  const keys = [signingKey(secret)];
  let next = 0;
  const send = async (): Promise<void> => {
    for (let item = bodies[next++]; item !== undefined; item = bodies[next++]) {
      const timestamp = Math.floor(Date.now() / 1_000);
      const response = await pool.request({
        path: pathname,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'webhook-id': item.id,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': webhookSignature(keys, item.id, timestamp, item.body),
        },
        body: item.body,
      });
      await response.body.dump();
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, send));
  const seconds = (performance.now() - began) / 1_000;
  await pool.close();
  return seconds;
}
