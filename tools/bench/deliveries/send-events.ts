import type { Api } from './api.js';

/** Batches under way at once: a learning system that sends as fast as it is answered. */
export const SENDERS = 4;

/** Posts ready-made bodies and answers the seconds until the last was accepted. @throws unless all `events` were. */
export async function sendBodies(
  api: Api,
  bodies: readonly string[],
  events: number,
  senders = SENDERS,
): Promise<number> {
  let next = 0;
  let taken = 0;
  const send = async (): Promise<void> => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const answer = await api.post<{ accepted: number; held: number }>('/learning-events', body);
      taken += answer.accepted + answer.held;
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: senders }, send));
  if (taken !== events) throw new Error(`only ${taken} of ${events} events were accepted`);
  return (performance.now() - began) / 1_000;
}

/** Request bodies of `{events: […]}` with so many events each. */
export function inBatches(events: readonly object[], size: number): string[] {
  const bodies: string[] = [];
  for (let from = 0; from < events.length; from += size) {
    bodies.push(JSON.stringify({ events: events.slice(from, from + size) }));
  }
  return bodies;
}
