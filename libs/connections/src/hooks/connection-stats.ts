import { Injectable } from '@nestjs/common';
import type { JsonObject } from '@trainbridge/connector-kit';

/** The connection this process holds to the platform for its events. */
export interface ListenerState {
  /** `off`: the platform offers none, the setting says no, or another process holds it. */
  status: 'off' | 'connecting' | 'connected' | 'waiting';
  /** ISO 8601; of this status. */
  since: string | null;
  lastMessageAt: string | null;
  /** Why the last try failed; null once one succeeded. */
  error: { code: string; message: string } | null;
}

/** What `GET …/stats` answers; each part comes from the feature that owns it. */
export interface ConnectionStats {
  users: { active: number; pending: number; disabled: number };
  departments: number;
  /** The latest run as `GET /api/v1/runs/{id}` shows it. */
  lastRun: JsonObject | null;
  /** ISO 8601; when the platform last told us something. */
  lastEventAt: string | null;
  deliveries: { pending: number; dead: number };
  /** Of enrollments on the platform: on their way, and given up. */
  todos: { pending: number; failed: number };
  listener: ListenerState;
}

export type ConnectionStatsSource = (connectionId: string) => Promise<Partial<ConnectionStats>>;

/** Features register what they know about a connection in `onModuleInit`, so that nobody has to import them. */
@Injectable()
export class ConnectionStatsSources {
  private readonly sources: ConnectionStatsSource[] = [];

  register(source: ConnectionStatsSource): void {
    this.sources.push(source);
  }

  async collect(connectionId: string): Promise<ConnectionStats> {
    const parts = await Promise.all(this.sources.map((source) => source(connectionId)));
    const nothing: ConnectionStats = {
      users: { active: 0, pending: 0, disabled: 0 },
      departments: 0,
      lastRun: null,
      lastEventAt: null,
      deliveries: { pending: 0, dead: 0 },
      todos: { pending: 0, failed: 0 },
      listener: { status: 'off', since: null, lastMessageAt: null, error: null },
    };
    return Object.assign(nothing, ...parts) as ConnectionStats;
  }
}
