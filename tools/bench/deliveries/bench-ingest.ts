import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { median, type BenchRow } from '../rows.js';
import { Api } from './api.js';
import { withBenchHost } from './bench-host.js';
import { sampleEvents } from './sample-events.js';
import { inBatches, sendBodies, SENDERS } from './send-events.js';

const EVENTS = 10_000;
const SINGLES = 2_000;
const SINGLE_SENDERS = 32;

interface Round {
  copied: number;
  batches: number;
  singles: number;
}

/**
 * Learning events accepted durably over HTTP: in batches of 100, four under way at once, and one by one, 32 at once. The
 * ceiling is COPY of the very rows that were left behind, into empty tables with the same indexes.
 */
export async function benchIngest({ rounds }: { rounds: number }): Promise<BenchRow[]> {
  return withBenchHost(async ({ hostUrl, token, databaseUrl }) => {
    const api = new Api(hostUrl, token, SINGLE_SENDERS);
    const database = new Client(databaseUrl);
    await database.connect();
    try {
      const measured: Round[] = [];
      for (let number = 0; number <= rounds; number++) {
        await database.query('truncate learning_events, outgoing_events');
        const batches = inBatches(sampleEvents(EVENTS, `${number}-batch`), 100);
        const batchSeconds = await sendBodies(api, batches, EVENTS, SENDERS);
        const copySeconds = await timeCopy(database);
        const singles = sampleEvents(SINGLES, `${number}-single`).map((event) => JSON.stringify(event));
        const singleSeconds = await sendBodies(api, singles, SINGLES, SINGLE_SENDERS);
        if (number === 0) continue;
        measured.push({
          copied: EVENTS / copySeconds,
          batches: EVENTS / batchSeconds,
          singles: SINGLES / singleSeconds,
        });
      }
      return rowsOf(measured);
    } finally {
      await database.end();
      await api.close();
    }
  });
}

async function timeCopy(database: Client): Promise<number> {
  let seconds = 0;
  for (const table of ['outgoing_events', 'learning_events']) {
    const chunks: Buffer[] = [];
    for await (const chunk of database.query(copyTo(`copy ${table} to stdout`))) chunks.push(chunk as Buffer);
    await database.query(`create table copied (like ${table} including all)`);
    const began = performance.now();
    await pipeline(Readable.from(chunks), database.query(copyFrom('copy copied from stdin')));
    seconds += (performance.now() - began) / 1_000;
    await database.query('drop table copied');
  }
  return seconds;
}

function rowsOf(rounds: readonly Round[]): BenchRow[] {
  const rate = (of: (round: Round) => number): number => median(rounds.map(of));
  const ratio = median(rounds.map((round) => round.batches / round.copied));
  const unit = 'events/s';
  return [
    { name: 'COPY of the same rows', value: rate((r) => r.copied), unit },
    { name: 'batches of 100, 4 at once', value: rate((r) => r.batches), unit, ratio },
    { name: 'one by one, 32 at once', value: rate((r) => r.singles), unit },
  ];
}
