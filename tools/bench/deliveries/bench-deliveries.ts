import { Client } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { median, type BenchRow } from '../rows.js';
import { Api } from './api.js';
import { withBenchHost, type BenchHost } from './bench-host.js';
import { timeBareSending } from './ceiling.js';
import { Receiver } from './receiver.js';
import type { Reception } from './receiver-process.js';
import { sampleEvents } from './sample-events.js';
import { inBatches, sendBodies, SENDERS } from './send-events.js';

const EVENTS = 10_000;
const BATCH = 100;

interface Round {
  ceiling: number;
  drained: number;
  endToEnd: number;
  receptions: Reception[];
}

interface Setup {
  api: Api;
  database: Client;
  receiver: Receiver;
  subscription: { id: string; secret: string };
}

/**
 * 10,000 events of about 700 bytes to one subscription whose receiver, in a process of its own, checks every signature.
 * Measured: a backlog, from first to last arrival; and the whole way, from the first POST of a batch to the last arrival.
 * Parts of a round are interleaved; figures are events per second, medians after one round that warms everything up.
 */
export async function benchDeliveries({ rounds }: { rounds: number }): Promise<BenchRow[]> {
  return withBenchHost(async (host) => {
    const setup = await prepare(host);
    try {
      const measured: Round[] = [];
      for (let number = 0; number <= rounds; number++) {
        const round = await runRound(setup, `${number}`);
        if (number > 0) measured.push(round);
      }
      return rowsOf(measured);
    } finally {
      setup.receiver.stop();
      await setup.api.close();
      await setup.database.end();
    }
  });
}

async function prepare({ hostUrl, token, databaseUrl }: BenchHost): Promise<Setup> {
  const receiver = await Receiver.start();
  const database = new Client(databaseUrl);
  await database.connect();
  const api = new Api(hostUrl, token, SENDERS);
  const subscription = await api.post<Setup['subscription']>('/subscriptions', {
    url: receiver.url,
    eventTypes: ['*'],
  });
  return { api, database, receiver, subscription };
}

async function runRound({ api, database, receiver, subscription }: Setup, name: string): Promise<Round> {
  const ceiling = await bareSending(receiver, subscription.secret, name);

  await setActive(database, subscription.id, false);
  await sendBodies(api, inBatches(sampleEvents(EVENTS, `${name}-backlog`), BATCH), EVENTS);
  await makeBacklog(database, subscription.id, `bench-${name}-backlog-%`);
  await receiver.begin(subscription.secret);
  await setActive(database, subscription.id, true);
  const backlog = await receiver.untilArrived(EVENTS);
  await untilRecorded(database);
  const backlogEnd = await receiver.report();

  await receiver.begin(subscription.secret);
  const bodies = inBatches(sampleEvents(EVENTS, `${name}-live`), BATCH);
  const began = performance.timeOrigin + performance.now();
  await sendBodies(api, bodies, EVENTS);
  const live = await receiver.untilArrived(EVENTS);
  await untilRecorded(database);
  const liveEnd = await receiver.report();
  return {
    ceiling,
    drained: EVENTS / ((backlog.lastDistinctAt - backlog.firstAt) / 1_000),
    endToEnd: EVENTS / ((live.lastDistinctAt - began) / 1_000),
    receptions: [backlogEnd, liveEnd],
  };
}

async function bareSending(receiver: Receiver, secret: string, name: string): Promise<number> {
  const bodies = sampleEvents(EVENTS, `${name}-bare`).map((event) => {
    const id = `lev_${String(event.id)}`;
    return { id, body: JSON.stringify({ id, type: event.type, timestamp: event.occurredAt, data: event }) };
  });
  await receiver.begin(secret);
  return EVENTS / (await timeBareSending(receiver.url, secret, bodies));
}

async function setActive(database: Client, subscriptionId: string, active: boolean): Promise<void> {
  await database.query('update subscriptions set status = $2 where id = $1', [
    subscriptionId,
    active ? 'active' : 'disabled',
  ]);
}

/** What the fan-out would have made while nobody sends. */
async function makeBacklog(database: Client, subscriptionId: string, eventIds: string): Promise<void> {
  await database.query(
    `with made as (
       insert into deliveries (id, outgoing_event_id, subscription_id, event_id)
       select tb_id('dlv'), id, $1, data ->> 'id' from outgoing_events where data ->> 'id' like $2
       returning id, outgoing_event_id, subscription_id)
     insert into delivery_queue (delivery_id, subscription_id, outgoing_event_id, due_at)
     select id, subscription_id, outgoing_event_id, now() from made`,
    [subscriptionId, eventIds],
  );
}

/** So that one part's last write-back is not the next one's burden. */
async function untilRecorded(database: Client): Promise<void> {
  for (;;) {
    const { rows } = await database.query<{ waiting: boolean }>(
      'select exists (select 1 from delivery_queue) as waiting',
    );
    if (!rows[0]?.waiting) return;
    await sleep(50);
  }
}

function rowsOf(rounds: readonly Round[]): BenchRow[] {
  const rate = (of: (round: Round) => number): number => median(rounds.map(of));
  const ratio = (of: (round: Round) => number): number =>
    median(rounds.map((round) => of(round) / round.ceiling));
  const total = (of: (reception: Reception) => number): number =>
    rounds.flatMap(({ receptions }) => receptions).reduce((sum, reception) => sum + of(reception), 0);
  const unit = 'events/s';
  return [
    {
      name: 'undici Pool, 64 in flight, same signing, no queue, no record',
      value: rate((r) => r.ceiling),
      unit,
    },
    {
      name: 'backlog of 10,000, every attempt on record',
      value: rate((r) => r.drained),
      unit,
      ratio: ratio((r) => r.drained),
      target: 0.4,
    },
    {
      name: 'first POST to last arrival, batches of 100',
      value: rate((r) => r.endToEnd),
      unit,
      ratio: ratio((r) => r.endToEnd),
    },
    { name: '  lost', value: total(({ distinct }) => EVENTS - distinct), unit: 'events' },
    { name: '  sent twice', value: total(({ arrived, distinct }) => arrived - distinct), unit: 'events' },
    { name: '  wrong signatures', value: total(({ badSignatures }) => badSignatures), unit: 'events' },
  ];
}
