import type { TrainbridgeClient } from '@trainbridge/api-client';
import { startSandbox, type Sandbox } from '@trainbridge/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { auditDeliveries } from '../../src/delivery-audit.js';
import { connectCompany, startRun, untilEnded } from '../../src/directory-run.js';
import { differences, directoryOf, readDirectory } from '../../src/directory-snapshot.js';
import { EmbeddedHost } from '../../src/embedded-host.js';
import { until } from '../../src/expect-data.js';
import { Journal, LearningSenders } from '../../src/learning-senders.js';
import { subscribeLms, untilDelivered, untilInTheMiddle } from '../../src/lms-of-host.js';
import { livingOf } from '../../src/postgres-processes.js';
import { StuckPlatform } from '../../src/stuck-platform.js';

describe(
  'an embedded database that is killed while its host syncs, takes events and delivers',
  {
    timeout: 120_000,
  },
  () => {
    const journal = new Journal();
    const started: LearningSenders[] = [];
    let host: EmbeddedHost;
    let sandbox: Sandbox;
    let client: TrainbridgeClient;

    beforeAll(async () => {
      host = await EmbeddedHost.prepare();
      [sandbox] = await Promise.all([startSandbox({ people: 500 }), host.start()]);
      client = await subscribeLms(host, sandbox);
    });

    afterEach(async () => {
      await Promise.all(started.splice(0).map((senders) => senders.abandon()));
    });

    afterAll(async () => {
      await host?.remove();
      await sandbox?.close();
    });

    it.each([
      ['the host lives on and starts it again', async () => undefined],
      [
        'the host is killed with it, as when the power fails',
        async () => {
          await host.kill();
          await host.start();
        },
      ],
    ])('loses nothing that was acknowledged: %s', async (name, andThen) => {
      const connectionId = await connectCompany(host.admin, sandbox);
      const stuck = new StuckPlatform(sandbox, 12, 4_000);
      const runId = await startRun(host.admin, connectionId);
      await stuck.reachedBy(host, runId);
      const senders = new LearningSenders(
        client,
        { name: name.slice(0, 20), senders: 4, batch: 50 },
        journal,
      );
      started.push(senders);
      senders.start();
      await untilInTheMiddle(sandbox, senders);
      const killed = host.postgres.killPostmaster();
      await andThen();
      stuck.recover();
      await until(
        'a new database',
        async () => {
          const ready = await fetch(`${host.url}/health/ready`).catch(() => null);
          return ready?.status === 200 && livingOf([killed]).length === 0 ? true : null;
        },
        60_000,
      );
      expect(host.postgres.postmaster()).not.toBe(killed);

      // What was staged is not kept through a crash of PostgreSQL: the run reads again, and says success only then.
      await untilInTheMiddle(sandbox, senders);
      const stopping = senders.stop();
      const run = await untilEnded(host.admin, runId);
      expect(run).toMatchObject({ id: runId, status: 'success', error: null });
      expect(run.counts.users).toMatchObject({ created: 500, updated: 0, disabled: 0, rejected: 0 });
      expect(
        differences(await readDirectory(host.admin, connectionId), directoryOf(sandbox.company)),
      ).toEqual([]);
      await stopping;
      await untilDelivered(client);
      const audit = await auditDeliveries(sandbox, client, journal);
      console.log(
        `${name}: ${audit.acknowledged} events acknowledged, ${audit.duplicates} delivered twice so far`,
      );
      expect(audit).toMatchObject({ lost: [], phantom: [], twice: [], contradictions: [], badSignatures: 0 });
    });
  },
);
