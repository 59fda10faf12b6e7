import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bench, json, testConnector, type Bench } from './platform.js';

/** A platform whose token dies on command: `valid` is the only one it accepts. */
let world: Bench;
let valid = 0;
let fetches = 0;
let expires = 7200;
let clock = 1_700_000_000_000;

beforeEach(async () => {
  valid = 1;
  fetches = 0;
  expires = 7200;
  clock = 1_700_000_000_000;
  world = await bench({ now: () => clock });
  world.platform.handle = (request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    if (url.pathname === '/token') {
      fetches += 1;
      return setTimeout(() => json(response, { code: 0, token: `token-${valid}`, expires }), 20) && undefined;
    }
    json(response, { code: url.searchParams.get('access_token') === `token-${valid}` ? 0 : 401 });
  };
});
afterEach(() => world.close());

const call = (overrides?: Parameters<Bench['context']>[0]): Promise<unknown> =>
  world.context(overrides).http({ method: 'POST', url: `${world.platform.origin}/api`, token: 'app' });

describe('tokens', () => {
  it('are fetched once for ten callers, and shared by connections of one app', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, i) => call({ id: `con_${i % 3}` })));
    await call();
    expect(fetches).toBe(1);
  });

  it('are refreshed once when ten parallel calls meet an expired one, and every call succeeds', async () => {
    await call();
    valid = 2;
    await Promise.all(Array.from({ length: 10 }, () => call()));
    expect(fetches).toBe(2);
    expect(world.exchanges.filter(({ errorCode }) => errorCode === 'token_expired')).toHaveLength(10);
  });

  it('are refreshed once even when the platform hands out the same value again', async () => {
    const seen = new Set<string>();
    world.platform.handle = (request, response) => {
      if (request.url?.startsWith('/token')) {
        fetches += 1;
        return json(response, { code: 0, token: 'always-the-same', expires });
      }
      const path = new URL(request.url ?? '', 'http://x').pathname;
      json(response, { code: path === '/api' || seen.has(path) ? 0 : 401 });
      seen.add(path);
    };
    await call();
    const post = (path: string): Promise<unknown> =>
      world.context().http({ method: 'POST', url: `${world.platform.origin}${path}`, token: 'app' });
    await Promise.all(Array.from({ length: 10 }, (_, i) => post(`/first-time-${i}`)));
    expect(fetches).toBe(2);
  });

  it('belong to their credentials: another secret or another deployment has another token', async () => {
    await call();
    await call({ config: { appSecret: 'another-secret' } });
    expect(fetches).toBe(2);
    const elsewhere = await bench({ now: () => clock });
    elsewhere.platform.handle = world.platform.handle;
    await world
      .context({ config: { baseUrl: elsewhere.platform.origin } })
      .http({ method: 'POST', url: `${elsewhere.platform.origin}/api`, token: 'app' });
    await elsewhere.close();
    expect(fetches).toBe(3);
  });

  it('are refreshed before they die, and used on when the refresh stumbles', async () => {
    await call();
    clock += (7200 - 299) * 1000;
    valid = 2;
    await call();
    expect(fetches).toBe(2);
    clock += (7200 - 299) * 1000;
    const healthy = world.platform.handle;
    world.platform.handle = (request, response, body) =>
      request.url?.startsWith('/token')
        ? json(response, { code: -1 }, 503)
        : healthy(request, response, body);
    await call();
    clock += 300_000;
    await expect(call()).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('that are refused again right after a refresh mean the credentials are wrong', async () => {
    await call();
    const healthy = world.platform.handle;
    world.platform.handle = (request, response, body) =>
      request.url?.startsWith('/token')
        ? healthy(request, response, body)
        : json(response, { code: 401, message: 'bad token' });
    await expect(call()).rejects.toMatchObject({ code: 'auth_failed', data: { vendorCode: '401' } });
    expect(fetches).toBe(2);
    for (let i = 0; i < 20; i += 1) await expect(call()).rejects.toMatchObject({ code: 'auth_failed' });
    expect(fetches).toBe(2);
  });

  it('are not asked for again and again with a wrong secret, but at once with another', async () => {
    world.platform.handle = (request, response) => {
      const wrong = !request.url?.includes('right');
      fetches += request.url?.startsWith('/token') ? 1 : 0;
      json(
        response,
        wrong && request.url?.startsWith('/token')
          ? { code: 403, message: 'invalid credential' }
          : { code: 0, token: 't-right', expires },
      );
    };
    for (let i = 0; i < 30; i += 1) await expect(call()).rejects.toMatchObject({ code: 'auth_failed' });
    expect(fetches).toBe(1);
    await expect(call()).rejects.toThrow(/Not asked again for 5 s/);
    await call({ config: { appSecret: 'right' } });
    expect(fetches).toBe(2);

    // Each further refusal doubles the wait: an hour of trying every second costs the platform few requests.
    for (let second = 0; second < 3_600; second += 1) {
      clock += 1_000;
      await call().catch(() => undefined);
    }
    expect(fetches).toBeLessThan(70);
  });

  it('end with their caller only for that caller', async () => {
    const impatient = new AbortController();
    const first = call({ signal: impatient.signal });
    const second = call();
    impatient.abort();
    await expect(first).rejects.toThrow(/cancelled/);
    await second;
    expect(fetches).toBe(1);
  });

  it('without a usable value are a bad response', async () => {
    world.platform.handle = (_request, response) => json(response, { code: 0, token: '', expires: 7200 });
    await expect(call()).rejects.toMatchObject({ code: 'bad_response' });
  });

  it('are not carried to a host that apply adds', async () => {
    const connector = testConnector();
    const app = connector.tokens['app'];
    if (!app) throw new Error('no token');
    connector.tokens['app'] = { ...app, apply: (request) => ({ ...request, url: 'https://evil.example/' }) };
    await expect(call({ connector })).rejects.toMatchObject({ code: 'internal' });
  });

  it('that the connector does not define are its mistake', async () => {
    await expect(
      world.context().http({ method: 'GET', url: `${world.platform.origin}/`, token: 'nope' }),
    ).rejects.toMatchObject({
      code: 'internal',
    });
  });

  it('do not need a free place in flight to be fetched', async () => {
    const connector = testConnector({ maxConcurrency: 1 });
    await Promise.all([call({ connector, id: 'con_one' }), call({ connector, id: 'con_one' })]);
    expect(fetches).toBe(1);
  });
});
