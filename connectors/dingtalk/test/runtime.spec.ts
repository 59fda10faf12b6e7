import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capabilitiesOf, type JsonObject } from '@trainbridge/connector-kit';
import { shapeProblem, validateConfig } from '@trainbridge/connector-runtime';
import { directory } from '../src/directory.js';
import { identity } from '../src/identity.js';
import connector from '../src/index.js';
import { manifest } from '../src/manifest.js';
import { baseConfig, wrapped } from './fake-context.js';
import { LivePlatform, type Call } from './live-platform.js';

let platform: LivePlatform;
beforeEach(async () => {
  platform = await LivePlatform.start();
});
afterEach(() => platform.close());

const tokenPath = '/v1.0/oauth2/accessToken';

describe('the token', () => {
  it('is one for both generations, in the query of the old and in a header of the new', async () => {
    platform.answer = ({ path }) =>
      path === tokenPath
        ? [200, { accessToken: 'app-token-1', expireIn: 7200 }]
        : path === '/topapi/v2/user/get'
          ? [200, { errcode: 0, result: { userid: 'a', unionid: 'un-a' } }]
          : [200, { id: 'todo1' }];
    const context = platform.context();
    await directory.getUsers(context, { externalIds: ['a'] });
    await connector.todos?.upsert(context, {
      items: [
        {
          key: 'k',
          recipientExternalId: 'a',
          recipientExternalIds: [{ type: 'unionid', value: 'un/a' }],
          title: 'T',
          url: 'https://lms.example.test/c/1',
        },
      ],
    });
    const [token, old, fresh] = platform.calls as [Call, Call, Call];
    expect(token.body).toEqual({ appKey: baseConfig.clientId, appSecret: baseConfig.clientSecret });
    expect(old.query.get('access_token')).toBe('app-token-1');
    expect(old.headers).not.toHaveProperty('x-acs-dingtalk-access-token');
    expect(fresh.path).toBe('/v1.0/todo/users/un%2Fa/tasks');
    expect(fresh.headers['x-acs-dingtalk-access-token']).toBe('app-token-1');
    expect(fresh.query.has('access_token')).toBe(false);
    expect(platform.calls).toHaveLength(3);
  });

  it('that dies is fetched once for everybody who waits', async () => {
    let issued = 0;
    platform.answer = ({ path, query, body }) => {
      if (path === tokenPath) return [200, { accessToken: `t${(issued += 1)}`, expireIn: 7200 }];
      if (query.get('access_token') !== 't2') return [200, wrapped('40014')];
      return [200, { errcode: 0, result: { userid: body.userid } }];
    };
    const context = platform.context();
    const ids = Array.from({ length: 10 }, (_, index) => `u${index}`);
    const found = await directory.getUsers(context, { externalIds: ids });
    expect(found.map(({ status }) => status)).toEqual(ids.map(() => 'found'));
    expect(issued).toBe(2);
  });

  it('no secret reaches an error or a record', async () => {
    platform.answer = ({ path, query }) =>
      path === tokenPath
        ? [200, { accessToken: 'app-token-secret', expireIn: 7200 }]
        : [
            200,
            { errcode: 60011, errmsg: `token ${query.get('access_token')} of ${baseConfig.clientSecret}` },
          ];
    const refused = await directory.getUsers(platform.context(), { externalIds: ['a'] }).then(
      () => null,
      (error: unknown) => error,
    );
    const seen = JSON.stringify([platform.exchanges, refused, String(refused)]);
    expect(seen).toContain('60011');
    expect(seen).not.toContain('app-token-secret');
    expect(seen).not.toContain(baseConfig.clientSecret);
  });

  it.each([
    ['no token', { expireIn: 7200 }],
    ['no life time', { accessToken: 'x' }],
    ['a life of nothing', { accessToken: 'x', expireIn: 0 }],
    ['another type', { accessToken: 7, expireIn: 7200 }],
  ])('an answer with %s is none', async (_name, body) => {
    platform.answer = () => [200, body];
    await expect(directory.getUsers(platform.context(), { externalIds: ['a'] })).rejects.toMatchObject({
      code: 'bad_response',
    });
  });
});

describe('limits', () => {
  it('a second’s limit of either generation is waited out', async () => {
    let refusals = 2;
    platform.answer = ({ path, body }) => {
      if (path === tokenPath) return [200, { accessToken: 't', expireIn: 7200 }];
      if (refusals-- > 1) return [200, wrapped('90018')];
      if (refusals >= 0)
        return [403, { code: 'Forbidden.AccessDenied.QpsLimitForApi', requestid: 'R', message: 'qps' }];
      return [200, { errcode: 0, result: { userid: body.userid } }];
    };
    const [found] = await directory.getUsers(platform.context(), { externalIds: ['a'] });
    expect(found?.status).toBe('found');
  });
});

describe('a login', () => {
  it('keeps the code and the person’s token out of every record', async () => {
    platform.answer = ({ path }) => {
      if (path === '/v1.0/oauth2/userAccessToken')
        return [200, { accessToken: 'person-token-x', expireIn: 7200 }];
      return [
        400,
        { code: 'InvalidAuthentication', requestid: 'R', message: 'bad person-token-x one-time-code' },
      ];
    };
    const refused = await identity
      .authenticate(platform.context(), {
        query: { authCode: 'one-time-code' },
        redirectUri: 'https://lms.example.test/sso/c/callback',
        mode: 'browser',
      })
      .then(
        () => null,
        (error: unknown) => error,
      );
    expect(refused).toMatchObject({ code: 'input_invalid' });
    const seen = JSON.stringify([platform.exchanges, refused, String(refused)]);
    expect(seen).not.toContain('person-token-x');
    expect(seen).not.toContain('one-time-code');
    // Never sent twice: the code is good once.
    expect(platform.calls).toHaveLength(2);
  });
});

describe('the package', () => {
  it('is a connector the host takes', () => {
    expect(shapeProblem(connector)).toBeNull();
    expect(capabilitiesOf(connector)).toEqual([
      'identity', 'directory', 'customers', 'events', 'tasks', 'todos', 'results',
    ]); // prettier-ignore
    expect(manifest.rateLimits.every(({ limit, perMs }) => limit <= 20 && perMs === 1_000)).toBe(true);
  });

  const required = { corpId: 'ding1', clientId: 'dingapp', clientSecret: 's3cret' };

  it('needs three values and fills the public addresses in', () => {
    const valid = validateConfig(connector, required);
    expect(valid).toMatchObject({
      ok: true,
      config: {
        apiBaseUrl: 'https://api.dingtalk.com',
        oapiBaseUrl: 'https://oapi.dingtalk.com',
        loginBaseUrl: 'https://login.dingtalk.com',
      },
    });
    for (const agentId of [853279391, '853279391'])
      expect(validateConfig(connector, { ...required, agentId }).ok).toBe(true);
  });

  it.each([
    ['no corpId', { corpId: undefined }],
    ['an address with a path', { apiBaseUrl: 'https://api.dingtalk.com/v1.0' }],
    ['an aes_key of 42', { callbackAesKey: 'x'.repeat(42) }],
    ['a token with a dash', { callbackToken: 'a-b-c' }],
    ['agentId in words', { agentId: 'mine' }],
    ['one form instead of a list', { processCodes: 'PROC-1' }],
    ['an unknown name', { appKey: 'x' }],
  ])('refuses %s', (_name, change) => {
    const config = JSON.parse(JSON.stringify({ ...required, ...change })) as JsonObject;
    expect(validateConfig(connector, config).ok).toBe(false);
  });
});
