import { ConnectorError, type Connector } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import example from '../../../connectors/example/src/index.js';
import { acmeHarness } from '../../../connectors/example/test/acme-harness.js';
import { CASES } from '../src/cases/index.js';
import { onStand } from '../src/stand.js';

/** What a case says of a connector: null when it is content. */
async function verdict(connector: Connector, name: string): Promise<string | null> {
  const found = CASES.find((one) => one.name.startsWith(name));
  if (!found) throw new Error(`there is no case "${name}"`);
  try {
    await onStand(connector, acmeHarness, found.run);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const directory = example.directory!;
const events = example.events!;
let serial = 0;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A mistake somebody could make, and the case that has to find it. */
const MISTAKES: [string, Connector, string][] = [
  [
    'says a secret in a finding',
    {
      ...example,
      check: async (context) => [
        ...(await example.check(context)),
        {
          step: 'echo',
          ok: true,
          message: { en: `I know ${text(context.config.secret)}`, 'zh-CN': '密钥' },
        },
      ],
    },
    'check finds everything well',
  ],
  [
    'logs a token',
    {
      ...example,
      tokens: {
        api: {
          ...example.tokens.api!,
          apply: (request, token) => ({
            ...example.tokens.api!.apply(request, token),
            url: `${request.url}#${token}`,
          }),
        },
      },
      directory: {
        ...directory,
        visibility: async (context) => {
          const answer = await directory.visibility(context);
          return { ...answer, summary: { secret: text(context.config.secret) } };
        },
      },
    },
    'what the app may see',
  ],
  [
    'answers a Date',
    {
      ...example,
      directory: {
        ...directory,
        listUsers: async (context, input) => {
          const page = await directory.listUsers(context, input);
          return {
            ...page,
            items: page.items.map((user) => ({ ...user, raw: { at: new Date(0) as never } })),
          };
        },
      },
    },
    'a full walk',
  ],
  [
    'begins anew whatever the cursor says',
    {
      ...example,
      directory: {
        ...directory,
        listUsers: async (context, { departmentId, cursor }) => {
          const page = await directory.listUsers(context, {
            departmentId,
            cursor: cursor === '3' ? '1' : cursor,
          });
          return cursor === '3' ? { ...page, cursor: null, done: true } : page;
        },
      },
    },
    'a full walk',
  ],
  [
    'loses its place when another process goes on',
    {
      ...example,
      directory: {
        ...directory,
        listUsers: (() => {
          let at = 0;
          return async (context, { departmentId, cursor }) => {
            at = cursor === null ? 1 : at + 1;
            const page = await directory.listUsers(context, { departmentId, cursor: String(at) });
            return { ...page, cursor: page.done ? null : 'next' };
          };
        })(),
      },
    },
    'every cursor leads to the rest',
  ],
  [
    'takes a failed page for an empty one',
    {
      ...example,
      directory: {
        ...directory,
        listUsers: async (context, input) =>
          directory
            .listUsers(context, input)
            .catch(() => ({ items: [], rejected: [], cursor: null, done: true })),
      },
    },
    'a tree of which a part',
  ],
  [
    'takes any text for a cursor',
    {
      ...example,
      directory: {
        ...directory,
        listUsers: (context, { departmentId }) =>
          directory.listUsers(context, { departmentId, cursor: null }),
      },
    },
    'a cursor somebody made up',
  ],
  [
    'crashes on what it did not expect',
    {
      ...example,
      directory: {
        ...directory,
        visibility: async (context) => {
          const { body } = await context.http({
            method: 'GET',
            url: `${text(context.config.baseUrl)}/api/employees`,
          });
          return { grants: [(body as { total: number }).total.toFixed(0)], summary: {} };
        },
      },
    },
    'answers that are not what they should be',
  ],
  [
    'calls a host of its own',
    {
      ...example,
      directory: {
        ...directory,
        visibility: async (context) => {
          await context.http({ method: 'GET', url: 'https://telemetry.example.test/hello' });
          return { grants: ['company'], summary: {} };
        },
      },
    },
    'what the app may see',
  ],
  [
    'finds people who are not there',
    {
      ...example,
      directory: {
        ...directory,
        getUsers: async (_context, { externalIds }) =>
          externalIds.map((externalId) => ({
            externalId,
            status: 'found' as const,
            record: { externalId, raw: { externalId } },
          })),
      },
    },
    'lookups answer once',
  ],
  [
    'fetches a token for every call',
    {
      ...example,
      tokens: {
        api: {
          ...example.tokens.api!,
          fetch: async (context) => ({ ...(await example.tokens.api!.fetch(context)), expiresInSeconds: 0 }),
        },
      },
    },
    'tokens are cached',
  ],
  [
    'gives no advice',
    {
      ...example,
      classify: (response, request) => {
        const said = example.classify(response, request);
        return said.outcome === 'error' ? { ...said, advice: undefined } : said;
      },
    },
    'check with refused credentials',
  ],
  [
    'throws in classify',
    {
      ...example,
      classify: ({ body }) => ((body as { ok: boolean }).ok ? { outcome: 'ok' } : { outcome: 'ok' }),
    },
    'classify is pure',
  ],
  [
    'believes unsigned events',
    {
      ...example,
      events: {
        ...events,
        receive: async (context, raw) =>
          events
            .receive(context, raw)
            .catch(() => ({ reply: { status: 200, headers: {}, body: '' }, events: [] })),
      },
    },
    'an event nobody signed',
  ],
  [
    'makes up a key for each delivery',
    {
      ...example,
      events: {
        ...events,
        receive: async (context, raw) => {
          const told = await events.receive(context, raw);
          return { ...told, events: told.events.map((event) => ({ ...event, key: `k${(serial += 1)}` })) };
        },
      },
    },
    'a genuine event',
  ],
  [
    'keys events by their second',
    {
      ...example,
      events: {
        ...events,
        receive: async (context, raw) => {
          const told = await events.receive(context, raw);
          return { ...told, events: told.events.map((event) => ({ ...event, key: `at-${event.time}` })) };
        },
      },
    },
    'two events of one second',
  ],
  [
    'asks the platform before it replies',
    {
      ...example,
      events: {
        ...events,
        receive: async (context, raw) => {
          await context.http({
            method: 'GET',
            url: `${text(context.config.baseUrl)}/api/employees`,
            token: 'api',
          });
          return events.receive(context, raw);
        },
      },
    },
    'a genuine event',
  ],
  [
    'calls strangers internal errors',
    {
      ...example,
      events: {
        ...events,
        receive: async (context, raw) =>
          events.receive(context, raw).catch(() => {
            throw new ConnectorError('internal', 'something');
          }),
      },
    },
    'whatever else is posted',
  ],
];

describe('the conformance suite', () => {
  it.each(MISTAKES)('finds a connector that %s', async (_mistake, connector, name) => {
    expect(await verdict(example, name), 'the case must be content with the connector as it is').toBeNull();
    expect(await verdict(connector, name)).not.toBeNull();
  });

  it('names every case once, and refuses a skip that names none', async () => {
    expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length);
    const { describeConnectorConformance } = await import('../src/index.js');
    const harness = { ...acmeHarness, skip: { 'no such case': 'because' } };
    expect(() => describeConnectorConformance(example, harness)).toThrow('no such case');
  });
});
