/**
 * What the sheet could not confirm (section 12, and marks of one source in sections 1, 2, 4, 6 and 7), each as a
 * switch. The default is the likelier position; a connector has to live with both.
 */
export interface WecomFacts {
  /** `parentid` of the root department (2.4, 12.9). */
  rootParentId: 0 | 'absent';
  /** `user/list_id` called with an app's token (12.5). */
  listIdWrongTokenCode: number;
  /** Does the list of trusted addresses guard `gettoken` too? (12.6) */
  gettokenIpChecked: boolean;
  /** Does `gettoken` answer the same token again while it is valid? (12.6) */
  sameTokenOnRepeat: boolean;
  /** Only when `sameTokenOnRepeat` is false: does the new token end the older one? */
  newTokenRevokesOld: boolean;
  /** Is `errcode` 0 sent with a token, or left out? (1) */
  gettokenErrcode: 'present' | 'absent';
  /** `department/list` and `simplelist` for an app that sees people but no department (12.12). */
  emptyRangeDepartmentList: 'empty' | 'error';
  /** How many direct leaders a record shows (12.3). */
  directLeaderMax: number;
  /** How many departments a write may name (12.3). */
  departmentMax: number;
  /** Is `thumb_avatar` withheld like `avatar`? (12.9) */
  thumbAvatarWithheld: boolean;
  /** A department outside the visible range (pitfall 6, inferred). */
  invisibleDepartmentCode: number;
  /** A person outside the visible range; both codes are in use (1.2). */
  invisibleUserCode: 60011 | 60111;
  /** A department that does not exist; three codes are in use (1.2). */
  unknownDepartmentCode: 60003 | 60123 | 40066;
  /** How the last page of `user/list_id` says so (2.1). */
  lastCursor: 'empty' | 'absent';
  /** `enable`: seen live, missing on the page (2.2). */
  enableField: boolean;
  /** `isleader`, `hide_mobile`, `english_name`: deprecated, still seen live (2.2). */
  legacyFields: boolean;
  /** The two forms of the hint in `errmsg` (1). */
  hintForm: 'digits' | 'dated';
  /** Does a write of some extended attributes wipe the others? (12.4) */
  partialExtattrWipes: boolean;
  /** Is a callback answered with something other than 200 sent again? The pages disagree (12.1). */
  retryOnNon200: boolean;
  /** Milliseconds before the second and the third attempt of a callback (12.1). */
  retrySpacingMs: readonly [number, number];
  /** New nonce, time and random bytes for each attempt, or the same bytes again? (12.2) */
  reencryptOnRetry: boolean;
  /** Content type of callbacks (12.11). */
  callbackContentType: string;
  /** `ChangeType` with or without CDATA (4.4). */
  changeTypeCdata: boolean;
  /** How `update_tag` shows a list without entries (12.8). */
  emptyTagItems: 'absent' | 'empty';
  /** What a login code used twice or too late is called; three codes are in use (1.2). */
  spentLoginCodes: 'invalid' | 'named';
  /** `externalcontact/list` of a member without customers (7.1). */
  customersOfNobody: 'empty' | 'refused';
  /** `fail_info` in `externalcontact/batch/get_by_user` (12.9). */
  batchFailInfo: boolean;
  /** A member out of view among those of a batch: is the batch refused, or are they left out? (7.1) */
  invisibleFollowerInBatch: 'refused' | 'skipped';
  /** Does `externalcontact/get` still list a follower who let the customer go? (pitfall 11) */
  formerFollowerLingers: boolean;
  /** `TagType` of `change_external_tag` for a tag and for a group (12.8). */
  customerTagTypes: readonly [tag: string, group: string];
  /** `process_list` and `ProcessList` beside the records of an approval (7.2, 4.6). */
  approvalProcessList: boolean;
  /** `SpNoStr` in approval events, since 2025-06 (4.6). */
  approvalNumberText: boolean;
  /** A text of a card longer than the page allows: cut like a text message, or refused with 45002? (6) */
  overlongCardText: 'cut' | 'refused';
  /** Is the description of a textcard measured in characters or in bytes? (6) */
  textcardUnit: 'characters' | 'bytes';
  /** A message the duplicate check drops: does it answer the first one's `msgid`, or one of its own? (6) */
  duplicateMsgid: 'first' | 'own';
}

export const defaultFacts: WecomFacts = {
  rootParentId: 0,
  listIdWrongTokenCode: 48002,
  gettokenIpChecked: false,
  sameTokenOnRepeat: true,
  newTokenRevokesOld: false,
  gettokenErrcode: 'present',
  emptyRangeDepartmentList: 'empty',
  directLeaderMax: 1,
  departmentMax: 100,
  thumbAvatarWithheld: true,
  invisibleDepartmentCode: 60011,
  invisibleUserCode: 60011,
  unknownDepartmentCode: 60003,
  lastCursor: 'empty',
  enableField: true,
  legacyFields: true,
  hintForm: 'digits',
  partialExtattrWipes: false,
  retryOnNon200: false,
  retrySpacingMs: [1000, 3000],
  reencryptOnRetry: true,
  callbackContentType: 'text/xml',
  changeTypeCdata: false,
  emptyTagItems: 'absent',
  spentLoginCodes: 'invalid',
  customersOfNobody: 'refused',
  batchFailInfo: false,
  invisibleFollowerInBatch: 'refused',
  formerFollowerLingers: false,
  customerTagTypes: ['tag', 'tag_group'],
  approvalProcessList: true,
  approvalNumberText: true,
  overlongCardText: 'cut',
  textcardUnit: 'characters',
  duplicateMsgid: 'first',
};
