import type { JsonObject, JsonValue } from '../../../src/index.js';
import type { Recording } from '../recorded-platform.js';

export const config = {
  appId: 'cli_kat',
  appSecret: 'app-secret',
  encryptKey: 'kat-encrypt-key-01',
  verificationToken: 'vt-001',
  approvalCodes: ['7C468A54'],
  apiBaseUrl: 'https://open.feishu.cn',
  accountsBaseUrl: 'https://accounts.feishu.cn',
};

export const API = 'https://open.feishu.cn/open-apis';
export const ids = { user_id_type: 'union_id', department_id_type: 'open_department_id' };

export function recorded(
  call: string,
  answer: JsonObject,
  sent: { query?: JsonObject; json?: JsonValue } = {},
): Recording {
  const [method, path] = call.split(' ');
  return {
    call: `${method} ${API}/${path}`,
    token: 'tenant',
    ...sent,
    answer: { code: 0, msg: 'success', data: answer },
  };
}

export function refused(
  call: string,
  code: number,
  status: number,
  sent: { query?: JsonObject; json?: JsonValue } = {},
): Recording {
  return { ...recorded(call, {}, sent), status, answer: { code, msg: 'refused', error: { log_id: 'L1' } } };
}
