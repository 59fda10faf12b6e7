/**
 * Platform events about people and departments (helper V, under way):
 *
 * - `directory-events.ts`   `DirectoryEvents`, injectable: registers with `PlatformEventConsumers` for user.changed,
 *   user.left, user.renamed, department.changed, department.removed and visibility.changed
 * - `event-batch.ts`        what a batch of events asks for: which ids to read, who was said to have left, renames
 * - `event-lookup.ts`       the re-reading by `getUsers`/`getDepartments` in the connector's `lookupBatch` pages
 * - `rename-person.ts`      a person's platform id changes, the person stays
 *
 * Everything found goes through the same stage, plan, guard and apply as a full run, as a run of mode `events`.
 */
export {};
