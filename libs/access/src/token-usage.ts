import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';

const FLUSH_AFTER_MS = 5_000;

/** When and from where each token was last used; written in batches, because every request is a use. */
@Injectable()
export class TokenUsage implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Access');
  private used = new Map<string, { at: Date; ip: string | null }>();
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly dataSource: DataSource) {}

  note(tokenId: string, ip: string | null): void {
    this.used.set(tokenId, { at: new Date(), ip });
    if (this.timer) return;
    this.timer = setTimeout(() => {
      this.flush().catch((error: unknown) =>
        this.logger.warn(`token use was not recorded: ${String(error)}`),
      );
    }, FLUSH_AFTER_MS);
    this.timer.unref();
  }

  async flush(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (this.used.size === 0) return;
    const batch = [...this.used];
    this.used = new Map();
    await this.dataSource.query(
      `update tokens t set last_used_at = used.at, last_used_ip = used.ip
       from unnest($1::text[], $2::timestamptz[], $3::text[]) as used(id, at, ip) where t.id = used.id`,
      [batch.map(([id]) => id), batch.map(([, { at }]) => at), batch.map(([, { ip }]) => ip)],
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush().catch(() => undefined);
  }
}
