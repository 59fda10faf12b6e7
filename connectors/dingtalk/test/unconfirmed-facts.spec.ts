import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { PlatformEvent, TodoItem } from '@trainbridge/connector-kit';
import { dingtalkDefaults, type DingtalkFacts } from '@trainbridge/sandbox';
import { customers, readLabels } from '../src/customers.js';
import { directory } from '../src/directory.js';
import { events } from '../src/events.js';
import { identity } from '../src/identity.js';
import { results } from '../src/results.js';
import { tasks } from '../src/tasks.js';
import { todos } from '../src/todos.js';
import { readAll, readDirectory, startWorld, type World } from './sandbox-world.js';

let world: World;
let server: Server | undefined;
afterEach(async () => {
  server?.close();
  server?.closeAllConnections();
  server = undefined;
  await world.close();
});

const start = async (facts: Partial<DingtalkFacts>): Promise<World> => (world = await startWorld({ facts }));
const someone = (index = 3): string => world.sandbox.company.people()[index]?.account ?? '';

/** What the pages leave open is a switch of the simulator: the connector has to live with every position. */
describe('the directory', () => {
  it.each<Partial<DingtalkFacts>>([
    { errmsgOnSuccess: 'absent' },
    { rootParentId: 0 },
    { homeSchoolBook: true },
    { sameTokenOnRepeat: false },
    { requestIdHeader: true },
  ])('is read the same with %j', async (facts) => {
    await start(facts);
    const { departments, people } = await readDirectory(world.context());
    expect(departments.size).toBe(8);
    expect(departments.get('1')?.parentExternalId).toBeNull();
    expect([...people.keys()].sort()).toEqual(
      world.sandbox.company
        .people()
        .map(({ account }) => account)
        .sort(),
    );
  });

  it.each([33012, 60121, 60111] as const)('a leaver is gone, by code %i', async (unknownUserCode) => {
    await start({ unknownUserCode });
    expect(await directory.getUsers(world.context(), { externalIds: ['nobody.here'] })).toMatchObject([
      { status: 'gone' },
    ]);
  });

  it.each<Partial<DingtalkFacts>>([
    { expiredTokenCode: 40014 },
    { expiredTokenCode: 42001 },
    { expiredTokenCode: 40014, subCodeField: 'absent' },
  ])('a dead token is renewed with %j', async (facts) => {
    await start(facts);
    const context = world.context();
    await directory.getUsers(context, { externalIds: [someone()] });
    world.sandbox.dingtalk.faults.add({ kind: 'expire_tokens', revoke: true });
    expect(await directory.getUsers(context, { externalIds: [someone()] })).toMatchObject([
      { status: 'found' },
    ]);
  });
});

