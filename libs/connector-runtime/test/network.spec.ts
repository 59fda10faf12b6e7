import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, createServer, type AddressInfo, type LookupFunction, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AddressPolicy } from '../src/index.js';
import { describeNetworkError } from '../src/network-errors.js';
import { bench, json, type Bench } from './platform.js';
import { certificate, privateKey } from './self-signed.js';

let world: Bench;
const closing: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  world = await bench({ retry: { attempts: 1 } });
});
afterEach(async () => {
  await world.close();
  for (const close of closing.splice(0)) await close();
});

/** A name resolver that knows only what the test tells it. */
const resolver =
  (addresses: Record<string, string[]>): LookupFunction =>
  (hostname, _options, callback) => {
    const found = addresses[hostname];
    if (!found) return callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), '', 0);
    callback(
      null,
      found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

async function failure(origin: string, target = world): Promise<{ code: string; message: string }> {
  const error = await target
    .context({ config: { baseUrl: origin } })
    .http({ method: 'GET', url: `${origin}/x`, timeoutMs: 3_000 })
    .then(
      () => null,
      (caught: unknown) => caught as { code: string; message: string },
    );
  if (!error) throw new Error('the call went through');
  return error;
}

describe('network failures say which host and what to check', () => {
  it('a name nobody knows', async () => {
    await world.close();
    world = await bench({ retry: { attempts: 1 }, lookup: resolver({}) });
    expect(await failure('http://nowhere.test')).toMatchObject({
      code: 'unavailable',
      message:
        "The name nowhere.test cannot be resolved (ENOTFOUND). Check the address and this server's DNS.",
    });
    expect(world.exchanges).toMatchObject([
      { status: null, errorCode: 'unavailable', url: 'http://nowhere.test/x' },
    ]);
    expect(world.exchanges[0]?.errorMessage).toContain('nowhere.test');
  });

  it('a port nobody listens on', async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    expect(await failure(`http://127.0.0.1:${port}`)).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('refuses connections') as string,
    });
  });

  it('a certificate of nobody we trust', async () => {
    const port = await listen(createTlsServer({ cert: certificate, key: privateKey }));
    expect(await failure(`https://127.0.0.1:${port}`)).toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(
        /certificate of 127\.0\.0\.1:\d+ is not trusted here \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
      ) as string,
    });
  });

  it('TLS where none is spoken', async () => {
    expect(await failure(world.platform.origin.replace('http:', 'https:'))).toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/found no common way to speak TLS/) as string,
    });
  });

  it('a connection cut before the answer, and one cut in the middle of it', async () => {
    const port = await listen(createServer((socket) => void socket.once('data', () => socket.destroy())));
    expect(await failure(`http://127.0.0.1:${port}`)).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('closed the connection') as string,
    });
    const half = await listen(
      createServer(
        (socket) =>
          void socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"code"')),
      ),
    );
    expect(await failure(`http://127.0.0.1:${half}`)).toMatchObject({ code: 'unavailable' });
  });

  it('something that is not HTTP', async () => {
    const port = await listen(
      createServer((socket) => void socket.once('data', () => socket.end('SSH-2.0-OpenSSH\r\n'))),
    );
    expect(await failure(`http://127.0.0.1:${port}`)).toMatchObject({
      code: 'bad_response',
      message: expect.stringContaining('not proper HTTP') as string,
    });
  });

  it.each([
    ['CERT_HAS_EXPIRED', 'has expired'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'issued for another name'],
    ['UND_ERR_CONNECT_TIMEOUT', 'did not accept a connection in time'],
    ['ENETUNREACH', 'cannot be reached from this server'],
    ['SOMETHING_NEW', 'failed (SOMETHING_NEW)'],
  ])('%s', (code, words) => {
    const wrapped = new AggregateError([
      new Error('outer', { cause: Object.assign(new Error('inner'), { code }) }),
    ]);
    const error = describeNetworkError(wrapped, new URL('https://api.example/x'), null);
    expect(error.code).toBe('unavailable');
    expect(error.message).toContain('api.example');
    expect(error.message).toContain(words);
  });
});

