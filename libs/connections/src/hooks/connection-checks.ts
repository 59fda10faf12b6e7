import { Injectable } from '@nestjs/common';
import type { Finding } from '@trainbridge/connector-kit';

/** What a feature knows about a connection's ability to work, without asking the platform. */
export type ConnectionCheckSource = (connectionId: string) => Promise<Finding[]>;

/** Features register findings of their own for `POST …/check` in `onModuleInit`. */
@Injectable()
export class ConnectionChecks {
  private readonly sources: ConnectionCheckSource[] = [];

  register(source: ConnectionCheckSource): void {
    this.sources.push(source);
  }

  async collect(connectionId: string): Promise<Finding[]> {
    return (await Promise.all(this.sources.map((source) => source(connectionId)))).flat();
  }
}
