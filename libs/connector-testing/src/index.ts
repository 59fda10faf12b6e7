export { describeConnectorConformance } from './conformance.js';
export type { ConformanceHarness, PlatformUnderTest } from './harness.js';
