/**
 * `npm run bench`: what the product does beside the raw limit of the same run, as ratios; rounds interleaved, medians.
 * `-- --only=sync,deliveries`, `-- --people=10000`, `-- --rounds=3` make it shorter.
 */
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { benchDeliveries } from './deliveries/bench-deliveries.js';
import { benchIngest } from './deliveries/bench-ingest.js';
import type { BenchRow } from './rows.js';
import { benchSync } from './sync.js';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'sync,ingest,deliveries' },
    people: { type: 'string', default: '100000' },
    departments: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '5' },
  },
});
const rounds = Number(values.rounds);

const parts: Record<string, { title: string; run: () => Promise<BenchRow[]> }> = {
  deliveries: { title: 'Deliveries', run: () => benchDeliveries({ rounds }) },
  ingest: { title: 'Learning events accepted', run: () => benchIngest({ rounds }) },
  sync: {
    title: 'Org sync',
    run: () => benchSync({ people: Number(values.people), departments: Number(values.departments), rounds }),
  },
};

console.log(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ` +
    `embedded PostgreSQL with its default settings (fsync and synchronous_commit on), ${rounds} rounds, medians`,
);
for (const name of values.only.split(',')) {
  const part = parts[name];
  if (!part) throw new Error(`there is no benchmark "${name}"; known: ${Object.keys(parts).join(', ')}`);
  console.log(`\n${part.title}`);
  print(await part.run());
}

function print(rows: readonly BenchRow[]): void {
  const width = Math.max(...rows.map(({ name }) => name.length));
  for (const { name, value, unit, ratio, target } of rows) {
    const figure = `${value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : 0 })} ${unit}`;
    const compared =
      ratio === undefined
        ? ''
        : `  ratio ${ratio.toFixed(2)}${target === undefined ? '' : `  target ${target} ${ratio >= target ? 'met' : 'MISSED'}`}`;
    console.log(`  ${name.padEnd(width)}  ${figure.padStart(14)}${compared}`);
  }
}
