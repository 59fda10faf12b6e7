import { Injectable, Logger } from '@nestjs/common';
import { SecretBox } from '@trainbridge/connections';
import { DataSource } from 'typeorm';
import type { LaneSettings } from '../engine/lane-settings.js';
import { DEFAULT_RETRY_SCHEDULE } from '../webhook/retry-schedule.js';
import type { SubscriptionRow } from './subscription-row.js';
import { laneSecrets, openSecrets } from './subscription-secrets.js';

/** Reads and decrypts what the engine needs of subscriptions. One that cannot be decrypted is left out and reported. */
@Injectable()
export class LaneSettingsLoader {
  private readonly log = new Logger('Deliveries');

  constructor(
    private readonly dataSource: DataSource,
    private readonly secretBox: SecretBox,
  ) {}

  async load(subscriptionIds: readonly string[]): Promise<LaneSettings[]> {
    const rows = await this.dataSource.query<SubscriptionRow[]>(
      'select * from subscriptions where id = any($1)',
      [subscriptionIds],
    );
    return rows.flatMap((row) => {
      try {
        return [this.settings(row)];
      } catch (error) {
        this.log.error({
          msg: 'a subscription cannot be served',
          subscriptionId: row.id,
          reason: reasonOf(error),
        });
        return [];
      }
    });
  }

  private settings(row: SubscriptionRow): LaneSettings {
    const secrets = openSecrets(this.secretBox, row.id, row.secrets);
    return {
      subscriptionId: row.id,
      revision: row.revision,
      url: row.url,
      headers: secrets.headers,
      retrySchedule: row.retry_schedule ?? DEFAULT_RETRY_SCHEDULE,
      rateLimit: row.rate_limit,
      secrets: laneSecrets(secrets),
    };
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
