import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isConnectorError, type PlatformEvent } from '@trainbridge/connector-kit';
import type { CallbackSetup, WecomFacts } from '@trainbridge/sandbox';
import { afterEach, describe, expect, it } from 'vitest';
import { events } from '../src/events.js';
import { startWorld, type World } from './sandbox-world.js';

/** The connector behind a real callback URL, as small as the host's could be. */
interface Receiver {
  url: string;
  told: PlatformEvent[];
  refused: string[];
  server: Server;
}

let world: World;
let receiver: Receiver;
afterEach(async () => {
  receiver.server.closeAllConnections();
  await new Promise((resolve) => receiver.server.close(resolve));
  await world.close();
});

async function start(facts: Partial<WecomFacts> = {}, setup: Partial<CallbackSetup> = {}): Promise<void> {
  world = await startWorld({ wecom: { facts } });
  receiver = await receive(world);
  const result = await world.sandbox.wecom.setCallback({ url: receiver.url, ...setup });
  expect(result).toMatchObject({ ok: true });
}

async function receive({ context }: World): Promise<Receiver> {
  const told: PlatformEvent[] = [];
  const refused: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = {
        method: request.method ?? '',
        queryString: (request.url ?? '').split('?')[1] ?? '',
        headers: {},
        bodyBase64: Buffer.concat(chunks).toString('base64'),
      };
      events.receive(context(), raw).then(
        ({ reply, events: found }) => {
          told.push(...found);
          response.writeHead(reply.status, reply.headers).end(reply.body);
        },
        (error: unknown) => {
          refused.push(isConnectorError(error) ? error.code : String(error));
          response.writeHead(401).end();
        },
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callbacks/con_1`,
    told,
    refused,
    server,
  };
}

const kinds = (): [string, string[]][] => receiver.told.map(({ kind, ids }) => [kind, ids]);

describe.each([
  [{ changeTypeCdata: false }, { form: 'ids' }],
  [{ changeTypeCdata: true, callbackContentType: 'application/xml' }, { form: 'full' }],
] as [Partial<WecomFacts>, Partial<CallbackSetup>][])('a callback URL with %j %j', (facts, setup) => {
  it('is verified, and a joiner, a mover, a leaver and a renamed one are told', async () => {
    await start(facts, setup);
    const { mutations, wecom } = world.sandbox;
    mutations.hire({ account: 'lin.mei', departmentIds: [2] });
    await wecom.idle();
    mutations.move('lin.mei', [3]);
    await wecom.idle();
    mutations.changeAccount('lin.mei', 'Lin.Mei.2');
    await wecom.idle();
    mutations.dismiss('Lin.Mei.2');
    await wecom.idle();
    expect(receiver.refused).toEqual([]);
    expect(kinds()).toEqual([
      ['user.changed', ['lin.mei']],
      ['user.changed', ['lin.mei']],
      ['user.renamed', ['Lin.Mei.2']],
      ['user.left', ['Lin.Mei.2']],
    ]);
    expect(receiver.told[2]?.previousId).toBe('lin.mei');
    expect(new Set(receiver.told.map(({ key }) => key)).size).toBe(4);
  });
});

describe('deliveries', () => {
  it('sent twice and out of order have one key each', async () => {
    await start();
    const { mutations, wecom } = world.sandbox;
    Object.assign(wecom.callbacks.switches, { duplicates: 2, reorder: true });
    for (let i = 0; i < 5; i += 1) mutations.hire({ departmentIds: [2] });
    await wecom.idle();
    expect(receiver.told).toHaveLength(15);
    expect(new Set(receiver.told.map(({ key }) => key)).size).toBe(5);
  });

  it('of a tag, in both forms of an empty list', async () => {
    for (const emptyTagItems of ['absent', 'empty'] as const) {
      await start({ emptyTagItems });
      const { company, wecom } = world.sandbox;
      const account = company.people()[0]?.account as string;
      wecom.putTag(12, '讲师', { users: [account] });
      await wecom.idle();
      wecom.putTag(12, '讲师', { users: [account], parties: [3] });
      await wecom.idle();
      expect(kinds()).toEqual([
        ['user.changed', [account]],
        ['visibility.changed', ['3']],
      ]);
      if (emptyTagItems === 'absent') {
        receiver.server.closeAllConnections();
        await world.close();
      }
    }
  });

  it('of the app’s own page, when its range changes, with the other key pair', async () => {
    await start();
    const { wecom, company } = world.sandbox;
    const account = company.people()[9]?.account as string;
    const target = {
      url: receiver.url,
      token: 'appToken01',
      aesKey: 'GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba',
    };
    expect(await wecom.setAppCallback(target)).toMatchObject({ ok: false });
    receiver.refused.length = 0;
    const { context } = world;
    world.context = (change) =>
      context({ callbackToken: target.token, callbackAesKey: target.aesKey, ...change });
    const both = await receive(world);
    expect(await wecom.setAppCallback({ ...target, url: both.url })).toMatchObject({ ok: true });
    wecom.setVisibleRange({ users: [account] });
    await wecom.idle();
    expect(both.refused).toEqual([]);
    expect(both.told.length).toBe(59);
    expect(both.told.every(({ kind, data }) => kind === 'user.changed' && data.source === 'app')).toBe(true);
    both.server.closeAllConnections();
    both.server.close();
  });

  it('for another corporation are refused, and the URL is not accepted', async () => {
    await start();
    const result = await world.sandbox.wecom.setCallback({
      url: receiver.url,
      receiveId: 'ww6a112864f8022910',
    });
    expect(result.ok).toBe(false);
    expect(receiver.refused).toEqual(['auth_failed']);
  });
});
