import type { Connector } from '@trainbridge/connector-kit';
import { describe, it } from 'vitest';
import { CASES } from './cases/index.js';
import type { ConformanceHarness } from './harness.js';
import { onStand } from './stand.js';

/**
 * Holds a connector to its contract, case by case, each on a platform of its own. Cases of capabilities it does not have do
 * not appear; one that cannot apply is skipped with the harness's reason, which is printed. In every case, whatever the
 * connector answers, throws or logs must be JSON and free of secrets, and no foreign host may be called.
 */
export function describeConnectorConformance(connector: Connector, harness: ConformanceHarness): void {
  const applying = CASES.filter(
    ({ capability }) => capability === undefined || connector[capability] !== undefined,
  );
  const unknown = Object.keys(harness.skip ?? {}).filter(
    (name) => !applying.some((one) => one.name === name),
  );
  if (unknown.length > 0) throw new Error(`skip names no case of this connector: ${unknown.join('; ')}`);
  describe(`conformance of ${connector.manifest.id}`, () => {
    for (const { name, run } of applying) {
      it(name, async (context) => {
        const reason = harness.skip?.[name];
        if (reason !== undefined) {
          console.log(`skipped: ${connector.manifest.id}: ${name}: ${reason}`);
          context.skip(reason);
        }
        await onStand(connector, harness, run);
      });
    }
  });
}
