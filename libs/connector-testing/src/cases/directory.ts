import {
  ConnectorError,
  type Connector,
  type DepartmentRecord,
  type HttpResponse,
  type Page,
  type UserRecord,
} from '@trainbridge/connector-kit';
import { expect } from 'vitest';
import { given, type Case, type CaseInput } from '../case.js';
import { crawl, peopleListings, resumeEverywhere, type Listing } from '../crawl.js';
import { withoutSomeFields, withUnknownFields } from '../spoil.js';

const E164 = /^\+[1-9]\d{6,14}$/;
const PROMPT_MS = 2_000;

function expected({ platform }: CaseInput) {
  const directory = given(platform.directory, 'directory');
  return {
    ...directory,
    people: [...directory.people].sort(),
    departments: [...directory.departments].sort(),
  };
}

/** Records that say something; a bare id keeps somebody from being disabled and is no description. */
function described(people: Map<string, UserRecord[]>): UserRecord[] {
  return [...people.values()].flat().filter(({ idOnly }) => !idOnly);
}

export const directoryCases: readonly Case[] = [
  {
    name: 'a full walk finds everybody and every department, and rejects nothing',
    capability: 'directory',
    async run(input) {
      const { connector, stand } = input;
      const { people, departments } = expected(input);
      const found = await crawl(connector, stand, stand.context());
      expect([...found.departments.keys()].sort()).toEqual(departments);
      expect([...found.people.keys()].sort()).toEqual(people);
      expect(found.rejected).toEqual([]);
    },
  },
  {
    name: 'no call is made twice: a walk costs what its pages need',
    capability: 'directory',
    async run({ connector, stand }) {
      const calls = new Map<string, number>();
      const context = stand.context();
      const counted = {
        ...context,
        http: (request: Parameters<typeof context.http>[0]) => {
          const key = JSON.stringify([
            request.method,
            request.url,
            request.query ?? {},
            request.json ?? null,
          ]);
          calls.set(key, (calls.get(key) ?? 0) + 1);
          return context.http(request);
        },
      };
      await crawl(connector, stand, counted);
      const repeated = [...calls].filter(([, count]) => count > 2).map(([call]) => call);
      expect(repeated).toEqual([]);
    },
  },
  {
    name: 'every cursor leads to the rest: resuming anywhere gives the same set',
    capability: 'directory',
    async run(input) {
      const { connector, stand } = input;
      const { departments } = expected(input);
      const context = stand.context();
      const { directory } = connector;
      const listings: Listing<DepartmentRecord | UserRecord>[] = [
        {
          name: 'directory.listDepartments',
          read: (cursor) => directory!.listDepartments(context, { cursor }),
        },
        ...peopleListings(connector, context, departments),
      ];
      for (const listing of listings) await resumeEverywhere(stand, listing);
    },
  },
  {
    name: 'a cursor somebody made up is refused, not misread',
    capability: 'directory',
    async run({ connector, stand }) {
      const { directory } = connector;
      const usersBy = connector.manifest.directory?.usersBy;
      const departmentId =
        usersBy === 'company' ? null : given(stand.platform.directory, 'directory').departments[0]!;
      for (const cursor of ['not-a-cursor', '{"page":-1}', '99999999999999999999', '\u0000']) {
        const asked: [string, () => Promise<Page<unknown>>][] = [
          ['directory.listUsers', () => directory!.listUsers(stand.context(), { departmentId, cursor })],
          ['directory.listDepartments', () => directory!.listDepartments(stand.context(), { cursor })],
        ];
        for (const [what, call] of asked) {
          const outcome = await stand.outcome(what, call);
          if ('error' in outcome) expect(['cursor_expired', 'input_invalid']).toContain(outcome.error.code);
          else expect(outcome.answer.items, `${what} took "${cursor}" for a cursor`).toEqual([]);
        }
      }
    },
  },
  {
    name: 'somebody in three departments is one person with three memberships, one of them primary at most',
    capability: 'directory',
    async run(input) {
      const { connector, stand } = input;
      const { inThreeDepartments } = expected(input);
      const { people } = await crawl(connector, stand, stand.context());
      const records = people.get(inThreeDepartments) ?? [];
      const memberships = records.flatMap((record) => record.memberships ?? []);
      expect(new Set(memberships.map(({ departmentId }) => departmentId)).size).toBe(3);
      const primary = new Set(
        memberships.filter(({ isPrimary }) => isPrimary).map(({ departmentId }) => departmentId),
      );
      expect(primary.size).toBeLessThanOrEqual(1);
      expect(new Set(records.map(({ externalId }) => externalId))).toEqual(new Set([inThreeDepartments]));
    },
  },
  {
    name: 'records say null or nothing for what is not there, numbers are E.164, undeclared fields are not told',
    capability: 'directory',
    async run({ connector, stand }) {
      const { people } = await crawl(connector, stand, stand.context());
      const declared = new Set<string>([
        ...(connector.manifest.directory?.userFields ?? []),
        ...(connector.manifest.directory?.detailFields ?? []),
      ]);
      for (const record of described(people)) {
        for (const [field, value] of Object.entries(record)) {
          expect(
            value === '' || value === 'undefined' || value === 'null',
            `${record.externalId}.${field}`,
          ).toBe(false);
        }
        if (record.mobile) expect(record.mobile).toMatch(E164);
        for (const field of [
          'displayName',
          'employeeNumber',
          'workEmail',
          'mobile',
          'jobTitle',
          'avatarUrl',
        ] as const) {
          if (record[field] !== undefined)
            expect(declared, `${field} is told and not declared`).toContain(field);
        }
        expect(Object.keys(record.raw).length, 'raw is the platform’s own record').toBeGreaterThan(0);
      }
    },
  },
  {
    name: 'departments name a parent that exists, and go in no circle',
    capability: 'directory',
    async run({ connector, stand }) {
      const { departments } = await crawl(connector, stand, stand.context());
      const parents = new Map(
        [...departments].map(([id, records]) => [id, records[0]!.parentExternalId ?? null]),
      );
      expect([...parents.values()].some((parent) => parent === null || !parents.has(parent))).toBe(true);
      for (const id of parents.keys()) {
        const seen = new Set<string>();
        for (let at: string | null = id; at !== null && parents.has(at); at = parents.get(at)!) {
          expect(seen.has(at), `department ${at} stands below itself`).toBe(false);
          seen.add(at);
        }
      }
    },
  },
  {
    name: 'lookups answer once for every id, find what listings listed, and find nobody who is not there',
    capability: 'directory',
    async run(input) {
      const { connector, stand } = input;
      const { people, departments, nobody } = expected(input);
      const directory = connector.directory!;
      const batch = connector.manifest.directory!.lookupBatch;
      const context = stand.context();
      const asked = [...people.slice(0, batch - 1), nobody];
      const found = await stand.call('directory.getUsers', () =>
        directory.getUsers(context, { externalIds: asked }),
      );
      expect(found.map(({ externalId }) => externalId).sort()).toEqual([...asked].sort());
      for (const lookup of found) {
        if (lookup.externalId === nobody) expect(lookup.status).not.toBe('found');
        else expect(lookup).toMatchObject({ status: 'found', record: { externalId: lookup.externalId } });
      }
      const ids = departments.slice(0, batch);
      const told = await stand.call('directory.getDepartments', () =>
        directory.getDepartments(context, { externalIds: ids }),
      );
      expect(told.map(({ externalId, status }) => [externalId, status]).sort()).toEqual(
        ids.map((id) => [id, 'found']).sort(),
      );
    },
  },
  {
    name: 'what the app may see is a sorted list of grants, the same when nothing changed',
    capability: 'directory',
    async run({ connector, stand }) {
      const see = () =>
        stand.call('directory.visibility', () => connector.directory!.visibility(stand.context()));
      const { grants } = await see();
      expect(grants.length).toBeGreaterThan(0);
      expect([...new Set(grants)].sort()).toEqual(grants);
      expect((await see()).grants).toEqual(grants);
    },
  },
  {
    name: 'too many calls in the middle of a walk cost time, not people',
    capability: 'directory',
    async run(input) {
      const { connector, stand, platform } = input;
      const { people } = expected(input);
      let calls = 0;
      const context = stand.context({
        between: async (response) => {
          calls += 1;
          if (calls === 3) await platform.limitRate(2);
          return response();
        },
      });
      const found = await crawl(connector, stand, context);
      expect([...found.people.keys()].sort()).toEqual(people);
    },
  },
  {
    name: 'tokens that end in the middle of a walk cost a refresh, not people',
    capability: 'directory',
    async run(input) {
      const { connector, stand, platform } = input;
      const { people } = expected(input);
      let calls = 0;
      const context = stand.context({
        between: async (response) => {
          calls += 1;
          if (calls === 3) await platform.expireTokens();
          return response();
        },
      });
      const found = await crawl(connector, stand, context);
      expect([...found.people.keys()].sort()).toEqual(people);
    },
  },
  {
    name: 'a tree of which a part cannot be read is never taken for a whole one',
    capability: 'directory',
    async run(input) {
      const { connector, stand } = input;
      const { people, departments } = expected(input);
      const total = await countCalls(connector, input);
      for (const failing of new Set([1, 2, Math.ceil(total / 2), total])) {
        let calls = 0;
        const context = stand.context({
          between: async (response) => {
            calls += 1;
            if (calls === failing) throw new ConnectorError('unavailable', 'The platform does not answer.');
            return response();
          },
        });
        const outcome = await stand.outcome('the walk', async () => {
          const found = await crawl(connector, stand, context);
          return {
            people: [...found.people.keys()].sort(),
            departments: [...found.departments.keys()].sort(),
          };
        });
        if ('error' in outcome) expect(outcome.error.code).toBe('unavailable');
        else
          expect(outcome.answer, `call ${failing} of ${total} failed and nobody noticed`).toEqual({
            people,
            departments,
          });
      }
    },
  },
  {
    name: 'fields the platform adds change nothing',
    capability: 'directory',
    async run(input) {
      const { connector, stand } = input;
      const { people, departments } = expected(input);
      const context = stand.context({ between: async (response) => withUnknownFields(await response()) });
      const found = await crawl(connector, stand, context);
      expect([[...found.people.keys()].sort(), [...found.departments.keys()].sort()]).toEqual([
        people,
        departments,
      ]);
      expect(found.rejected).toEqual([]);
    },
  },
  {
    name: 'fields the platform leaves out cost those fields or those records, never the walk',
    capability: 'directory',
    async run({ connector, stand }) {
      for (const seed of [1, 2, 3]) {
        const spoil = (response: HttpResponse): HttpResponse => withoutSomeFields(response, seed);
        const context = stand.context({ between: async (response) => spoil(await response()) });
        const found = await crawl(connector, stand, context);
        for (const { reason } of found.rejected) expect(reason).not.toBe('');
      }
    },
  },
  {
    name: 'an aborted walk ends at once',
    capability: 'directory',
    async run({ connector, stand }) {
      const abort = new AbortController();
      let abortedAt = 0;
      const context = stand.context({
        signal: abort.signal,
        between: async (response) => {
          const answer = await response();
          if (abortedAt === 0) {
            abortedAt = performance.now();
            abort.abort();
          }
          return answer;
        },
      });
      const outcome = await stand.outcome('the walk', async () => {
        await crawl(connector, stand, context);
        return null;
      });
      const tookMs = performance.now() - abortedAt;
      expect('error' in outcome || stand.exchanges.length <= 2, 'it went on after the abort').toBe(true);
      expect(tookMs).toBeLessThan(PROMPT_MS);
    },
  },
];

async function countCalls(connector: Connector, { stand }: CaseInput): Promise<number> {
  let calls = 0;
  await crawl(
    connector,
    stand,
    stand.context({
      between: (response) => {
        calls += 1;
        return response();
      },
    }),
  );
  return calls;
}
