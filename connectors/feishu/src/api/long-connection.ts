import { isJsonObject, type JsonValue } from '@trainbridge/connector-kit';
import type { FeishuContext } from '../api.js';
import { LONG_CONNECTION_PATH, missing } from '../errors.js';

/** Where the long connection is to be opened, and how often it wants to hear from us (seconds). */
export async function longConnection(
  context: FeishuContext,
): Promise<{ url: string; pingSeconds: JsonValue | undefined }> {
  const { apiBaseUrl, appId, appSecret } = context.config;
  const { body } = await context.http({
    method: 'POST',
    url: `${apiBaseUrl}${LONG_CONNECTION_PATH}`,
    headers: { locale: 'zh' },
    json: { AppID: appId, AppSecret: appSecret },
    retry: 'safe',
  });
  const data = isJsonObject(body) && isJsonObject(body.data) ? body.data : {};
  if (typeof data.URL !== 'string') throw missing(LONG_CONNECTION_PATH, '"URL"');
  return {
    url: data.URL,
    pingSeconds: isJsonObject(data.ClientConfig) ? data.ClientConfig.PingInterval : undefined,
  };
}
