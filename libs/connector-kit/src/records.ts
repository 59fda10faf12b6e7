import type { JsonObject } from './json.js';

/** Another id a platform gives the same thing, such as `{ type: 'open_id', value: 'ou_…' }`. */
export interface ExternalId {
  type: string;
  value: string;
}

export type UserStatus = 'active' | 'pending' | 'disabled';

export interface Membership {
  departmentId: string;
  isPrimary?: boolean;
  isLeader?: boolean;
  /** Smaller comes first, whatever the platform's own direction is. Any finite number: platforms use up to 64 bits. */
  order?: number;
}

/**
 * An employee as one listing or lookup shows them.
 *
 * Three states per field, and they are not the same: a value; `null`: the platform says it is empty; key absent: this
 * answer does not tell (not permitted, or not part of it). An absent key never blanks what is stored, and is listed in
 * `withheldFields` when the manifest declares the field.
 *
 * Records of one run with the same `externalId` are merged: memberships unite by department, and in the record as in each
 * membership a present key beats an absent one. A record that tells something beats `idOnly`.
 */
export interface UserRecord {
  externalId: string;
  /**
   * The platform says this person exists, and nothing else can be read about them. Such a record keeps a stored person
   * from being disabled and adds memberships, but never creates anybody.
   */
  idOnly?: true;
  externalIds?: ExternalId[];
  displayName?: string | null;
  employeeNumber?: string | null;
  workEmail?: string | null;
  /** E.164. */
  mobile?: string | null;
  jobTitle?: string | null;
  managerExternalId?: string | null;
  status?: UserStatus;
  avatarUrl?: string | null;
  customFields?: JsonObject;
  memberships?: Membership[];
  /** The platform's own record; mappings read it. Without secrets. */
  raw: JsonObject;
}

export interface DepartmentRecord {
  externalId: string;
  /** See UserRecord.idOnly. */
  idOnly?: true;
  externalIds?: ExternalId[];
  name?: string | null;
  code?: string | null;
  /** Null for the root. A parent outside what the app may see is tolerated: the department becomes a root. */
  parentExternalId?: string | null;
  /** Smaller comes first. */
  order?: number;
  leaderExternalIds?: string[];
  raw: JsonObject;
}

/** Fields of a user a mapping may set, and a manifest may declare as readable. */
export const USER_FIELDS = [
  'displayName',
  'employeeNumber',
  'workEmail',
  'mobile',
  'jobTitle',
  'managerExternalId',
  'status',
  'avatarUrl',
  'customFields',
] as const;
export type UserField = (typeof USER_FIELDS)[number];

export const DEPARTMENT_FIELDS = ['name', 'code', 'order'] as const;
export type DepartmentField = (typeof DEPARTMENT_FIELDS)[number];

/** A record the connector could not understand: reported, makes the run `partial`, never ends it. */
export interface RejectedRecord {
  externalId: string | null;
  reason: string;
  raw: JsonObject;
}

export interface Page<T> {
  items: T[];
  rejected: RejectedRecord[];
  /** Opaque, small, stored by the host; null exactly when `done`. */
  cursor: string | null;
  done: boolean;
}

/**
 * The answer to "what is this id now?". Only `gone` is proof of absence; `notVisible` means the platform says it exists
 * or may exist outside what the app may see; `unknown` means it cannot tell the two apart.
 */
export type Lookup<T> =
  | { externalId: string; status: 'found'; record: T }
  | { externalId: string; status: 'gone' | 'notVisible' | 'unknown' };

/**
 * An SCRM contact; never mixed with users. Some platforms list one row per owner: records of one run with the same
 * `externalId` are merged, owners, tags and other ids unite.
 */
export interface CustomerRecord {
  externalId: string;
  externalIds?: ExternalId[];
  displayName?: string | null;
  ownerExternalIds?: string[];
  tags?: { id: string; name: string; group?: string }[];
  raw: JsonObject;
}

/** An approval or other process that may ask for learning. */
export interface TaskRecord {
  externalId: string;
  /** The platform's definition or template id. */
  kind: string;
  title: string;
  status: 'open' | 'approved' | 'rejected' | 'withdrawn' | 'deleted';
  /** External id of a user, or `type:value` where the platform names people by another id (`open_id:ou_…`). */
  applicantExternalId: string | null;
  /** Form fields by their label, values as the platform gives them. */
  form: JsonObject;
  /** ISO 8601. */
  updatedAt: string;
  raw: JsonObject;
}
