import {
  ConnectorError,
  isConnectorError,
  isJsonObject,
  type Classification,
  type ErrorCode,
  type HttpRequest,
  type HttpResponse,
  type JsonObject,
  type JsonValue,
  type VendorErrorData,
} from '@trainbridge/connector-kit';
import { adviceFor } from './errors/advice.js';

/**
 * Closed codes for the vendor's; what is not listed is `bad_response`, or `unavailable` at a status from 500 up. The pages
 * are those of the API families: api-call-guide (99…), authen-v1, contact-v3, im-v1, task-v2, approval-v4, bitable-v1.
 */
const codes: Readonly<Partial<Record<ErrorCode, readonly number[]>>> = {
  config_invalid: [
    10003, 10014, // token endpoint: parameters, unknown app
    20009, 20048, 20069, // login: not installed, unknown, disabled
    20029, 20071, // login: redirect address
    20027, 20046, // login: scope not enabled, brand
    99991662, 99991673, // app disabled, unusable in this company
    1254003, 1254004, 1254040, 1254041, 1254045, 1254015, 91402, // base, table, field name and type
    1254060, 1254061, 1254062, 1254063, 1254064, 1254065, 1254066, 1254067, 1254068, 1254069, // values of a field
    1254103, // the table is full
    41044, 41045, // custom field and its id
  ],
  auth_failed: [10015, 20002, 99991543, 99991668, 99991669, 99991677, 20005],
  permission_denied: [
    99991672, 99991676, 99991679, // scopes
    99991401, 99991403, // address, monthly quota
    40004, 40014, 41050, 41056, // contacts
    20010, 20021, 20022, 20023, 20066, // login: may not use the app, resigned, frozen, not registered, unusable
    230002, 230006, 230013, 230027, 230035, 230038, 230053, // messages
    1470403, 1390004, 1390009,
    1254027, 1254302, 1254304, 1254306, 1254608, 91403, // document rights
    44053, // managed by another data source
  ],
  input_invalid: [
    20001, 20003, 20004, 20008, 20024, 20049, 20065, // login: the code and what belongs to it
    40001, 40011, 43007, 99992402, 99992361, 99992364, 99992381,
    42006, 44002, 44010, 44011, 44051, 41046, 41047, 41048,
    230001, 230022, 230025, 230028, 230029, 230034, 230099,
    1470400, 1470603, 1470610, 1470613, 1390001, 1254104, 1254130, 1254037,
  ],
  not_found: [
    99992351, 99992352, 99992353, 99992354, 99992355, 99992356, 99992359, 99992360, 99992362, 99992363, // people
    99992357, 99992358, 99992379, 99992380, // departments
    40008, 40015, 1470404, 1390002, 1390003, 1254043,
  ],
  rate_limited: [99991400, 230020, 230049, 1254290, 1254291, 44025],
  unavailable: [2200, 20050, 20072, 40003, 1470422, 1470500, 1395001, 1254036, 1254607, 1255040],
  cursor_expired: [40012],
  internal: [99991661, 99991671, 99991201, 99991301, 20036, 20063, 20067, 20070],
}; // prettier-ignore

/** `POST /callback/ws/endpoint` has small numbers of its own. */
const longConnectionCodes: Readonly<Record<number, ErrorCode>> = {
  1: 'unavailable', // busy
  403: 'permission_denied',
  514: 'auth_failed',
  1000040343: 'unavailable', // internal
  1000040350: 'rate_limited', // more than 50 connections of this app
};
export const LONG_CONNECTION_PATH = '/callback/ws/endpoint';

/** Where the platform names no time to wait. */
const waits: Readonly<Record<number, number>> = {
  230020: 1_000, // five messages a second for one person
  1254291: 500, // one write at a time for one table
  44025: 500,
  1000040350: 60_000,
};

const byNumber = new Map<number, ErrorCode>();
for (const [code, numbers] of Object.entries(codes)) {
  for (const number of numbers) byNumber.set(number, code as ErrorCode);
}

/** Dead before its time (99991663, also "this API takes no such token"), of an app (…64) or of a company (…65). */
const expired = new Set([99991663, 99991664, 99991665]);

/**
 * What an answer means: `code` alone decides, at any status, because some families say 200 with an error inside, others 400
 * and only some 429 (api-call-guide/generic-error-code). Where there is no `code`, the status speaks.
 */
export function classify(response: HttpResponse, request: HttpRequest): Classification {
  const { body, status, headers } = response;
  const told = isJsonObject(body) ? numberOf(body.code) : undefined;
  if (!isJsonObject(body) || told === null || (told === undefined && status >= 400)) {
    const what = isJsonObject(body) ? `status ${status}` : 'not a JSON object';
    return { outcome: 'error', code: gatewayCode(status), vendorMessage: what };
  }
  // Flat OAuth answers may leave it out when all is well.
  if (told === 0 || told === undefined) return { outcome: 'ok' };
  const vendor = vendorData(told, body, headers);
  if (expired.has(told) && request.token !== undefined) return { outcome: 'token_expired', ...vendor };
  const advice = adviceFor(told, body);
  const retryAfterMs = waitOf(headers) ?? waits[told];
  return {
    outcome: 'error',
    code: codeOf(told, status, request),
    ...vendor,
    ...(advice ? { advice } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** The vendor's code of an error, for the few places where two codes of one kind mean different things. */
export function vendorCodeOf(error: unknown): number | undefined {
  if (!isConnectorError(error) || error.data.vendorCode === undefined) return undefined;
  return Number(error.data.vendorCode);
}

/** For an answer that says `code` 0 and lacks what the call is made for: never to be taken for an empty list. */
export function missing(endpoint: string, what: string): ConnectorError {
  return new ConnectorError('bad_response', `${endpoint} answered without ${what}.`);
}

function codeOf(told: number, status: number, request: HttpRequest): ErrorCode {
  const own = request.url.endsWith(LONG_CONNECTION_PATH) ? longConnectionCodes[told] : undefined;
  if (own) return own;
  if (expired.has(told)) return 'auth_failed';
  return byNumber.get(told) ?? gatewayCode(status);
}

function gatewayCode(status: number): ErrorCode {
  if (status === 429) return 'rate_limited';
  return status >= 500 ? 'unavailable' : 'bad_response';
}

/** Undefined when it is not there, null when it is no number. */
function numberOf(value: JsonValue | undefined): number | null | undefined {
  if (value === undefined || value === null) return undefined;
  const number = typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null;
}

/** Seconds until the window of a limit is over (api-call-guide/frequency-control). */
function waitOf(headers: Record<string, string>): number | undefined {
  const seconds = Number(headers['x-ogw-ratelimit-reset'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}

const MAX_MESSAGE = 300;

function vendorData(code: number, body: JsonObject, headers: Record<string, string>): VendorErrorData {
  const error = isJsonObject(body.error) ? body.error : {};
  const said = [body.msg, body.error_description, body.error].find((text) => typeof text === 'string');
  const trace = [headers['x-tt-logid'], error.log_id, error.logid, headers['x-request-id']].find(
    (id): id is string => typeof id === 'string' && /^[0-9A-Za-z_-]{1,80}$/.test(id),
  );
  const message = (said ?? '').slice(0, 4 * MAX_MESSAGE).replace(/\p{Cc}+/gu, ' ');
  return {
    vendorCode: String(code),
    ...(message ? { vendorMessage: message.slice(0, MAX_MESSAGE) } : {}),
    ...(trace ? { vendorRequestId: trace } : {}),
  };
}
