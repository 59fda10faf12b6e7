import type { Manifest, UserField } from '@trainbridge/connector-kit';

/** Limits of the guard; CONTRACT "Connection settings" `guard`. */
export interface GuardSettings {
  maxDisabledPercent: number;
  maxMovedPercent: number;
  maxDisabled: number | null;
  minimum: number;
}

export const DEFAULT_GUARD: GuardSettings = {
  maxDisabledPercent: 20,
  maxMovedPercent: 50,
  maxDisabled: null,
  minimum: 10,
};

/** What a run decided by when it began; stored with it, so that a run taken over later, or approved, decides the same. */
export interface RunFacts {
  guard: GuardSettings;
  /** Declared by the connector's manifest: absent from a record means withheld. */
  declaredFields: UserField[];
}

export function declaredFieldsOf(directory: Manifest['directory']): UserField[] {
  // Detail fields come from another call that is not made for everybody: their absence says nothing.
  const details = new Set(directory?.detailFields ?? []);
  return [...new Set(directory?.userFields ?? [])].filter(
    (field) => !details.has(field) && field !== 'customFields',
  );
}

export function guardOf(settings: Partial<GuardSettings> | null | undefined): GuardSettings {
  const told = Object.entries(settings ?? {}).filter(([, value]) => value !== undefined && value !== null);
  return { ...DEFAULT_GUARD, ...(Object.fromEntries(told) as Partial<GuardSettings>) };
}

/** A run as one process works on it. */
export interface RunHandle {
  id: string;
  connectionId: string;
  attempt: number;
}

/** The run was canceled, or another process took it over: stop at once and write nothing more. */
export class RunInterrupted extends Error {
  constructor(runId: string) {
    super(`run ${runId} was canceled or taken over`);
    this.name = 'RunInterrupted';
  }
}

/** PostgreSQL lost its unlogged tables (it crashed): the run has to read again. */
export class StagingLost extends Error {
  constructor(runId: string) {
    super(`what run ${runId} had read is gone; it reads again`);
    this.name = 'StagingLost';
  }
}

/** Somebody the plan speaks of has changed since, or what was read for it is gone: a new run has to look again. */
export class PlanOutdated extends Error {
  constructor(runId: string) {
    super(`the directory changed since run ${runId} was planned`);
    this.name = 'PlanOutdated';
  }
}
