import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bench, json, type Bench } from './platform.js';

let world: Bench;
beforeEach(async () => {
  world = await bench();
});
afterEach(() => world.close());

const url = (path: string): string => `${world.platform.origin}${path}`;

describe('a request', () => {
  it('encodes the query once, repeats lists, leaves undefined out and keeps what the URL already has', async () => {
    await world.context().http({
      method: 'GET',
      url: url('/list?fixed=1'),
      query: { token: 'a/b+c=%', ids: ['x', 'y z'], absent: undefined, flag: true },
    });
    expect(world.platform.requests[0]?.url).toBe(
      '/list?fixed=1&token=a%2Fb%2Bc%3D%25&ids=x&ids=y%20z&flag=true',
    );
  });

  it('sends JSON and forms with their types, and what the platform says comes back parsed', async () => {
    world.platform.handle = (_request, response) =>
      json(response, { code: 0, list: ['李'] }, 200, { 'X-Trace': 't-1' });
    const answer = await world.context().http({ method: 'POST', url: url('/a'), json: { name: '张' } });
    await world.context().http({ method: 'POST', url: url('/b'), form: { a: '1 2', b: 'ü' } });
    expect(answer).toMatchObject({
      status: 200,
      body: { code: 0, list: ['李'] },
      headers: { 'x-trace': 't-1' },
    });
    expect(world.platform.requests.map(({ headers, body }) => [headers['content-type'], body])).toEqual([
      ['application/json; charset=utf-8', '{"name":"张"}'],
      ['application/x-www-form-urlencoded', 'a=1+2&b=%C3%BC'],
    ]);
  });

  it('never reaches a host the manifest does not name, whatever the spelling', async () => {
    const forbidden = [
      'http://127.0.0.1:1/x',
      'https://evil.example/x',
      'http://platform.test/x',
      `${world.platform.origin}@evil.example/x`,
      `http://user@${world.platform.origin.slice(7)}/x`,
      'file:///etc/passwd',
      '/relative',
    ];
    for (const target of forbidden) {
      await expect(world.context().http({ method: 'GET', url: target })).rejects.toMatchObject({
        code: 'internal',
      });
    }
    expect(world.platform.requests).toHaveLength(0);
    await expect(world.context().http({ method: 'GET', url: 'https://evil.example/x' })).rejects.toThrow(
      /may not call https:\/\/evil\.example.*config\.baseUrl/,
    );
  });

  it('refuses headers that would change the framing', async () => {
    const forbidden: Record<string, string>[] = [
      { Host: 'evil' },
      { 'x-a': 'b\r\nx-c: d' },
      { 'content-length': '3' },
    ];
    for (const headers of forbidden) {
      await expect(world.context().http({ method: 'GET', url: url('/'), headers })).rejects.toMatchObject({
        code: 'internal',
      });
    }
    expect(world.platform.requests).toHaveLength(0);
  });

  it('uses its connections again and again', async () => {
    let connections = 0;
    world.platform.server.on('connection', () => (connections += 1));
    for (let i = 0; i < 20; i += 1) await world.context().http({ method: 'GET', url: url('/') });
    expect(connections).toBeLessThanOrEqual(2);
  });

  it('keeps no more calls in flight than the manifest allows, per connection', async () => {
    let inFlight = 0;
    const most: Record<string, number> = {};
    world.platform.handle = async (request, response) => {
      inFlight += 1;
      most['all'] = Math.max(most['all'] ?? 0, inFlight);
      await new Promise((resolve) => setTimeout(resolve, 20));
      inFlight -= 1;
      json(response, { code: 0, url: request.url });
    };
    const calls = (id: string): Promise<unknown>[] =>
      Array.from({ length: 25 }, () => world.context({ id }).http({ method: 'GET', url: url('/') }));
    await Promise.all(calls('con_1'));
    expect(most['all']).toBe(10);
    most['all'] = 0;
    await Promise.all([...calls('con_1'), ...calls('con_2')]);
    expect(most['all']).toBe(20);
  });
});

