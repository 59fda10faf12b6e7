import { describe, expect, it } from 'vitest';
import { identity } from '../src/identity.js';
import { fakeContext, ok, refused, type Answer, type Answers } from './fake-context.js';

const redirectUri = 'https://bridge.example.test/sso/con_1/callback?x=1&y=2';
const TOKEN = 'POST authen/v2/oauth/token';
const INFO = 'GET authen/v1/user_info';

const person = {
  name: '张三',
  en_name: 'San',
  union_id: 'on_1',
  open_id: 'ou_1',
  user_id: 'e1',
  email: 'san@example.com',
  mobile: '+8613000000001',
  tenant_key: 'tk1',
};

function answers(
  info: Answer = ok(person),
  token: Answer = { body: { code: 0, access_token: 'eyJ.u', expires_in: 7200 } },
): Answers {
  return { [TOKEN]: token, [INFO]: info };
}

const login = (
  given: Answers,
  query: Record<string, string> = { code: 'one-time', state: 's' },
  mode: 'browser' | 'inApp' = 'browser',
) => {
  const context = fakeContext(given);
  return { context, subject: identity.authenticate(context, { query, redirectUri, mode }) };
};

describe('where to log in', () => {
  it.each(['browser', 'inApp'] as const)('%s: the authorize page of the accounts host', async (mode) => {
    const context = fakeContext();
    const { url } = await identity.authorizationUrl(context, { redirectUri, state: 'aB3', mode });
    const { origin, pathname, searchParams } = new URL(url);
    expect([origin, pathname]).toEqual(['https://accounts.feishu.cn', '/open-apis/authen/v1/authorize']);
    expect(Object.fromEntries(searchParams)).toEqual({
      client_id: 'cli_kat',
      response_type: 'code',
      redirect_uri: redirectUri,
      state: 'aB3',
    });
    expect(context.calls).toEqual([]);
  });
});

describe('who logged in', () => {
  it.each(['browser', 'inApp'] as const)('%s: an employee, by the id people are listed by', async (mode) => {
    const { context, subject } = login(answers(), undefined, mode);
    expect(await subject).toEqual({
      kind: 'employee',
      externalId: 'on_1',
      externalIds: [
        { type: 'open_id', value: 'ou_1' },
        { type: 'user_id', value: 'e1' },
      ],
      profile: {
        displayName: '张三',
        workEmail: 'san@example.com',
        mobile: '+8613000000001',
        tenantKey: 'tk1',
      },
    });
    expect(context.calls[0]?.json).toEqual({
      grant_type: 'authorization_code',
      client_id: 'cli_kat',
      client_secret: 'app-secret',
      code: 'one-time',
      redirect_uri: redirectUri,
    });
  });

  it('a code of the client’s own script, which was issued for no address', async () => {
    const scripted: Answers = {
      ...answers(),
      [TOKEN]: ({ json }) =>
        'redirect_uri' in (json as object)
          ? refused(20071)
          : { body: { code: 0, access_token: 'eyJ.u', expires_in: 7200 } },
    };
    expect(await login(scripted, undefined, 'inApp').subject).toMatchObject({ externalId: 'on_1' });
    await expect(login(scripted).subject).rejects.toMatchObject({ code: 'config_invalid' });
    const { context, subject } = login(answers(ok(), refused(20071)), undefined, 'inApp');
    await expect(subject).rejects.toMatchObject({ code: 'config_invalid' });
    expect(context.calls).toHaveLength(2);
  });

  it('the exchange bears no token, is never sent again, and keeps its secrets out of records', async () => {
    const { context, subject } = login(answers());
    await subject;
    const [exchange, info] = context.calls.map(({ request }) => request);
    expect(exchange).toMatchObject({ retry: 'never', secrets: ['one-time'] });
    expect(exchange).not.toHaveProperty('token');
    expect(exchange).not.toHaveProperty('headers');
    expect(info).toMatchObject({ headers: { authorization: 'Bearer eyJ.u' }, secrets: ['eyJ.u'] });
  });

  it.each([
    ['a code used before', answers(ok(), refused(20065)), 'input_invalid'],
    ['another redirect address', answers(ok(), refused(20071)), 'config_invalid'],
    ['a wrong secret', answers(ok(), refused(20002)), 'auth_failed'],
    ['somebody who may not use the app', answers(ok(), refused(20010)), 'permission_denied'],
    ['somebody who left', answers(refused(20021, {}, 200)), 'permission_denied'],
    ['somebody who is frozen', answers(refused(20022, {}, 200)), 'permission_denied'],
    ['no token', answers(ok(), { body: { code: 0 } }), 'bad_response'],
    ['no person', answers({ body: { code: 0 } }), 'bad_response'],
    ['a person without a union_id', answers(ok({ open_id: 'ou_1' })), 'bad_response'],
    ['a union_id with a line end', answers(ok({ union_id: 'on_1\n' })), 'bad_response'],
  ])('%s: %s', async (_name, given, code) => {
    await expect(login(given).subject).rejects.toMatchObject({ code });
  });

  it.each([[{ error: 'access_denied', state: 's' }], [{ state: 's' }], [{ code: '' }]])(
    '%j is no login, and nobody is asked',
    async (query) => {
      const { context, subject } = login({}, query);
      await expect(subject).rejects.toMatchObject({ code: 'input_invalid' });
      expect(context.calls).toEqual([]);
    },
  );
});
