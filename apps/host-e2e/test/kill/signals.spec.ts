import type { TrainbridgeClient } from '@trainbridge/api-client';
import { startSandbox, type Sandbox } from '@trainbridge/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { auditDeliveries } from '../../src/delivery-audit.js';
import { connectCompany, startRun, untilEnded } from '../../src/directory-run.js';
import { differences, directoryOf, readDirectory } from '../../src/directory-snapshot.js';
import { EmbeddedHost } from '../../src/embedded-host.js';
import { Journal, LearningSenders } from '../../src/learning-senders.js';
import { subscribeLms, untilDelivered, untilInTheMiddle } from '../../src/lms-of-host.js';
import { livingOf } from '../../src/postgres-processes.js';
import { StuckPlatform } from '../../src/stuck-platform.js';

/** A supervisor's patience; nothing here waits for a timeout. */
const BOUND_MS = 10_000;

describe('a host that is told to stop in the middle of everything', { timeout: 120_000 }, () => {
  const journal = new Journal();
  const started: LearningSenders[] = [];
  let host: EmbeddedHost;
  let sandbox: Sandbox;
  let client: TrainbridgeClient;

  beforeAll(async () => {
    host = await EmbeddedHost.prepare();
    [sandbox] = await Promise.all([startSandbox({ people: 600, departments: 120 }), host.start()]);
    client = await subscribeLms(host, sandbox);
  });

  afterEach(async () => {
    await Promise.all(started.splice(0).map((senders) => senders.abandon()));
  });

  afterAll(async () => {
    await host?.remove();
    await sandbox?.close();
  });

  function sendersNamed(name: string, count: number, batch: number): LearningSenders {
    const senders = new LearningSenders(client, { name, senders: count, batch }, journal);
    started.push(senders);
    senders.start();
    return senders;
  }

  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s: ends with 0, answers who waits, goes on next time',
    async (signal) => {
      const duplicatesBefore = sandbox.lms.counts.duplicates;
      const connectionId = await connectCompany(host.admin, sandbox);
      const stuck = new StuckPlatform(sandbox, 60);
      const runId = await startRun(host.admin, connectionId);
      const stream = await openProgress(host, runId);
      await stuck.reachedBy(host, runId);
      const senders = sendersNamed(signal, 4, 200);
      await untilInTheMiddle(sandbox, senders);

      const postgres = host.postgres.all();
      expect(postgres.length).toBeGreaterThan(1);
      const waiting = senders.inTheHostsHands();
      const stopped = await host.stop(signal);
      console.log(`${signal}: ended after ${stopped.milliseconds} ms with ${waiting.posts} posts in hand`);
      expect(stopped).toMatchObject({ code: 0, signal: null });
      expect(stopped.milliseconds).toBeLessThan(BOUND_MS);
      expect(stopped.complaints).toEqual([]);
      expect(waiting.unanswered()).toBe(0);
      expect(livingOf(postgres)).toEqual([]);
      expect(host.postgres.postmaster()).toBeNull();
      expect(await stream.end).toBe('ended');

      stuck.recover();
      const stopping = senders.stop();
      await host.start();
      expect(await untilEnded(host.admin, runId)).toMatchObject({
        id: runId,
        status: 'success',
        error: null,
      });
      expect(
        differences(await readDirectory(host.admin, connectionId), directoryOf(sandbox.company)),
      ).toEqual([]);
      await stopping;
      await untilDelivered(client);
      const audit = await auditDeliveries(sandbox, client, journal);
      expect(audit).toMatchObject({
        lost: [],
        phantom: [],
        twice: [],
        contradictions: [],
        badSignatures: 0,
        unrecorded: 0,
      });
      // Who is told to stop finishes what is in flight and writes it down: nothing is sent twice.
      expect(sandbox.lms.counts.duplicates).toBe(duplicatesBefore);
    },
  );

  it('does not let a second host onto its folder, says so in one line, and goes on', async () => {
    const second = host.spawnSecond();
    void second.listening.then(
      () => second.kill('SIGKILL'),
      () => undefined,
    );
    const { code } = await second.ended;
    const said = second.stderr().trim().split('\n');
    expect([code, said]).toEqual([
      1,
      [expect.stringMatching(/^another host \(process \d+\) is using the embedded database in /)],
    ]);
    expect(said[0]).toContain(host.dataDir);
    expect(second.stdout()).not.toContain('listening');
    expect((await fetch(`${host.url}/health/ready`)).status).toBe(200);
    const senders = sendersNamed('first', 1, 50);
    await untilInTheMiddle(sandbox, senders);
    await senders.stop();
    await untilDelivered(client);
  });
});

/** Watches a run as a page would: an open stream must not keep the host from ending. */
async function openProgress(host: EmbeddedHost, runId: string): Promise<{ end: Promise<'ended' | 'cut'> }> {
  const response = await fetch(`${host.url}/api/v1/runs/${runId}/progress`, {
    headers: { authorization: `Bearer ${host.adminToken}` },
  });
  expect(response.status).toBe(200);
  const end = response.text().then(
    () => 'ended' as const,
    () => 'cut' as const,
  );
  return { end };
}
