import {
  ConnectorError,
  isConnectorError,
  isJsonObject,
  type Classification,
  type ErrorCode,
  type HttpRequest,
  type HttpResponse,
  type ItemOutcome,
  type VendorErrorData,
} from '@trainbridge/connector-kit';
import { adviceFor, recipientsAdvice } from './errors/advice.js';

/** Closed codes for the vendor's; what is not listed is `bad_response` (D-90313). */
export const codes: Readonly<Record<number, ErrorCode>> = {
  [-1]: 'unavailable', // system busy
  6000: 'unavailable', // data version conflict
  40003: 'not_found', // a userid that cannot exist
  40013: 'config_invalid', // corpid
  40029: 'input_invalid', // login code reused or older than 5 minutes
  40031: 'input_invalid', // list of userids
  40032: 'input_invalid', // length of that list
  40035: 'internal', // parameters, the next two as well
  40058: 'internal',
  40063: 'internal',
  40056: 'config_invalid', // agentid
  40066: 'not_found', // department, the next two as well
  60003: 'not_found',
  60123: 'not_found',
  40068: 'not_found', // tag
  40070: 'input_invalid', // every target of a tag
  40071: 'input_invalid', // name of a tag exists
  40072: 'input_invalid', // length of a tag's name
  40096: 'not_found', // external_userid
  40126: 'permission_denied', // quota of customer tags
  41001: 'internal', // access_token not sent
  41002: 'config_invalid', // corpid not sent
  41004: 'config_invalid', // secret not sent
  42003: 'input_invalid', // login code expired
  42022: 'input_invalid', // login code used
  42052: 'input_invalid', // a message of more than 24 hours ago cannot be taken back
  45002: 'input_invalid', // message too large
  45009: 'rate_limited',
  45024: 'permission_denied', // quota of members
  45029: 'bad_response', // the answer would be too large: `directory` walks another way
  45033: 'rate_limited', // too many at one time
  45035: 'rate_limited', // conflict of concurrent operations
  45036: 'rate_limited',
  46004: 'not_found', // nobody with this mobile or email
  48001: 'permission_denied',
  48002: 'permission_denied',
  48006: 'permission_denied',
  48009: 'permission_denied',
  48010: 'config_invalid', // TLS version
  48011: 'permission_denied',
  50001: 'config_invalid', // redirect domain
  50002: 'permission_denied', // outside the visible range, 60011 and 60021 as well
  60011: 'permission_denied',
  60021: 'permission_denied',
  50003: 'permission_denied', // app disabled
  50100: 'cursor_expired',
  60020: 'permission_denied', // caller's address not trusted
  60102: 'input_invalid', // userid exists
  60104: 'input_invalid', // mobile in use
  60106: 'input_invalid', // email in use
  60145: 'input_invalid', // company mailbox in use
  60111: 'not_found', // userid; also said of people just outside the visible range
  60132: 'internal',
  60140: 'input_invalid', // response_code of a card
  80001: 'config_invalid', // domain without ICP filing
  81011: 'permission_denied', // somebody else's tag
  81013: 'not_found', // nobody of the recipients is in range
  84014: 'input_invalid', // user_ticket expired
  84015: 'input_invalid',
  84061: 'not_found', // no relation between employee and customer
  85002: 'input_invalid', // forbidden words
  301002: 'config_invalid', // token of another app
  301025: 'internal', // approval parameters
  301055: 'permission_denied',
};

/**
 * How long to stay away. A shut window opens again at the end of its minute (D-90312), which is on average half a
 * minute off: a quarter of it, tried a few times by the host, wastes less time than always waiting it out.
 */
const waits: Readonly<Record<number, number>> = { 45009: 15_000, 45033: 2_000, 45035: 5_000, 45036: 5_000 };

/**
 * What an answer means: `errcode` alone decides, and a missing one is 0 (D-90313). Only where there is no `errcode` and
 * a gateway's status, the status speaks. 40001 is WeCom's word for a bad secret, and at times for a dead token: on a call
 * that carried a token it is worth one fresh token, never more.
 */
export function classify(response: HttpResponse, request: HttpRequest): Classification {
  const { body, status } = response;
  if (!isJsonObject(body)) {
    return {
      outcome: 'error',
      code: gatewayCode(status) ?? 'bad_response',
      vendorMessage: 'not a JSON object',
    };
  }
  const errmsg = typeof body.errmsg === 'string' ? body.errmsg : '';
  if (body.errcode === undefined || body.errcode === null) {
    const code = gatewayCode(status);
    return code ? { outcome: 'error', code, vendorMessage: `status ${status}` } : { outcome: 'ok' };
  }
  const errcode = Number(body.errcode);
  if (!Number.isSafeInteger(errcode) || typeof body.errcode === 'boolean' || body.errcode === '') {
    return { outcome: 'error', code: 'bad_response', vendorMessage: 'errcode is not a number' };
  }
  if (errcode === 0) return { outcome: 'ok' };
  const vendor = vendorData(errcode, errmsg);
  if (errcode === 40014 || errcode === 42001 || (errcode === 40001 && request.token !== undefined)) {
    return { outcome: 'token_expired', ...vendor };
  }
  const advice = adviceFor(errcode, errmsg);
  const retryAfterMs = waits[errcode];
  return {
    outcome: 'error',
    code: errcode === 40001 ? 'auth_failed' : (codes[errcode] ?? 'bad_response'),
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

/** The outcome of an item whose call failed; what is no error of the platform is a bug of ours and goes on its way. */
export function failedItem(key: string, error: unknown): ItemOutcome {
  if (!isConnectorError(error)) throw error;
  return { key, status: 'failed', error: error.data };
}

/** The outcome of an item for somebody WeCom did not take: they left, or are out of sight; it says no more than that. */
export function unreachableItem(key: string): ItemOutcome {
  const message = 'WeCom does not reach this person: they left, or are outside the app’s visible range.';
  return { key, status: 'failed', error: { code: 'not_found', message, advice: recipientsAdvice } };
}

/** For an answer that says `errcode` 0 and lacks what the call is made for: never to be taken for an empty list. */
export function missing(endpoint: string, what: string): ConnectorError {
  return new ConnectorError('bad_response', `${endpoint} answered without ${what}.`);
}

function gatewayCode(status: number): ErrorCode | undefined {
  if (status >= 500) return 'unavailable';
  if (status === 429) return 'rate_limited';
  return status >= 200 && status < 300 ? undefined : 'bad_response';
}

const MAX_MESSAGE = 300;

function vendorData(errcode: number, errmsg: string): VendorErrorData {
  // `hint: [1712…]`, or the older `hint: [1712…_5_32 hex]`: what WeCom's support asks for.
  const hint = /hint: ?\[([0-9A-Za-z_]{1,80})\]/.exec(errmsg)?.[1];
  const message = printable(errmsg).slice(0, MAX_MESSAGE);
  return {
    vendorCode: String(errcode),
    ...(message ? { vendorMessage: message } : {}),
    ...(hint ? { vendorRequestId: hint } : {}),
  };
}

function printable(text: string): string {
  return text.slice(0, 4 * MAX_MESSAGE).replace(/\p{Cc}+/gu, ' ');
}
