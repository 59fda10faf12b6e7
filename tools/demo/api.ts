import { setTimeout as sleep } from 'node:timers/promises';
import type { TrainbridgeClient } from '@trainbridge/api-client';

export type Client = TrainbridgeClient;

/** The data of a good answer. @throws an Error with the problem the host described. */
export function must<T>({ data, error, response }: { data?: T; error?: unknown; response: Response }): T {
  if (data !== undefined) return data;
  throw new Error(`${new URL(response.url).pathname} answered ${response.status}: ${JSON.stringify(error)}`);
}

/**
 * Asks every 50 ms until there is an answer.
 *
 * @returns the answer, and the milliseconds it took
 * @throws Error after 30 s, naming what did not happen
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
): Promise<{ found: T; tookMs: number }> {
  const began = Date.now();
  for (;;) {
    const found = await ask();
    if (found !== undefined) return { found, tookMs: Date.now() - began };
    if (Date.now() - began > 30_000) throw new Error(`30 秒内没有发生 not within 30 s: ${what}`);
    await sleep(50);
  }
}
