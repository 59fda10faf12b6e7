import type { JsonObject } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import { identity } from '../src/identity.js';
import { byEndpoint, endpointOf, fakeContext, type Answer } from './fake-context.js';

const redirectUri = 'https://lms.example.test/sso/con_1/callback?x=1&y=2';
const state = 'S'.repeat(64);

const urlOf = async (mode: 'browser' | 'inApp', config = {}, locale: 'zh-CN' | 'en' = 'zh-CN') => {
  const context = { ...fakeContext(config), connection: { id: 'c', timezone: 'Asia/Shanghai', locale } };
  return (await identity.authorizationUrl(context, { redirectUri, state, mode })).url;
};

describe('the login page', () => {
  it('in a browser is the one with the QR code', async () => {
    const url = new URL(await urlOf('browser'));
    expect(url.origin + url.pathname).toBe('https://login.work.weixin.qq.com/wwlogin/sso/login');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      login_type: 'CorpApp',
      appid: 'wwsim0123456789ab',
      agentid: '1000002',
      redirect_uri: redirectUri,
      state,
      lang: 'zh',
    });
    expect(new URL(await urlOf('browser', {}, 'en')).searchParams.get('lang')).toBe('en');
  });

  it('in the client asks for nothing, and ends with the fragment the client looks for', async () => {
    const text = await urlOf('inApp');
    const url = new URL(text);
    expect(text).toMatch(/#wechat_redirect$/);
    expect(url.origin + url.pathname).toBe('https://open.weixin.qq.com/connect/oauth2/authorize');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      appid: 'wwsim0123456789ab',
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'snsapi_base',
      state,
      agentid: '1000002',
    });
  });

  it('asks for consent where the connection says so', async () => {
    const url = new URL(await urlOf('inApp', { loginScope: 'snsapi_privateinfo' }));
    expect(url.searchParams.get('scope')).toBe('snsapi_privateinfo');
  });

  it('of a private deployment is on its own hosts', async () => {
    const config = { loginBaseUrl: 'https://login.corp.test', oauthBaseUrl: 'https://oauth.corp.test' };
    expect(await urlOf('browser', config)).toMatch(/^https:\/\/login\.corp\.test\/wwlogin\/sso\/login\?/);
    expect(await urlOf('inApp', config)).toMatch(
      /^https:\/\/oauth\.corp\.test\/connect\/oauth2\/authorize\?/,
    );
  });
});

const linMei = { userid: 'Lin.Mei', name: '林梅', department: [2], status: 1 };

const login = (
  answers: Record<string, JsonObject | Answer>,
  query: Record<string, string> = { code: 'C1' },
) => {
  const context = fakeContext({}, byEndpoint({ 'user/get': linMei, ...answers }));
  const subject = identity.authenticate(context, { query, redirectUri, mode: 'inApp' });
  return { context, subject };
};

