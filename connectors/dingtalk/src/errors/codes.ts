import type { ErrorCode } from '@trainbridge/connector-kit';

/** A token that is dead or was never one; 40001 is also said of a wrong secret (page server-api-error-codes-1). */
export const EXPIRED_TOKEN: ReadonlySet<string> = new Set([
  '40001',
  '40014',
  '42001',
  'InvalidAuthentication',
  'invalidAccessToken',
]);

/** Said of people who left, were never there, or whose id cannot be one. */
export const UNKNOWN_USER: ReadonlySet<string> = new Set(['33012', '60121', '60111']);
export const UNKNOWN_DEPARTMENT: ReadonlySet<string> = new Set(['60003', '40009']);
/** It exists outside the contact range of the app: never a proof of absence. */
export const OUT_OF_RANGE: ReadonlySet<string> = new Set(['50002', '50004']);

/** Closed codes for the vendor's. Both generations in one table: their codes cannot be mistaken for each other. */
const codes: Readonly<Record<string, ErrorCode>> = {
  '-1': 'unavailable', // busy
  '22': 'internal', // no such API
  '404': 'internal', // no such path on the new host
  '33012': 'not_found',
  '60121': 'not_found',
  '60111': 'not_found',
  '60003': 'not_found',
  '40009': 'not_found',
  '40003': 'not_found', // id of an external contact
  '40000': 'internal', // token not sent, the next as well
  '41001': 'internal',
  '40096': 'auth_failed', // app credentials, the next as well
  '40089': 'auth_failed',
  '40029': 'input_invalid', // login code: bad, expired, used
  '42003': 'input_invalid',
  '40078': 'input_invalid',
  '40035': 'internal', // parameters, the next five as well
  '400002': 'internal',
  '40036': 'internal',
  '40068': 'internal',
  '40069': 'internal',
  '41101': 'internal',
  '33009': 'internal', // the wrong kind of token
  '40104': 'input_invalid', // mobile, the next as well
  '60103': 'input_invalid',
  '43007': 'permission_denied',
  '50002': 'permission_denied', // outside the contact range, the next as well
  '50004': 'permission_denied',
  '60011': 'permission_denied', // permission not granted
  '60019': 'permission_denied',
  '400020': 'permission_denied',
  '50003': 'permission_denied', // app stopped
  '40056': 'config_invalid', // agent id, the next as well
  '52019': 'config_invalid',
  '52010': 'config_invalid', // corp id
  '60020': 'permission_denied', // caller's address not listed
  '60102': 'input_invalid', // userid exists
  '60104': 'input_invalid', // mobile in use
  '22005': 'input_invalid', // external contact exists, the next as well
  '60200': 'input_invalid',
  '60112': 'input_invalid', // name
  '60203': 'permission_denied', // quota of external contacts
  '60204': 'internal', // labels left out
  '60205': 'permission_denied', // external contacts not enabled
  // Waiting is no cure before the first of the month.
  '90020': 'permission_denied',
  invalidClientIdOrSecret: 'auth_failed',
  'invalid.client': 'auth_failed',
  'unauthorized.client': 'auth_failed',
  'unsupported.grant.type': 'internal',
  'AuthenticationFailed.MissingParameter': 'internal',
  'Forbidden.AccessDenied.ApiCountLimitForOrg': 'permission_denied',
  'Forbidden.AccessDenied.IpNotInWhiteList': 'permission_denied',
  'invalidParameter.user.notFound': 'not_found',
  processInstanceNotExist: 'not_found',
  processInstanceIdError: 'not_found',
  processCodeError: 'config_invalid',
  needAuth: 'permission_denied',
  processSetupNoPermission: 'permission_denied',
  invalidParameter: 'internal',
  processInstanceInvalidParameter: 'internal',
  invalidMaxResults: 'internal',
  invalidEndTime: 'internal',
  invalidUserIds: 'internal',
  systemError: 'unavailable',
};

/**
 * The closed code, or undefined where only the status can tell. `message` is read where one code stands for several
 * mistakes (to-dos), `path` where its own errors are not documented (a login code used twice).
 */
export function codeFor(code: string, message: string, path: string): ErrorCode | undefined {
  // What the platform calls its errors is its own: `constructor` is no entry of the table.
  if (Object.hasOwn(codes, code)) return codes[code];
  if (isThrottled(code)) return 'rate_limited';
  if (code.startsWith('Forbidden.')) return 'permission_denied';
  if (code.startsWith('todo.')) return todoCode(code, message);
  if (path.endsWith('/oauth2/userAccessToken') && !/^(?:unknownError|server\.error)$/.test(code))
    return 'input_invalid';
  return undefined;
}

/** To-dos: `todo.taskCreate.paramError` and the like; what is wrong stands in the message only. */
function todoCode(code: string, message: string): ErrorCode | undefined {
  if (/not exist/i.test(message)) return 'not_found';
  if (/not belong/i.test(message)) return 'permission_denied';
  if (code.endsWith('.paramError')) return 'input_invalid';
  return /\.(?:lockError|systemError)$/.test(code) ? 'unavailable' : undefined;
}

/** 90001 to 90018 count by app, organisation, address and API; the new API says which in words. */
function isThrottled(code: string): boolean {
  return (
    /^900(?:0[1-9]|1[0-8])$/.test(code) ||
    /^Forbidden\.AccessDenied\.Qp[sm]Limit/.test(code) ||
    code.endsWith('.flowControlError')
  );
}

/** How long to stay away: a second's limit is over after a second; a minute's on average after half of one. */
export function waitFor(code: string): number | undefined {
  if (!isThrottled(code)) return undefined;
  return code.includes('QpmLimit') ? 15_000 : 1_000;
}
