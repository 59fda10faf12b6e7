/**
 * What the sheet could not confirm (section 15, and marks of one source or "unconfirmed" elsewhere), each as
 * a switch. The default is the likelier position; a connector has to live with both.
 */
export interface DingtalkFacts {
  /** `errmsg` of a success: it may be absent (0). */
  errmsgOnSuccess: 'present' | 'absent';
  /** Gateway errors of the old API: captures exist without `sub_code`, its number then stands in `errmsg` only (0.1). */
  subCodeField: 'present' | 'absent';
  /** A header `x-acs-request-id` on answers of the new API (0, 15.8). */
  requestIdHeader: boolean;
  /** Code of a new API whose permission the app lacks. The sheet has only the rest of that answer (0.1). */
  missingScopeCode: string;
  /** A token past its time, in the old API: both codes are in use (1.4). */
  expiredTokenCode: 40014 | 42001;
  /** Does asking again inside the lifetime give the same token, renewed? (1.4, one source) */
  sameTokenOnRepeat: boolean;
  /** Is a wrong client at `{corpId}/token` told as documented, or as it was seen live? (1.3, 15.7) */
  unifiedTokenErrors: 'live' | 'documented';
  /** Does the list of server addresses guard the token endpoints too? (11, 15.8) */
  tokenIpChecked: boolean;
  /** Largest `size` of `user/list` (15.5). */
  userListMax: number;
  /** Somebody who does not exist; three codes are in use (3.1, 12). */
  unknownUserCode: 33012 | 60121 | 60111;
  /** Somebody outside the contact range at `getbyunionid`: 50002, or answered like everybody. */
  unionIdRangeChecked: boolean;
  /** `parent_id` of the root department (2). */
  rootParentId: 'absent' | 0;
  /** An education organisation: a pseudo department -1 stands under the root, with pupils in it (2). */
  homeSchoolBook: boolean;
  /** HTTP events as recorded (`UserId`, `TimeStamp`, no event id) or as documented (15.1). */
  eventForm: 'recorded' | 'documented';
  /** Under which names the signature stands in the query of a callback (4.2). */
  signatureNames: 'both' | 'signature' | 'msg_signature';
  /** Milliseconds the receiver has for `check_url` and for an event (4.2, 15.2). */
  answerLimitMs: number;
  /** Milliseconds before the second and the third attempt of a callback (4.2). */
  retrySpacingMs: readonly [number, number];
  /** Milliseconds after which a failed event can be read from the list of failures (4.2). */
  failedAfterMs: number;
  /** Are changes that came in through the API announced like those made in the console? */
  announcesApiChanges: boolean;
  /** Milliseconds before each redelivery of an event nobody acknowledged; the last one repeats (4.8). */
  redeliveryMs: readonly number[];
  /** Does a new connection get SYSTEM `CONNECTED` and `REGISTERED`? (4.8, one source) */
  streamGreets: boolean;
  /** Milliseconds between SYSTEM pings. */
  streamPingMs: number;
  /** Milliseconds between SYSTEM `disconnect` and the end of the connection (4.8). */
  disconnectGraceMs: number;
  /** The redirect after login: both names of the code, or only the older one (5.1). */
  loginCodeNames: 'both' | 'authCode';
  /** A login code used twice, at `userAccessToken` (15.7). */
  usedLoginCodeError: string;
  /** How many ids `userid_list` of a notification may hold (6, 15.6). */
  notificationUserMax: number;
  /** A wrong `agent_id` (6). */
  wrongAgentCode: 40056 | 52019;
  /** People in to-dos as they are read: short internal numbers were seen (7). */
  todoReadIds: 'internal' | 'unionId';
  /** Is the source id of a to-do free again once the to-do is deleted? */
  todoSourceFreedByDelete: boolean;
  /** `type` of `bpms_instance_change` for a deleted instance (15.4). */
  deletedApprovalType: string;
  /** Does an update of an external contact clear the optional fields it leaves out? (15.9) */
  contactUpdateClears: boolean;
}

export const defaultFacts: DingtalkFacts = {
  errmsgOnSuccess: 'present',
  subCodeField: 'present',
  requestIdHeader: false,
  missingScopeCode: 'Forbidden.AccessDenied.AccessTokenPermissionDenied',
  expiredTokenCode: 42001,
  sameTokenOnRepeat: true,
  unifiedTokenErrors: 'live',
  tokenIpChecked: false,
  userListMax: 100,
  unknownUserCode: 33012,
  unionIdRangeChecked: false,
  rootParentId: 'absent',
  homeSchoolBook: false,
  eventForm: 'recorded',
  signatureNames: 'both',
  answerLimitMs: 2500,
  retrySpacingMs: [10_000, 30_000],
  failedAfterMs: 180_000,
  announcesApiChanges: true,
  redeliveryMs: [10_000, 30_000, 60_000, 120_000],
  streamGreets: true,
  streamPingMs: 30_000,
  disconnectGraceMs: 10_000,
  loginCodeNames: 'both',
  usedLoginCodeError: 'invalidParameter.authCode.notFound',
  notificationUserMax: 100,
  wrongAgentCode: 40056,
  todoReadIds: 'internal',
  todoSourceFreedByDelete: false,
  deletedApprovalType: 'delete',
  contactUpdateClears: false,
};
