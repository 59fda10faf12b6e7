import type { JsonObject } from '@trainbridge/connector-kit';

export interface StagedMembership {
  isPrimary?: boolean;
  isLeader?: boolean;
  order?: number;
}

/** A person as the planner wants them: checked, and with a key in `content` exactly when the platform told it. */
export interface StagedUser {
  key: string;
  id: string;
  /** The id this person gets if the plan turns out to create them. */
  newId: string;
  idOnly: boolean;
  /** Set by event runs: why this person counts as gone. */
  gone: string | null;
  content: JsonObject;
  /** By the department's external id. */
  memberships: Record<string, StagedMembership>;
  raw: JsonObject;
}

export interface StagedDepartment {
  id: string;
  newId: string;
  idOnly: boolean;
  gone: string | null;
  content: JsonObject;
  parent: string | null;
  raw: JsonObject;
}

export interface Rejection {
  kind: 'user' | 'department' | 'customer';
  /** Equal for every answer about the same record, so it is counted once. */
  key: string;
  externalId: string | null;
  reason: string;
  raw: unknown;
}

/** Everything a page, or many pages, come to; written in one transaction with the cursors they were read by. */
export interface StagedBatch {
  users: StagedUser[];
  departments: StagedDepartment[];
  rejected: Rejection[];
}