describe('private addresses', () => {
  it('are recognised in every form, and public ones are not', () => {
    const policy = new AddressPolicy();
    const refused = [
      '127.0.0.1',
      '10.1.2.3',
      '172.16.0.1',
      '192.168.1.1',
      '169.254.169.254',
      '100.64.0.1',
      '0.0.0.0',
      '224.0.0.1',
      '255.255.255.255',
      '::1',
      '::',
      'fe80::1',
      'fd00::1',
      '::ffff:10.0.0.1',
      '64:ff9b::a00:1',
      '::10.0.0.1',
      '::127.0.0.1',
      '4000::1',
      '2002:a00:1::',
      'ff02::1',
      'nonsense',
    ];
    expect(refused.filter((address) => policy.isAllowed(address))).toEqual([]);
    const open = ['8.8.8.8', '203.205.219.1', '2001:4860:4860::8888', '::ffff:8.8.8.8', '64:ff9b::808:808'];
    expect(open.filter((address) => !policy.isAllowed(address))).toEqual([]);
  });

  it('are reached only where the deployer allowed the range', () => {
    const policy = new AddressPolicy({ allowedNetworks: ['10.1.0.0/16', 'fd00::/8'] });
    expect(policy.isAllowed('10.1.2.3')).toBe(true);
    expect(policy.isAllowed('::ffff:10.1.2.3')).toBe(true);
    expect(policy.isAllowed('10.2.2.3')).toBe(false);
    expect(policy.isAllowed('fd12::1')).toBe(true);
    expect(() => new AddressPolicy({ allowedNetworks: ['10.1.0.0'] })).toThrow(
      /"10\.1\.0\.0" is not a network/,
    );
  });

  it('are refused at dial time: written out, in odd spellings, and behind a name that leads there', async () => {
    await world.close();
    world = await bench({
      allowedNetworks: [],
      retry: { attempts: 4 },
      lookup: resolver({ 'inner.test': ['10.0.0.7'], 'both.test': ['10.0.0.7', '::1'] }),
    });
    const { port } = new URL(world.platform.origin);
    for (const origin of [
      world.platform.origin,
      `http://2130706433:${port}`,
      `http://0x7f.1:${port}`,
      `http://[::ffff:127.0.0.1]:${port}`,
      'http://inner.test',
      'http://both.test',
    ]) {
      const error = await failure(origin);
      expect(error).toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining('TRAINBRIDGE_ALLOWED_NETWORKS') as string,
      });
    }
    expect(world.platform.requests).toHaveLength(0);
    expect(world.exchanges).toHaveLength(6);
  });

  it('a name with a private and a public address is dialled at the allowed one only', async () => {
    await world.close();
    world = await bench({
      retry: { attempts: 1 },
      lookup: resolver({ 'two.test': ['10.0.0.7', '127.0.0.1'] }),
    });
    const { port } = new URL(world.platform.origin);
    const origin = `http://two.test:${port}`;
    await world.context({ config: { baseUrl: origin } }).http({ method: 'GET', url: `${origin}/x` });
    expect(world.platform.requests[0]?.headers.host).toBe(`two.test:${port}`);
  });
});

describe('an outbound proxy', () => {
  async function proxy(
    answer: 'tunnel' | 407,
  ): Promise<{ url: string; seen: { target: string; authorization: string | undefined }[] }> {
    const seen: { target: string; authorization: string | undefined }[] = [];
    const server = createHttpServer();
    server.on('connect', (request, socket: Socket) => {
      seen.push({ target: request.url ?? '', authorization: request.headers['proxy-authorization'] });
      if (answer === 407) return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      const [host, port] = (request.url ?? '').split(':');
      const onward = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
      socket.on('error', () => onward.destroy());
      onward.on('error', () => socket.destroy());
    });
    const port = await listen(server);
    return { url: `http://proxyuser:proxypass@127.0.0.1:${port}`, seen };
  }

  it('carries the calls of the connection that names it', async () => {
    const { url, seen } = await proxy('tunnel');
    world.platform.handle = (_request, response) => json(response, { code: 0, ok: true });
    const target = `${world.platform.origin}/via`;
    expect((await world.context({ proxyUrl: url }).http({ method: 'GET', url: target })).body).toEqual({
      code: 0,
      ok: true,
    });
    await world.context({ id: 'con_2' }).http({ method: 'GET', url: target });
    expect(seen).toEqual([
      {
        target: new URL(target).host,
        authorization: `Basic ${Buffer.from('proxyuser:proxypass').toString('base64')}`,
      },
    ]);
  });

  it('of the deployer serves connections without their own', async () => {
    const { url, seen } = await proxy('tunnel');
    await world.close();
    world = await bench({ defaultProxyUrl: url });
    await world.context().http({ method: 'GET', url: `${world.platform.origin}/x` });
    expect(seen).toHaveLength(1);
  });

  it('that refuses is named, without its password', async () => {
    const { url } = await proxy(407);
    const error = await world
      .context({ proxyUrl: url })
      .http({ method: 'GET', url: `${world.platform.origin}/x` })
      .catch((caught: unknown) => caught as Error);
    expect(error).toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/proxy http:\/\/127\.0\.0\.1:\d+ did not open a way.*407/) as string,
    });
    expect(JSON.stringify([error, world.exchanges])).not.toContain('proxypass');
  });

  it('in a private network serves a connection only where that network is allowed', async () => {
    const { url, seen } = await proxy('tunnel');
    await world.close();
    world = await bench({ allowedNetworks: [], lookup: resolver({ 'platform.test': ['8.8.8.8'] }) });
    const call = world
      .context({ proxyUrl: url, config: { baseUrl: 'http://platform.test' } })
      .http({ method: 'GET', url: 'http://platform.test/x' });
    await expect(call).rejects.toMatchObject({ code: 'config_invalid' });
    expect(seen).toHaveLength(0);
  });

  it('must be an http or https address', async () => {
    for (const proxyUrl of ['ftp://proxy.test', 'proxy.test:8080', 'http://']) {
      await expect(
        world.context({ proxyUrl }).http({ method: 'GET', url: `${world.platform.origin}/x` }),
      ).rejects.toMatchObject({ code: 'config_invalid' });
    }
  });
});
