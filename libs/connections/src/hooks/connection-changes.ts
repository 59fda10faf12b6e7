import { Injectable, Logger } from '@nestjs/common';

/**
 * Runs after a connection was created, changed or deleted, and the change is committed. Only a wake-up: whoever listens reads
 * what is true now, and looks by itself now and then, because a process may die in between.
 */
export type ConnectionChangeListener = (connectionId: string) => Promise<void>;

/** Features register in `onModuleInit`. */
@Injectable()
export class ConnectionChanges {
  private readonly logger = new Logger('Connections');
  private readonly listeners: ConnectionChangeListener[] = [];

  register(listener: ConnectionChangeListener): void {
    this.listeners.push(listener);
  }

  /** Never throws: the change is made, whatever becomes of the telling. */
  async tell(connectionId: string): Promise<void> {
    for (const listener of this.listeners) {
      await listener(connectionId).catch((error: unknown) =>
        this.logger.warn(`a change of ${connectionId} was not told: ${String(error)}`),
      );
    }
  }
}
