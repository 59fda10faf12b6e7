const USER = [
  'id',
  'personId',
  'connectionId',
  'externalId',
  'externalIds',
  'employeeNumber',
  'displayName',
  'workEmail',
  'mobile',
  'jobTitle',
  'managerId',
  'status',
  'memberships',
  'avatarUrl',
  'customFields',
  'withheldFields',
  'createdAt',
  'updatedAt',
  'disabledAt',
  'disabledReason',
];

const DEPARTMENT = [
  'id',
  'connectionId',
  'externalId',
  'externalIds',
  'name',
  'code',
  'parentId',
  'order',
  'path',
  'pathIds',
  'leaderIds',
  'status',
  'createdAt',
  'updatedAt',
  'disabledAt',
];

const CUSTOMER = [
  'id',
  'connectionId',
  'externalId',
  'externalIds',
  'displayName',
  'ownerUserIds',
  'tags',
  'createdAt',
  'updatedAt',
];

const TAG = ['id', 'name', 'group'];

const MEMBERSHIP = ['departmentId', 'isPrimary', 'isLeader', 'order'];

/** jsonb forgets the order of keys; whoever reads an answer with curl wants the id first and the times last. */
export function userInOrder<T extends object>(user: T): T {
  const ordered = inOrder(user, USER) as { memberships?: unknown };
  if (Array.isArray(ordered.memberships)) {
    ordered.memberships = ordered.memberships.map((membership: object) => inOrder(membership, MEMBERSHIP));
  }
  return ordered as T;
}

export function departmentInOrder<T extends object>(department: T): T {
  return inOrder(department, DEPARTMENT);
}

export function customerInOrder<T extends object>(customer: T): T {
  const ordered = inOrder(customer, CUSTOMER) as { tags?: unknown };
  if (Array.isArray(ordered.tags)) ordered.tags = ordered.tags.map((tag: object) => inOrder(tag, TAG));
  return ordered as T;
}

/** Keys that `order` does not name come last. */
function inOrder<T extends object>(record: T, order: readonly string[]): T {
  const ordered: Record<string, unknown> = {};
  const values = record as Record<string, unknown>;
  for (const key of order) if (key in values) ordered[key] = values[key];
  return { ...ordered, ...record };
}
