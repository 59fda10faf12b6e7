import { isJsonObject, type JsonObject } from '@trainbridge/connector-kit';
import { call, listOf, type VendorPage, type WecomContext } from '../api.js';
import { missing } from '../errors.js';
import { cursorIn } from './paging.js';

/** Numbers per page of `oa/getapprovalinfo`: the most it gives (D-91816). */
const NUMBERS_PER_PAGE = 100;

/** A stretch of time, at most 31 days; seconds since the epoch, for WeCom takes milliseconds for a parameter error. */
export interface Window {
  from: number;
  until: number;
}

/**
 * One page of the numbers of approvals submitted in a window. A page may be short or empty and still not be the last:
 * applicants out of the visible range are taken out after the page was cut (D-91816).
 */
export async function listApprovals(
  context: WecomContext,
  window: Window,
  cursor: string | null,
  size = NUMBERS_PER_PAGE,
): Promise<VendorPage> {
  const endpoint = 'oa/getapprovalinfo';
  const payload = await call(context, 'app', endpoint, {
    json: {
      starttime: String(window.from),
      endtime: String(window.until),
      new_cursor: cursor ?? '',
      size,
    },
    retry: 'safe',
  });
  return {
    rows: listOf(payload, 'sp_no_list', endpoint),
    next: cursorIn(payload, 'new_next_cursor', endpoint),
  };
}

/** One approval with its form (D-91983). */
export async function getApproval(context: WecomContext, number: string): Promise<JsonObject> {
  const endpoint = 'oa/getapprovaldetail';
  const { info } = await call(context, 'app', endpoint, { json: { sp_no: number }, retry: 'safe' });
  if (!isJsonObject(info)) throw missing(endpoint, '"info"');
  return info;
}