describe('callbacks', () => {
  async function receiver(facts: Partial<DingtalkFacts>, ownerKey?: string): Promise<PlatformEvent[]> {
    await start(facts);
    const seen: PlatformEvent[] = [];
    const context = world.context();
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        void events
          .receive(context, {
            method: request.method ?? '',
            queryString: (request.url ?? '').split('?')[1] ?? '',
            headers: {},
            bodyBase64: Buffer.concat(chunks).toString('base64'),
          })
          .then(
            ({ reply, events: decoded }) => {
              seen.push(...decoded);
              response.writeHead(reply.status, reply.headers).end(reply.body);
            },
            () => response.writeHead(401).end(),
          );
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callbacks/con_1`;
    const { callbackToken: token = '', callbackAesKey: aesKey = '' } = context.config;
    const saved = await world.control('PUT callback', {
      url,
      token,
      aesKey,
      ...(ownerKey ? { ownerKey } : {}),
    });
    expect(saved).toMatchObject({ ok: true });
    return seen;
  }

  it.each<Partial<DingtalkFacts>>([
    { eventForm: 'recorded' },
    { eventForm: 'documented' },
    { signatureNames: 'signature' },
    { signatureNames: 'msg_signature' },
  ])('are saved, opened and answered with %j', async (facts) => {
    const seen = await receiver(facts);
    const leaver = someone(5);
    world.sandbox.mutations.hire({ account: 'new.one', departmentIds: [1] });
    world.sandbox.mutations.dismiss(leaver);
    await world.sandbox.dingtalk.idle();
    expect(seen).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'user.changed', ids: ['new.one'] }),
        expect.objectContaining({ kind: 'user.left', ids: [leaver] }),
      ]),
    );
    // Answered rightly, none of them came twice.
    expect(new Set(seen.map(({ key }) => key)).size).toBe(seen.length);
  });

  it('of an address registered by the old call are encrypted for the organisation', async () => {
    const seen = await receiver({}, dingtalkDefaults.corpId);
    world.sandbox.mutations.hire({ account: 'new.one', departmentIds: [1] });
    await world.sandbox.dingtalk.idle();
    expect(seen.map(({ ids }) => ids)).toContainEqual(['new.one']);
  });
});

describe('logins', () => {
  it.each<Partial<DingtalkFacts>>([
    { loginCodeNames: 'authCode' },
    { usedLoginCodeError: 'whatever.theyCallIt' },
  ])('with %j', async (facts) => {
    await start(facts);
    const context = world.context();
    const redirectUri = 'https://lms.example.test/sso/con_1/callback';
    const { url } = await identity.authorizationUrl(context, { redirectUri, state: 'S', mode: 'browser' });
    const answer = await fetch(`${url}&sandbox_user=${encodeURIComponent(someone())}`, {
      redirect: 'manual',
    });
    const query = Object.fromEntries(new URL(answer.headers.get('location') ?? '').searchParams);
    const input = { query, redirectUri, mode: 'browser' as const };
    expect(await identity.authenticate(context, input)).toMatchObject({ externalId: someone() });
    await expect(identity.authenticate(context, input)).rejects.toMatchObject({ code: 'input_invalid' });
  });
});

describe('work', () => {
  it.each<Partial<DingtalkFacts>>([
    { todoReadIds: 'internal' },
    { todoReadIds: 'unionId' },
    { todoSourceFreedByDelete: true },
    { todoSourceFreedByDelete: false },
  ])('a withdrawn to-do can be given again, with %j', async (facts) => {
    await start(facts);
    const context = world.context();
    const item: TodoItem = {
      key: 'enr_1',
      recipientExternalId: someone(),
      recipientExternalIds: [],
      title: '培训',
      url: 'https://lms.example.test/c/1',
    };
    for (let round = 0; round < 2; round += 1) {
      const [made] = await todos.upsert(context, { items: [item] });
      const [again] = await todos.upsert(context, { items: [item] });
      expect(made?.status).toBe('done');
      expect(again).toEqual(made);
      expect(world.sandbox.dingtalk.todos().filter(({ status }) => status === 'open')).toHaveLength(1);
      const externalRef = made?.status === 'done' ? (made.externalRef ?? '') : '';
      const closing = {
        key: 'enr_1',
        externalRef,
        recipientExternalId: someone(),
        outcome: 'withdrawn' as const,
      };
      expect(await todos.close(context, { items: [closing] })).toMatchObject([{ status: 'done' }]);
      expect(world.sandbox.dingtalk.todos().filter(({ status }) => status === 'open')).toEqual([]);
    }
  });

  it.each([40056, 52019] as const)(
    'a wrong agentId is the deployer’s to mend, by code %i',
    async (wrongAgentCode) => {
      await start({ wrongAgentCode });
      const [outcome] = await results.report(world.context({ agentId: 999 }), {
        action: 'message',
        options: {},
        items: [
          {
            key: 'd1',
            recipient: { kind: 'user', externalId: someone(), externalIds: [] },
            event: {},
            text: 'x',
          },
        ],
      });
      expect(outcome).toMatchObject({
        status: 'failed',
        error: { code: 'config_invalid', advice: { en: expect.stringContaining('agentId') as string } },
      });
    },
  );

  it.each([true, false])(
    'a label costs a contact nothing it had (update clears: %s)',
    async (contactUpdateClears) => {
      await start({ contactUpdateClears });
      await world.control('POST customers', { name: '客户甲', owner: someone(1), companyName: 'ACME' });
      const context = world.context();
      const find = async () =>
        (
          await readAll(
            (cursor) => customers.list?.(context, { cursor }) ?? Promise.reject(new Error('no list')),
          )
        ).find(({ displayName }) => displayName === '客户甲');
      const before = await find();
      const [tagId] = [...(await readLabels(context)).keys()];
      const item = {
        key: 'd1',
        recipient: { kind: 'customer' as const, externalId: before?.externalId ?? '', externalIds: [] },
        event: {},
        text: '',
      };
      await results.report(context, { action: 'tag', options: { tagId: tagId ?? '' }, items: [item] });
      const after = await find();
      expect(after?.tags?.map(({ id }) => id)).toContain(tagId);
      const { label_ids: _before, ...kept } = before?.raw ?? {};
      expect(after?.raw).toMatchObject(kept);
    },
  );

  it('a deleted approval is gone, whatever its event calls it', async () => {
    await start({ deletedApprovalType: 'remove' });
    const context = world.context();
    const id = world.sandbox.dingtalk.submitApproval({ account: someone(), title: '申请', form: {} });
    expect(await tasks.get(context, { externalIds: [id] })).toMatchObject([{ status: 'found' }]);
    await world.control(`DELETE approvals/${id}`);
    expect(await tasks.get(context, { externalIds: [id] })).toEqual([{ externalId: id, status: 'gone' }]);
  });
});
