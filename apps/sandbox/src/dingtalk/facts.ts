/**
 * What pages, recordings and SDKs disagree on or do not say, each as a switch. The default is the likelier
 * position; a connector has to live with both.
 */
export interface DingtalkFacts {
  /** `errmsg` of a success: it may be absent. */
  errmsgOnSuccess: 'present' | 'absent';
  /** Gateway errors of the old API: captures exist without `sub_code`, its number then stands in `errmsg` only. */
  subCodeField: 'present' | 'absent';
  /** A header `x-acs-request-id` on answers of the new API. */
  requestIdHeader: boolean;
  /** Code of a new API whose permission the app lacks. Of that answer only the rest is sure. */
  missingScopeCode: string;
  /** A token past its time, in the old API: both codes are in use. */
  expiredTokenCode: 40014 | 42001;
  /** Does asking again inside the lifetime give the same token, renewed? (one source says so) */
  sameTokenOnRepeat: boolean;
  /** Is a wrong client at `{corpId}/token` told as documented, or as it was seen live? */
  unifiedTokenErrors: 'live' | 'documented';
  /** Does the list of server addresses guard the token endpoints too? */
  tokenIpChecked: boolean;
  /** Largest `size` of `user/list`. */
  userListMax: number;
  /** Somebody who does not exist; three codes are in use. */
  unknownUserCode: 33012 | 60121 | 60111;
  /** Somebody outside the contact range at `getbyunionid`: 50002, or answered like everybody. */
  unionIdRangeChecked: boolean;
  /** `parent_id` of the root department. */
  rootParentId: 'absent' | 0;
  /** An education organisation: a pseudo department -1 stands under the root, with pupils in it. */
  homeSchoolBook: boolean;
  /** HTTP events as recorded (`UserId`, `TimeStamp`, no event id) or as documented. */
  eventForm: 'recorded' | 'documented';
  /** Under which names the signature stands in the query of a callback. */
  signatureNames: 'both' | 'signature' | 'msg_signature';
  /** Milliseconds the receiver has for `check_url` and for an event. */
  answerLimitMs: number;
  /** Milliseconds before the second and the third attempt of a callback. */
  retrySpacingMs: readonly [number, number];
  /** Milliseconds after which a failed event can be read from the list of failures. */
  failedAfterMs: number;
  /** Are changes that came in through the API announced like those made in the console? */
  announcesApiChanges: boolean;
  /** Milliseconds before each redelivery of an event nobody acknowledged; the last one repeats. */
  redeliveryMs: readonly number[];
  /** Does a new connection get SYSTEM `CONNECTED` and `REGISTERED`? (one source says so) */
  streamGreets: boolean;
  /** Milliseconds between SYSTEM pings. */
  streamPingMs: number;
  /** Milliseconds between SYSTEM `disconnect` and the end of the connection. */
  disconnectGraceMs: number;
  /** The redirect after login: both names of the code, or only the older one. */
  loginCodeNames: 'both' | 'authCode';
  /** A login code used twice, at `userAccessToken`. */
  usedLoginCodeError: string;
  /** How many ids `userid_list` of a notification may hold. */
  notificationUserMax: number;
  /** A wrong `agent_id`. */
  wrongAgentCode: 40056 | 52019;
  /** People in to-dos as they are read: short internal numbers were seen. */
  todoReadIds: 'internal' | 'unionId';
  /** Is the source id of a to-do free again once the to-do is deleted? */
  todoSourceFreedByDelete: boolean;
  /** `type` of `bpms_instance_change` for a deleted instance. */
  deletedApprovalType: string;
  /** Does an update of an external contact clear the optional fields it leaves out? */
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
