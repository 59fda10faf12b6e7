import type { JsonObject } from '../../../src/index.js';
import type { Recording } from '../recorded-platform.js';

export const config = {
  corpId: 'dingcorp0001',
  clientId: 'dingappkey0001',
  clientSecret: 'client-secret',
  agentId: '880001',
  callbackToken: '123456',
  callbackAesKey: '4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij',
  processCodes: ['PROC-1', 'PROC-2'],
  apiBaseUrl: 'https://api.dingtalk.com',
  oapiBaseUrl: 'https://oapi.dingtalk.com',
  loginBaseUrl: 'https://login.dingtalk.com',
};
export const ok = { errcode: 0, errmsg: 'ok', request_id: 'rq1' };
export const old = (path: string, json: JsonObject, answer: JsonObject): Recording => ({
  call: `POST https://oapi.dingtalk.com${path}`,
  token: 'app',
  json,
  answer: { ...ok, ...answer },
});
export const refused = (path: string, json: JsonObject, errcode: number, errmsg: string): Recording => ({
  ...old(path, json, {}),
  answer: { errcode, errmsg, request_id: 'rq2' },
});
export const scopesCall: Recording = {
  call: 'GET https://oapi.dingtalk.com/auth/scopes',
  token: 'app',
  answer: {
    ...ok,
    auth_org_scopes: { authed_dept: [1], authed_user: ['guest01'] },
    auth_user_field: ['name', 'email'],
    condition_field: [],
  },
};
