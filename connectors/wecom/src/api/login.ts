import type { JsonObject } from '@trainbridge/connector-kit';
import { call, type WecomContext } from '../api.js';

/** Whom a one-time code stands for (D-91023). Never sent twice: a second use of a code is refused. */
export async function getLoginUser(context: WecomContext, code: string): Promise<JsonObject> {
  return call(context, 'app', 'auth/getuserinfo', { query: { code }, retry: 'never', secrets: [code] });
}

/** What somebody consented to show, without their name (D-95833). */
export async function getLoginDetail(context: WecomContext, ticket: string): Promise<JsonObject> {
  return call(context, 'app', 'auth/getuserdetail', {
    json: { user_ticket: ticket },
    retry: 'safe',
    secrets: [ticket],
  });
}
