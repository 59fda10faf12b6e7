import type { UserField } from '@trainbridge/connector-kit';

/** One field of a user that staging, planning and applying treat alike: its API name is its key in staged content. */
export interface UserColumn {
  field: Exclude<UserField, 'status' | 'customFields'>;
  column: string;
  /** Longer values make the record rejected: characters. */
  maxLength: number;
}

export const USER_COLUMNS: readonly UserColumn[] = [
  { field: 'displayName', column: 'display_name', maxLength: 200 },
  { field: 'employeeNumber', column: 'employee_number', maxLength: 128 },
  { field: 'workEmail', column: 'work_email', maxLength: 320 },
  { field: 'mobile', column: 'mobile', maxLength: 64 },
  { field: 'jobTitle', column: 'job_title', maxLength: 500 },
  { field: 'managerExternalId', column: 'manager_external_id', maxLength: 256 },
  { field: 'avatarUrl', column: 'avatar_url', maxLength: 2048 },
];

/** Ids compare without case, as platforms compare them, and are kept as given. */
export function keyOf(externalId: string): string {
  return externalId.toLowerCase();
}
