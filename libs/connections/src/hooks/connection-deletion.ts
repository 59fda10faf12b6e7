import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** What becomes of the people of a deleted connection. */
export type PeopleDecision = 'keep' | 'erase';

/**
 * Runs in the transaction that deletes the connection, before its row goes; what it throws keeps the connection. It may
 * throw a ProblemError 409, for instance while a run is applying.
 */
export type ConnectionDeletionHook = (
  manager: EntityManager,
  connectionId: string,
  people: PeopleDecision,
) => Promise<void>;

/** Features register what has to go with a connection in `onModuleInit`. */
@Injectable()
export class ConnectionDeletion {
  private readonly hooks: ConnectionDeletionHook[] = [];

  register(hook: ConnectionDeletionHook): void {
    this.hooks.push(hook);
  }

  async run(manager: EntityManager, connectionId: string, people: PeopleDecision): Promise<void> {
    for (const hook of this.hooks) await hook(manager, connectionId, people);
  }
}
