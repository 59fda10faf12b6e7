import type { TrainbridgeClient } from '@trainbridge/api-client';
import { startSandbox, type Sandbox } from '@trainbridge/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditDeliveries } from '../../src/delivery-audit.js';
import { EmbeddedHost } from '../../src/embedded-host.js';
import { LearningSenders } from '../../src/learning-senders.js';
import { subscribeLms, untilDelivered, untilInTheMiddle } from '../../src/lms-of-host.js';

const KILLS = 3;
/** Requests at once to one receiver, and the largest batch of results that may be on its way into the database. */
const MOST_IN_FLIGHT = 64 + 1_000;

describe('learning events while the host is killed', { timeout: 120_000 }, () => {
  let host: EmbeddedHost;
  let sandbox: Sandbox;
  let client: TrainbridgeClient;

  beforeAll(async () => {
    host = await EmbeddedHost.prepare();
    [sandbox] = await Promise.all([startSandbox({ people: 10 }), host.start()]);
    client = await subscribeLms(host, sandbox);
  });

  afterAll(async () => {
    await host?.remove();
    await sandbox?.close();
  });

  it('loses none that it acknowledged, invents none, and repeats only what was in flight', async () => {
    const senders = new LearningSenders(client, { name: 'kill', senders: 4, batch: 50 });
    const { journal } = senders;
    senders.start();
    for (let kills = 0; kills < KILLS; kills += 1) {
      await untilInTheMiddle(sandbox, senders);
      await host.kill();
      await host.start();
    }
    await untilInTheMiddle(sandbox, senders);
    await senders.stop();
    await untilDelivered(client);

    const audit = await auditDeliveries(sandbox, client, journal);
    console.log(
      `${KILLS} kills: ${audit.acknowledged} events acknowledged, ${audit.lost.length} lost, ${audit.duplicates} delivered twice; ` +
        `${journal.failedPosts} posts without an answer, ${journal.repeated} events of them had been taken`,
    );
    expect(audit).toMatchObject({ lost: [], phantom: [], twice: [], contradictions: [], badSignatures: 0 });
    expect(audit.duplicates).toBe(audit.unrecorded);
    expect(audit.duplicates).toBeLessThanOrEqual(KILLS * MOST_IN_FLIGHT);
  });
});