describe('whoever comes back', () => {
  it('is an employee, under the id the contacts write', async () => {
    const { context, subject } = login({ 'auth/getuserinfo': { errcode: 0, userid: 'lin.mei' } });
    expect(await subject).toEqual({
      kind: 'employee',
      externalId: 'Lin.Mei',
      externalIds: [],
      profile: { displayName: '林梅' },
    });
    expect(context.requests[0]).toMatchObject({
      method: 'GET',
      url: 'https://qyapi.weixin.qq.com/cgi-bin/auth/getuserinfo',
      query: { code: 'C1' },
      token: 'app',
      retry: 'never',
      secrets: ['C1'],
    });
    expect(context.requests.map(endpointOf)).toEqual(['auth/getuserinfo', 'user/get']);
  });

  it('is read in the older spelling as well', async () => {
    expect(
      await login({ 'auth/getuserinfo': { errcode: 0, UserId: 'lin.mei', DeviceId: 'd' } }).subject,
    ).toMatchObject({ kind: 'employee', externalId: 'Lin.Mei' });
    expect(await login({ 'auth/getuserinfo': { errcode: 0, OpenId: 'oX' } }).subject).toEqual({
      kind: 'stranger',
      externalId: null,
      externalIds: [{ type: 'openid', value: 'oX' }],
      profile: {},
    });
  });

  it('is a customer, not an employee', async () => {
    const { context, subject } = login({
      'auth/getuserinfo': { errcode: 0, openid: 'oX', external_userid: 'wmSim1' },
    });
    expect(await subject).toEqual({
      kind: 'customer',
      externalId: 'wmSim1',
      externalIds: [{ type: 'openid', value: 'oX' }],
      profile: {},
    });
    expect(context.requests).toHaveLength(1);
  });

  it.each([60111, 60011, 50002, 40003])(
    'is refused when the app does not see them (%i), for WeCom names them all the same',
    async (errcode) => {
      await expect(
        login({
          'auth/getuserinfo': { errcode: 0, userid: 'lin.mei' },
          'user/get': { errcode, errmsg: 'x' },
        }).subject,
      ).rejects.toMatchObject({
        code: 'permission_denied',
        data: { advice: { 'zh-CN': expect.stringContaining('可见范围') as string } },
      });
    },
  );

  it('of a linked corporation is not one of ours', async () => {
    const { subject } = login({
      'auth/getuserinfo': { errcode: 0, userid: 'wwother/lin.mei' },
      'user/get': ({ query }) =>
        query?.['userid'] === 'wwother/lin.mei' ? { errcode: 60111, errmsg: 'x' } : linMei,
    });
    await expect(subject).rejects.toMatchObject({ code: 'permission_denied' });
  });
});

describe('what the person consented to show', () => {
  const withTicket = { errcode: 0, userid: 'lin.mei', user_ticket: 'TICKET' };

  it('is added, without a name, and never over what the app sees anyway', async () => {
    const { context, subject } = login({
      'auth/getuserinfo': withTicket,
      'auth/getuserdetail': {
        errcode: 0,
        userid: 'lin.mei',
        gender: '0',
        avatar: 'https://img.example.test/default',
        mobile: '13900001111',
        email: 'mei@example.test',
        biz_mail: 'lin.mei@corp.example.test',
      },
      'user/get': { ...linMei, avatar: 'https://img.example.test/mei' },
    });
    expect(await subject).toMatchObject({
      profile: {
        displayName: '林梅',
        mobile: '+8613900001111',
        workEmail: 'lin.mei@corp.example.test',
        avatarUrl: 'https://img.example.test/mei',
      },
    });
    const call = context.requests.find((request) => endpointOf(request) === 'auth/getuserdetail');
    expect(call).toMatchObject({ json: { user_ticket: 'TICKET' }, secrets: ['TICKET'] });
  });

  it.each([84014, 84015, 45009, 48001])('is left out when WeCom refuses it with %i', async (errcode) => {
    const { subject } = login({
      'auth/getuserinfo': withTicket,
      'auth/getuserdetail': { errcode, errmsg: 'x' },
    });
    expect(await subject).toMatchObject({ kind: 'employee', profile: { displayName: '林梅' } });
  });
});

describe('a login that fails', () => {
  it.each([
    ['without a code', {}],
    ['with an empty one', { code: '' }],
    ['with one of a hostile length', { code: 'x'.repeat(513) }],
  ])('%s asks WeCom nothing', async (_name, query) => {
    const { context, subject } = login({}, query);
    await expect(subject).rejects.toMatchObject({ code: 'input_invalid' });
    expect(context.requests).toEqual([]);
  });

  it.each([40029, 42003, 42022])('with a code that is old or used (%i)', async (errcode) => {
    await expect(login({ 'auth/getuserinfo': { errcode, errmsg: 'x' } }).subject).rejects.toMatchObject({
      code: 'input_invalid',
      data: { vendorCode: String(errcode), advice: { en: expect.stringContaining('again') as string } },
    });
  });

  it.each<[JsonObject]>([[{}], [{ userid: '' }], [{ userid: null, openid: 7.5 }], [{ userid: ['a'] }]])(
    'with an answer that names nobody: %j',
    async (answer) => {
      await expect(login({ 'auth/getuserinfo': { errcode: 0, ...answer } }).subject).rejects.toMatchObject({
        code: 'bad_response',
      });
    },
  );
});
