import type { JsonObject } from '@trainbridge/connector-kit';
import { call, pageOf, part, type ApiPage, type FeishuContext } from '../api.js';

/** Codes of the approvals of one definition created in a window of at most ten hours; times in milliseconds. */
export async function approvalCodesBetween(
  context: FeishuContext,
  window: { code: string; from: number; until: number; pageToken: string | null },
): Promise<ApiPage> {
  const endpoint = 'approval/v4/instances';
  const query = {
    approval_code: window.code,
    start_time: String(window.from),
    end_time: String(window.until),
    page_size: 100,
    page_token: window.pageToken ?? undefined,
  };
  return pageOf(await call(context, 'GET', endpoint, { query }), 'instance_code_list', endpoint);
}

export async function approvalByCode(context: FeishuContext, code: string): Promise<JsonObject> {
  const query = { user_id_type: 'open_id', locale: context.connection.locale === 'en' ? 'en-US' : 'zh-CN' };
  return call(context, 'GET', `approval/v4/instances/${part(code)}`, { query });
}

/** Tells the platform to send the events of one approval definition. */
export async function subscribeApproval(context: FeishuContext, code: string): Promise<void> {
  await call(context, 'POST', `approval/v4/approvals/${part(code)}/subscribe`, { retry: 'safe' });
}