describe('an answer', () => {
  it.each([
    ['HTML', 200, '<html><body>login</body></html>', 'bad_response', /HTML or XML/],
    ['half JSON', 200, '{"code": 0, "list": [1,', 'bad_response', /broken JSON/],
    ['nothing', 200, '', 'bad_response', /an empty body/],
    ['HTML with 502', 502, '<html>Bad Gateway</html>', 'unavailable', /status 502/],
    ['text with 429', 429, 'slow down', 'rate_limited', /text/],
    ['a redirect', 302, '<html>moved</html>', 'bad_response', /redirects are not followed/],
    ['JSON 200 levels deep', 200, '['.repeat(200) + ']'.repeat(200), 'bad_response', /deeper than 100/],
    [
      'JSON a million levels deep',
      200,
      '['.repeat(1_000_000) + ']'.repeat(1_000_000),
      'bad_response',
      /deeper|broken/,
    ],
  ])('%s is told from a proper one', async (_name, status, body, code, message) => {
    world.platform.handle = (_request, response) =>
      void response.writeHead(status, { location: '/elsewhere' }).end(body);
    const call = world.context().http({ method: 'POST', url: url('/thing') });
    await expect(call).rejects.toMatchObject({ code });
    await expect(call).rejects.toThrow(message);
    expect(world.platform.requests).toHaveLength(1);
    expect(world.exchanges).toMatchObject([{ status, errorCode: code }]);
  });

  it('cannot reach a prototype', async () => {
    world.platform.handle = (_request, response) =>
      void response.end(
        '{"code":0,"__proto__":{"admin":true},"a":{"\\u005f_proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}}',
      );
    const { body } = await world.context().http({ method: 'GET', url: url('/') });
    expect(body).toEqual({ code: 0, a: {} });
    expect(Object.assign({}, body as object)).not.toHaveProperty('admin');
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  it('is not read beyond the limit: not when it says so, not when it hides it, not when it unpacks to more', async () => {
    let written = 0;
    let hungUp = 0;
    const chunk = Buffer.alloc(64 * 1024, 0x20);
    world.platform.handle = (request, response) => {
      response.once('close', () => (hungUp += 1));
      if (request.url === '/declared')
        return void response.writeHead(200, { 'content-length': String(50 * 1024 * 1024) }).write(chunk);
      if (request.url === '/bomb')
        return void response
          .writeHead(200, { 'content-encoding': 'gzip' })
          .end(gzipSync(Buffer.alloc(30 * 1024 * 1024, 0x20)));
      const more = (): void => {
        while (!response.destroyed && written < 50 * 1024 * 1024) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    };
    const before = process.memoryUsage().arrayBuffers;
    for (const path of ['/declared', '/streamed', '/bomb']) {
      await expect(
        world.context().http({ method: 'GET', url: url(path), maxBytes: 1024 * 1024 }),
      ).rejects.toMatchObject({
        code: 'bad_response',
        message: expect.stringMatching(/more than 1048576 bytes/) as string,
      });
    }
    expect(written).toBeLessThan(20 * 1024 * 1024);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(hungUp).toBe(3);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
  });

  it('may be compressed', async () => {
    world.platform.handle = (_request, response) =>
      void response
        .writeHead(200, { 'content-encoding': 'gzip' })
        .end(gzipSync(JSON.stringify({ code: 0, x: '好'.repeat(1000) })));
    expect((await world.context().http({ method: 'GET', url: url('/') })).body).toEqual({
      code: 0,
      x: '好'.repeat(1000),
    });
    world.platform.handle = (_request, response) =>
      void response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip');
    await expect(world.context().http({ method: 'GET', url: url('/') })).rejects.toMatchObject({
      code: 'bad_response',
    });
  });

  it('may be empty where the status says so', async () => {
    world.platform.handle = (_request, response) => void response.writeHead(204).end();
    const connector = {
      ...(await import('./platform.js')).testConnector(),
      classify: () => ({ outcome: 'ok' as const }),
    };
    expect(await world.context({ connector }).http({ method: 'DELETE', url: url('/') })).toMatchObject({
      status: 204,
      body: null,
    });
  });

  it('that the connector cannot classify is a bad response, not a crash', async () => {
    world.platform.handle = (_request, response) => json(response, null);
    await expect(world.context().http({ method: 'GET', url: url('/') })).rejects.toMatchObject({
      code: 'bad_response',
    });
  });

  it('must be complete in time', async () => {
    world.platform.handle = (request, response) => {
      if (request.url === '/slow-body') response.writeHead(200).write('{"code":');
    };
    for (const path of ['/no-headers', '/slow-body']) {
      const began = performance.now();
      const call = world.context().http({ method: 'POST', url: url(path), timeoutMs: 150 });
      await expect(call).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('within 150 ms') as string,
      });
      expect(performance.now() - began).toBeLessThan(1_000);
    }
  });
});

describe('trying again', () => {
  it('happens for safe requests after unavailable and rate_limited, within bounds, once per recorded attempt', async () => {
    const script: [number, unknown][] = [
      [503, { code: -1, message: 'busy' }],
      [200, { code: 429, message: 'slow', requestId: 'r-2' }],
      [200, { code: 0 }],
    ];
    world.platform.handle = (_request, response) => {
      const [status, body] = script[world.platform.requests.length - 1] ?? [500, {}];
      json(response, body, status);
    };
    const began = performance.now();
    await world.context().http({ method: 'GET', url: url('/') });
    expect(performance.now() - began).toBeGreaterThanOrEqual(40);
    expect(
      world.exchanges.map(({ attempt, status, errorCode, vendorCode, vendorRequestId }) => [
        attempt,
        status,
        errorCode,
        vendorCode,
        vendorRequestId,
      ]),
    ).toEqual([
      [1, 503, 'unavailable', '-1', null],
      [2, 200, 'rate_limited', '429', 'r-2'],
      [3, 200, null, null, null],
    ]);
  });

  it('gives up after four tries with what the platform said', async () => {
    world.platform.handle = (_request, response) =>
      json(response, { code: -1, message: 'busy', requestId: 'r-9' });
    await expect(world.context().http({ method: 'GET', url: url('/x') })).rejects.toMatchObject({
      code: 'unavailable',
      data: { vendorCode: '-1', vendorMessage: 'busy', vendorRequestId: 'r-9' },
    });
    expect(world.platform.requests).toHaveLength(4);
  });

  it('does not happen for a POST unless it is marked safe, nor for errors that will not pass', async () => {
    world.platform.handle = (_request, response) => json(response, { code: -1 });
    await expect(world.context().http({ method: 'POST', url: url('/') })).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(world.platform.requests).toHaveLength(1);
    await expect(world.context().http({ method: 'POST', url: url('/'), retry: 'safe' })).rejects.toThrow();
    expect(world.platform.requests).toHaveLength(5);
    world.platform.handle = (_request, response) => json(response, { code: 404 });
    await expect(world.context().http({ method: 'GET', url: url('/') })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(world.platform.requests).toHaveLength(6);
  });

  it('waits no longer than the bound, whatever the platform asks for', async () => {
    await world.close();
    world = await bench({ retry: { baseMs: 5, maxMs: 30, attempts: 2 } });
    world.platform.handle = (_request, response) =>
      json(response, { code: -1 }, 503, { 'retry-after': '3600' });
    const began = performance.now();
    await expect(world.context().http({ method: 'GET', url: url('/') })).rejects.toMatchObject({
      data: { retryAfterMs: 3_600_000 },
    });
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

describe('cancelling', () => {
  it('ends a call in flight, a call that waits its turn and a pause between tries at once', async () => {
    world.platform.handle = () => undefined;
    const calls = Array.from({ length: 12 }, () => world.context().http({ method: 'GET', url: url('/') }));
    const settled = Promise.allSettled(calls);
    await new Promise((resolve) => setTimeout(resolve, 50));
    world.abort.abort();
    const results = await settled;
    expect(results.every((result) => result.status === 'rejected')).toBe(true);
    expect(world.platform.requests).toHaveLength(10);
    await expect(world.context().http({ method: 'GET', url: url('/') })).rejects.toThrow(/cancelled/);
  });

  it('closing the runtime ends everything', async () => {
    world.platform.handle = () => undefined;
    const call = world.context().http({ method: 'GET', url: url('/') });
    const outcome = expect(call).rejects.toMatchObject({ code: 'unavailable' });
    await new Promise((resolve) => setTimeout(resolve, 30));
    await world.runtime.close();
    await outcome;
  });
});
