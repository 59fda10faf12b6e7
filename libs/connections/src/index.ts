export type { Connection, ConnectionContext } from './connection.js';
export { Connections, type ConnectionRevision } from './connections.js';
export { ConnectionsModule } from './connections.module.js';
export { ConnectionsOptions } from './connections-options.js';
export { Connectors } from './connectors/connectors.js';
export type { ExchangeEntry } from './exchanges/exchange-entry.js';
export { ExchangeLog } from './exchanges/exchange-log.js';
export { ConnectionChanges, type ConnectionChangeListener } from './hooks/connection-changes.js';
export { ConnectionChecks, type ConnectionCheckSource } from './hooks/connection-checks.js';
export {
  ConnectionDeletion,
  type ConnectionDeletionHook,
  type PeopleDecision,
} from './hooks/connection-deletion.js';
export {
  ConnectionStatsSources,
  type ConnectionStats,
  type ConnectionStatsSource,
  type ListenerState,
} from './hooks/connection-stats.js';
export { CourseLinks, type CourseReference, type ListedCourse } from './hooks/course-links.js';
export {
  PlatformEventConsumers,
  type DuePlatformEvent,
  type PlatformEventConsumer,
  type PlatformEventOutcome,
} from './hooks/platform-event-consumers.js';
export {
  TaskRuns,
  type HoldTaskRun,
  type TaskCounts,
  type TaskRun,
  type TaskRunEnd,
} from './hooks/task-runs.js';
export { SecretBox, SecretUnreadableError, type Envelope } from './secrets/secret-box.js';
export type {
  ConnectionSettings,
  FieldMapping,
  GuardSettings,
  ResultSetting,
  TodoSettings,
} from './settings/connection-settings.js';
