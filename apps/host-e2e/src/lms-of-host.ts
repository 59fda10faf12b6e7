import { createClient, type TrainbridgeClient } from '@trainbridge/api-client';
import type { Sandbox } from '@trainbridge/sandbox';
import type { EmbeddedHost } from './embedded-host.js';
import { dataOf, until } from './expect-data.js';
import type { LearningSenders } from './learning-senders.js';

/** Makes the client of an LMS that posts learning events, and subscribes the sandbox's LMS to them. */
export async function subscribeLms(
  host: EmbeddedHost,
  sandbox: Sandbox,
  delayMs = 40,
): Promise<TrainbridgeClient> {
  const scopes: ['learning-events:write', 'subscriptions:write', 'deliveries:read'] = [
    'learning-events:write',
    'subscriptions:write',
    'deliveries:read',
  ];
  const clients = await host.admin.POST('/api/v1/clients', { body: { name: 'LMS', scopes } });
  const { clientId, clientSecret } = dataOf(clients);
  const client = createClient({ baseUrl: host.url, clientCredentials: { clientId, clientSecret } });
  const body = { url: `${sandbox.lmsUrl}/webhooks`, eventTypes: ['course.*'] };
  const { secret } = dataOf(await client.POST('/api/v1/subscriptions', { body }));
  // Slow enough that there is always something on its way.
  sandbox.lms.configure({ secret, keep: 1_000_000, delayMs });
  return client;
}

/** Waits until more was posted, and more has arrived, and more is on its way. */
export async function untilInTheMiddle(sandbox: Sandbox, senders: LearningSenders): Promise<void> {
  const { journal } = senders;
  const [acknowledged, arrived] = [journal.acknowledged.size, sandbox.lms.counts.unique];
  await until(
    'posting and delivering',
    async () => {
      senders.check();
      const { unique } = sandbox.lms.counts;
      const posting = journal.acknowledged.size >= acknowledged + 400;
      return posting && unique >= arrived + 200 && unique < journal.acknowledged.size ? true : null;
    },
    60_000,
  );
}

/** Waits until nothing waits to be delivered or is under way; what was lost until then will not come any more. */
export async function untilDelivered(client: TrainbridgeClient): Promise<void> {
  const count = async (status: 'pending' | 'sending'): Promise<number> =>
    dataOf(await client.GET('/api/v1/deliveries', { params: { query: { status, limit: 1 } } })).data.length;
  await until(
    'the last delivery',
    // The last look is for those that changed from one to the other between the first two.
    async () =>
      (await count('pending')) + (await count('sending')) + (await count('pending')) === 0 ? true : null,
    60_000,
  );
}
