import type { Connector, ConnectorContext, HttpResponse, JsonValue } from '@trainbridge/connector-kit';
import { expect } from 'vitest';
import type { Case } from '../case.js';

const DEEP: JsonValue = JSON.parse(`${'['.repeat(2_000)}${']'.repeat(2_000)}`) as JsonValue;
const BODIES: readonly JsonValue[] = [
  null,
  '',
  'ok',
  0,
  true,
  [],
  [null, 1, 'x'],
  {},
  { data: null },
  { data: [null, 3] },
  DEEP,
];

/** Everything that can be asked without an effect. */
function questions(connector: Connector, context: ConnectorContext): [string, () => Promise<unknown>][] {
  const { directory, customers, tasks } = connector;
  return [
    ['check', () => connector.check(context)],
    ...(directory
      ? ([
          ['directory.visibility', () => directory.visibility(context)],
          ['directory.listDepartments', () => directory.listDepartments(context, { cursor: null })],
          ['directory.listUsers', () => directory.listUsers(context, { departmentId: '1', cursor: null })],
          ['directory.listUsers', () => directory.listUsers(context, { departmentId: null, cursor: null })],
          ['directory.getUsers', () => directory.getUsers(context, { externalIds: ['x'] })],
          ['directory.getDepartments', () => directory.getDepartments(context, { externalIds: ['x'] })],
        ] as [string, () => Promise<unknown>][])
      : []),
    ...(customers?.list
      ? ([['customers.list', () => customers.list!(context, { cursor: null })]] as [
          string,
          () => Promise<unknown>,
        ][])
      : []),
    ...(customers
      ? ([['customers.get', () => customers.get(context, { externalIds: ['x'] })]] as [
          string,
          () => Promise<unknown>,
        ][])
      : []),
    ...(tasks
      ? ([
          ['tasks.list', () => tasks.list(context, { since: 0, cursor: null })],
          ['tasks.get', () => tasks.get(context, { externalIds: ['x'] })],
        ] as [string, () => Promise<unknown>][])
      : []),
  ];
}

export const hostilityCases: readonly Case[] = [
  {
    name: 'answers that are not what they should be are errors of the platform, never crashes of ours',
    async run({ connector, stand }) {
      for (const body of BODIES) {
        const answer: HttpResponse = { status: 200, headers: {}, body };
        const context = stand.context({ between: async () => answer });
        for (const [what, ask] of questions(connector, context)) {
          const outcome = await stand.outcome(`${what} on ${JSON.stringify(body).slice(0, 20)}`, ask);
          if ('error' in outcome) expect(['internal', 'auth_failed'], what).not.toContain(outcome.error.code);
        }
      }
    },
  },
  {
    name: 'calls go to hosts the manifest names, and nowhere else',
    async run({ connector, stand, platform }) {
      const context = stand.context();
      for (const [what, ask] of questions(connector, context)) await stand.outcome(what, ask);
      const allowed = connector.manifest.allowedHosts.map((host) =>
        typeof host === 'string' ? `https://${host}` : platform.config[host.fromConfig],
      );
      const called = new Set(stand.exchanges.map(({ url }) => new URL(url).origin));
      expect([...called].filter((origin) => !allowed.includes(origin))).toEqual([]);
    },
  },
];
