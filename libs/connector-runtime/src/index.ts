export { AddressPolicy, AddressRefusedError, type AddressPolicyOptions } from './address-policy.js';
export { secretsOf } from './config-secrets.js';
export { failureData, redactedError, redactingConnector } from './connector-failure.js';
export {
  ConnectorRuntime,
  type ContextInput,
  type RuntimeConnection,
  type RuntimeOptions,
} from './connector-runtime.js';
export { isCompatible, shapeProblem } from './connector-shape.js';
export type { Exchange, ExchangeListener } from './exchange.js';
export { loadConnectors, type Importer, type LoadedConnector } from './load-connectors.js';
export {
  InProcessRateLimiter,
  type InProcessRateLimiterOptions,
  type RateLimiter,
  type RateWindow,
} from './rate-limiter.js';
export { maskPersonal, Redactor } from './redactor.js';
export { MemoryTokenStore, type StoredToken, type TokenStore } from './tokens.js';
export { untilAborted } from './until-aborted.js';
export {
  validateAgainst,
  validateConfig,
  type ConfigIssue,
  type ConfigValidation,
} from './validate-config.js';
