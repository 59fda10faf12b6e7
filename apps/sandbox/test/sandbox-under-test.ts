import type { WecomFacts } from '@trainbridge/sandbox';

export { startSandbox, type Sandbox } from '@trainbridge/sandbox';

/** The positions that the tests below take for granted, to be put back after a test took another. */
export const defaultFactsForTests: Partial<WecomFacts> = {
  rootParentId: 0,
  listIdWrongTokenCode: 48002,
  emptyRangeDepartmentList: 'empty',
  directLeaderMax: 1,
  thumbAvatarWithheld: true,
  invisibleDepartmentCode: 60011,
  invisibleUserCode: 60011,
  unknownDepartmentCode: 60003,
  lastCursor: 'empty',
  enableField: true,
  legacyFields: true,
};
