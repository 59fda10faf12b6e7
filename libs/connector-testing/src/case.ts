import type { CapabilityName, Connector } from '@trainbridge/connector-kit';
import type { PlatformUnderTest } from './harness.js';
import type { Stand } from './stand.js';

export interface CaseInput {
  connector: Connector;
  stand: Stand;
  platform: PlatformUnderTest;
}

export interface Case {
  /** What must be true; also what `skip` names it by. */
  name: string;
  /** Only for connectors that have it. */
  capability?: CapabilityName;
  run: (input: CaseInput) => Promise<void>;
}

/** A part of the harness that a case cannot do without. */
export function given<T>(part: T | undefined, name: string): T {
  if (part !== undefined) return part;
  throw new Error(`the harness gives no ${name}: give it, or name this case in skip with the reason`);
}
