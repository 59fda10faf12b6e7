import type { JsonObject } from '../../../src/index.js';
import type { Recording } from '../recorded-platform.js';

export const API = 'https://qyapi.weixin.qq.com/cgi-bin';
export const config = {
  corpId: 'wwsim0123456789ab',
  agentId: '1000002',
  agentSecret: 'app-secret',
  contactsSecret: 'contacts-secret',
  callbackToken: 'simToken01',
  callbackAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  apiBaseUrl: 'https://qyapi.weixin.qq.com',
  loginBaseUrl: 'https://login.work.weixin.qq.com',
  oauthBaseUrl: 'https://open.weixin.qq.com',
};
export const ok = { errcode: 0, errmsg: 'ok' };
export const read = (path: string, query: JsonObject, answer: JsonObject): Recording => ({
  call: `GET ${API}/${path}`,
  token: 'app',
  query,
  answer: { ...ok, ...answer },
});
export const send = (path: string, json: JsonObject, answer: JsonObject, token = 'app'): Recording => ({
  call: `POST ${API}/${path}`,
  token,
  json,
  answer: { ...ok, ...answer },
});
