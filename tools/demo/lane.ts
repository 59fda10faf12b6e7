import type { PlatformSimulator, Sandbox } from '@trainbridge/sandbox';
import type { components } from '@trainbridge/api-client';
import type { Client } from './api.js';
import { done, failed, title } from './screen.js';

export type User = components['schemas']['UserDto'];

/** What a platform's part of the story came to, for the report. */
export interface Figures {
  /** Active, or invited and not there yet. */
  people?: number;
  disabled?: number;
  departments?: number;
  created?: number;
  firstSyncMs?: number;
  unchanged?: number;
  secondSyncMs?: number;
  /** Milliseconds from the change on the platform to the directory: joiner, mover, leaver. */
  changesMs?: number[];
  loginMs?: number;
  /** From the approval to the to-do on the platform. */
  todoMs?: number;
  /** From the learning event to the closed to-do. */
  closedMs?: number;
  /** Calls the platform got altogether. */
  calls?: number;
  /** Messages that reached people, of those that were due. */
  messages?: number;
  messagesDue?: number;
}

/** One platform's way through the story; the three go side by side. */
export interface Lane {
  platform: PlatformSimulator;
  name: { zh: string; en: string };
  /** How changes get here. */
  channel: { zh: string; en: string };
  connectionId: string;
  figures: Figures;
  /** Whether all its steps so far succeeded; the others go on without one that failed. */
  ok: boolean;
  /** The approval's applicant, who gets the to-do. */
  applicant?: User;
}

/** What every step works with. */
export interface Stage {
  sandbox: Sandbox;
  hostUrl: string;
  /** With the admin token: what an operator of the host does. */
  admin: Client;
  lanes: readonly Lane[];
}

/** A step on all platforms at the same time: each tells its own line, and one that fails drops out. */
export async function onEachPlatform(
  { lanes }: Stage,
  heading: { zh: string; en: string },
  work: (lane: Lane) => Promise<string>,
): Promise<void> {
  title(heading.zh, heading.en);
  await Promise.all(
    lanes
      .filter(({ ok }) => ok)
      .map(async (lane) => {
        try {
          done(lane.name, await work(lane));
        } catch (error) {
          lane.ok = false;
          failed(lane.name, reasonOf(error));
        }
      }),
  );
}

/** The account somebody logs in with on the platform. */
export function accountOf({ externalId, externalIds }: User): string {
  // Feishu people are known by their union id here; the account is another of their ids.
  return externalIds.find(({ type }) => type === 'user_id')?.value ?? externalId;
}

/** With the cause: what undici says of a refused connection is only that the fetch failed. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${reasonOf(error.cause)}`;
}
