export {
  createDataSource,
  runMigrations,
  DatabaseNewerError,
  type CreateDataSourceOptions,
} from './data-source.js';
export { DatabaseHandle } from './database-handle.js';
export {
  moveDatabase,
  MoveDatabaseError,
  type MovedDatabase,
  type MoveDatabaseOptions,
} from './move/move-database.js';
export { DatabaseStartError } from './database-start-error.js';
export { removeDataDir } from './embedded/remove-data-dir.js';
export { newId } from './id.js';
export type { PersistenceLog } from './log.js';
export { MIGRATIONS } from './migrations/index.js';
export { openDatabase, type DatabaseLocation } from './open-database.js';
export {
  OutgoingEvents,
  type NewOutgoingEvent,
  type OutgoingEvent,
  type OutgoingEventListener,
} from './outgoing-events.js';
export { PersistenceModule, type PersistenceOptions } from './persistence.module.js';
export { affected, rows, storable, storableJson, type Sql } from './sql.js';
