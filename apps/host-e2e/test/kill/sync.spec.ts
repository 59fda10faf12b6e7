import { startSandbox, type Sandbox } from '@trainbridge/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  connectCompany,
  readChanges,
  startRun,
  untilEnded,
  untilRun,
  type Run,
} from '../../src/directory-run.js';
import { differences, directoryOf, readDirectory } from '../../src/directory-snapshot.js';
import { EmbeddedHost } from '../../src/embedded-host.js';
import { dataOf } from '../../src/expect-data.js';
import { startHost, type E2eHost } from '../../src/start-host.js';
import { AT_ONCE, LISTING, StuckPlatform } from '../../src/stuck-platform.js';

describe('a sync whose host is killed', { timeout: 120_000 }, () => {
  let host: EmbeddedHost;

  beforeAll(async () => {
    host = await EmbeddedHost.prepare();
    await host.start();
  });

  afterAll(() => host?.remove());

  describe('while it reads a company of 2,000', () => {
    let sandbox: Sandbox;
    let neverKilled: E2eHost;
    let connectionId: string;
    let control: string;

    beforeAll(async () => {
      [sandbox, neverKilled] = await Promise.all([
        startSandbox({ people: 2_000, wecom: { customers: 0 } }),
        startHost(),
      ]);
      connectionId = await connectCompany(host.admin, sandbox);
      control = await connectCompany(neverKilled.admin, sandbox);
    });

    afterAll(async () => {
      await neverKilled?.close();
      await sandbox?.close();
    });

    /** Kills the run once early and once late in its reading; answers how it ended and what the platform was asked. */
    async function runThroughKills(): Promise<{ run: Run; saved: number; callsAfterwards: number }> {
      const early = new StuckPlatform(sandbox, 8);
      const runId = await startRun(host.admin, connectionId);
      const savedEarly = await early.reachedBy(host, runId);
      await host.kill();
      early.recover();

      const late = new StuckPlatform(sandbox, 96);
      await host.start();
      const saved = await late.reachedBy(host, runId, savedEarly);
      expect(late.calls).toBeLessThanOrEqual(sandbox.company.departmentCount - savedEarly);
      await host.kill();
      late.recover();

      const before = sandbox.wecom.calls.count(LISTING);
      await host.start();
      const run = await untilEnded(host.admin, runId);
      return { run, saved, callsAfterwards: sandbox.wecom.calls.count(LISTING) - before };
    }

    it('goes on with the same run, does not read again what it had, and ends where a run never killed ends', async () => {
      sandbox.wecom.calls.reset();
      const { run, saved, callsAfterwards } = await runThroughKills();
      const { departmentCount } = sandbox.company;
      console.log(
        `killed late: ${saved} of ${departmentCount} departments were saved, ${callsAfterwards} read after it`,
      );
      expect(run).toMatchObject({ status: 'success', error: null });
      expect(run.counts.users).toMatchObject({ created: 2_000, updated: 0, disabled: 0, rejected: 0 });
      expect(saved).toBeGreaterThanOrEqual(96 + 1 - AT_ONCE);
      expect(callsAfterwards).toBeLessThanOrEqual(departmentCount - saved);
      expect(sandbox.wecom.calls.count('department/list')).toBe(1);
      expect(sandbox.wecom.calls.count('user/list_id')).toBe(1);
      await expectSameAsControl();
      const { data: runs } = dataOf(
        await host.admin.GET('/api/v1/runs', { params: { query: { connectionId } } }),
      );
      expect(runs.map(({ id }) => id)).toEqual([run.id]);
    });

    it('disables, moves and hires after two kills exactly whom the company did', async () => {
      const { mutations, company } = sandbox;
      const departments = [...company.departments()].map(({ id }) => id);
      const staff = company
        .people()
        .filter(
          ({ status, memberships }) => status === 'active' && !memberships.some(({ isLeader }) => isLeader),
        );
      const dismissed = staff.slice(0, 40).map(({ account }) => account);
      for (const account of dismissed) mutations.dismiss(account);
      for (const { account, departmentIds } of staff.slice(40, 80)) {
        mutations.move(account, [departments.find((id) => id > 20 && !departmentIds.includes(id))!]);
      }
      for (const { account } of staff.slice(80, 100)) mutations.edit(account, { position: '首席培训官' });
      for (let hired = 0; hired < 20; hired += 1) mutations.hire();

      const { run } = await runThroughKills();
      expect(run).toMatchObject({ status: 'success', error: null });
      expect(run.counts.users).toMatchObject({ created: 20, updated: 60, disabled: 40, restored: 0 });
      await expectSameAsControl(dismissed);
      const changes = await readChanges(host.admin, connectionId);
      const disabled = changes
        .filter(({ type }) => type === 'user.disabled')
        .map(({ subject }) => subject.externalId);
      expect(disabled.sort()).toEqual([...dismissed].sort());
      expect(changes.filter(({ type }) => type === 'user.created')).toHaveLength(2_020);
    });

    async function expectSameAsControl(dismissed: string[] = []): Promise<void> {
      const controlRun = await untilEnded(neverKilled.admin, await startRun(neverKilled.admin, control));
      expect(controlRun.status).toBe('success');
      const [found, reference] = await Promise.all([
        readDirectory(host.admin, connectionId),
        readDirectory(neverKilled.admin, control),
      ]);
      expect(differences(found, reference)).toEqual([]);
      for (const account of dismissed) {
        expect(found.users[account]).toMatchObject({ status: 'disabled', wasDisabled: true });
        delete found.users[account];
      }
      expect(differences(found, directoryOf(sandbox.company))).toEqual([]);
    }
  });

  describe('while it plans and applies a company of 10,000', () => {
    let sandbox: Sandbox;

    beforeAll(async () => {
      sandbox = await startSandbox({ people: 10_000, wecom: { customers: 0 } });
    });

    afterAll(() => sandbox?.close());

    it('goes on in the middle, and does everything once', async () => {
      const connectionId = await connectCompany(host.admin, sandbox);
      const runId = await startRun(host.admin, connectionId);
      const moments: string[] = [];
      const killAt = async (what: string, there: (run: Run) => boolean): Promise<number> => {
        const { progress } = await untilRun(host.admin, runId, what, there);
        await host.kill();
        moments.push(`${progress.phase} ${progress.applied ?? 0}/${progress.planned ?? '?'}`);
        await host.start();
        return progress.applied ?? 0;
      };
      await killAt('planning', ({ progress }) => progress.phase !== 'fetch' && progress.phase !== undefined);
      const calls = sandbox.wecom.calls.count();
      const first = await killAt('applying of departments', ({ progress }) => (progress.applied ?? 0) > 0);
      const second = await killAt('applying of people', ({ progress }) => (progress.applied ?? 0) > first);
      const run = await untilEnded(host.admin, runId);
      console.log(`killed at ${moments.join(', ')}`);
      expect(second).toBeLessThan(10_000);
      expect(run).toMatchObject({ status: 'success', error: null });
      expect(run.counts.users).toMatchObject({ created: 10_000, updated: 0, disabled: 0, rejected: 0 });
      const { departmentCount } = sandbox.company;
      expect(run.progress).toMatchObject({
        departmentsDone: departmentCount,
        departmentsTotal: departmentCount,
      });
      // What was read is not read again; a token or two may be fetched.
      expect(sandbox.wecom.calls.count(LISTING)).toBe(departmentCount);
      expect(sandbox.wecom.calls.count() - calls).toBeLessThan(10);
      expect(
        differences(await readDirectory(host.admin, connectionId), directoryOf(sandbox.company)),
      ).toEqual([]);
      const changes = await readChanges(host.admin, connectionId);
      expect(changes).toHaveLength(10_000 + departmentCount);
      expect(new Set(changes.map(({ subject }) => subject.id)).size).toBe(changes.length);
      expect(changes.every(({ type }) => type === 'user.created' || type === 'department.created')).toBe(
        true,
      );
      const sequences = changes.map(({ sequence }) => sequence);
      expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
    });
  });
});
