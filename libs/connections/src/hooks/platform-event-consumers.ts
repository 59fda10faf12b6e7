import type { ConnectorErrorData, JsonObject, PlatformEventKind } from '@trainbridge/connector-kit';

/** An event of the inbox that is due. */
export interface DuePlatformEvent {
  id: string;
  kind: PlatformEventKind;
  /** External ids it is about. For `user.renamed`: the new id. */
  ids: string[];
  /** For `user.renamed`: the id until now. */
  previousId: string | null;
  /** By the platform's clock. */
  occurredAt: Date;
  receivedAt: Date;
  data: JsonObject;
  /** 1 at the first try. */
  attempt: number;
}

/**
 * What became of one event. `failed` is tried again after a growing pause, and is `dead` after the last try or at once when
 * `final`. `later` costs no attempt: somebody else has to finish first (a run is on its way, say).
 */
export type PlatformEventOutcome =
  | { status: 'applied' | 'ignored'; detail?: string }
  | {
      status: 'failed';
      error: Pick<ConnectorErrorData, 'code' | 'message'>;
      final?: boolean;
      retryAfterMs?: number;
    }
  | { status: 'later'; afterMs: number };

export interface PlatformEventConsumer {
  kinds: readonly PlatformEventKind[];
  /**
   * Gets up to 500 due events of one connection, all of its kinds, in the order they arrived; never two calls for one
   * connection at the same time. Answers outcomes by event id; an event without one counts as failed, and what is
   * thrown fails the whole batch. Must be idempotent: after a crash the same events come again. Ends soon after
   * `signal` aborts by throwing; such a batch comes again without having cost an attempt.
   */
  handle(
    connectionId: string,
    events: DuePlatformEvent[],
    signal: AbortSignal,
  ): Promise<Map<string, PlatformEventOutcome>>;
}

/** Where features say which events they understand, in `onModuleInit`. One consumer per kind; a kind without one is ignored. */
export abstract class PlatformEventConsumers {
  abstract register(consumer: PlatformEventConsumer): void;
}
