import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import {
  ConnectionChanges,
  ConnectionChecks,
  ConnectionDeletion,
  Connections,
  Connectors,
} from '@trainbridge/connections';
import { ConnectorError, isConnectorError, type Finding } from '@trainbridge/connector-kit';
import { untilAborted } from '@trainbridge/connector-runtime';
import { JobQueue } from '@trainbridge/jobs';
import { DataSource } from 'typeorm';

const QUEUE = 'event-activation';
const SWEEP_QUEUE = 'event-activation-sweep';
const SWEEP_EVERY_MS = 60_000;
const CONNECTIONS_AT_ONCE = 4;
const TIMEOUT_MS = 60_000;
/** Platforms forget: registrations are repeated once a day. */
const AGAIN_AFTER_SECONDS = 24 * 3_600;
const FIRST_PAUSE_SECONDS = 30;
const LONGEST_PAUSE_SECONDS = 3_600;

/**
 * Tells platforms to send events where that takes calls of its own (`events.activate`): after a connection changed and once
 * a day, again after failures with growing pauses. What was found stands in `check`.
 */
@Injectable()
export class EventActivation implements OnModuleInit {
  private readonly logger = new Logger('PlatformEvents');

  constructor(
    private readonly dataSource: DataSource,
    private readonly connections: Connections,
    private readonly connectors: Connectors,
    private readonly changes: ConnectionChanges,
    private readonly checks: ConnectionChecks,
    private readonly deletion: ConnectionDeletion,
    private readonly jobs: JobQueue,
  ) {}

  onModuleInit(): void {
    this.jobs.process(QUEUE, { concurrency: CONNECTIONS_AT_ONCE }, ({ key, signal }) =>
      this.activate(key, signal),
    );
    this.jobs.process(SWEEP_QUEUE, { concurrency: 1 }, () => this.sweep());
    this.jobs.every(SWEEP_QUEUE, 'sweep', SWEEP_EVERY_MS);
    this.changes.register(() => this.jobs.wake(SWEEP_QUEUE, 'sweep'));
    this.checks.register((id) => this.findings(id));
    this.deletion.register(async (manager, id) => {
      await manager.query(`delete from event_activations where connection_id = $1`, [id]);
    });
  }

  private async sweep(): Promise<void> {
    const due = await this.dataSource.query<{ id: string; connector: string }[]>(
      `select c.id, c.connector from connections c left join event_activations a on a.connection_id = c.id
       where a.connection_id is null or a.revision <> c.revision or a.next_attempt_at <= now()`,
    );
    for (const { id, connector } of due) {
      if (this.connectors.find(connector)?.events?.activate) await this.jobs.wake(QUEUE, id);
    }
  }

  private async activate(id: string, signal: AbortSignal): Promise<void> {
    const opened = await this.connections
      .contextFor(id, AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]))
      .catch((error: unknown) => {
        // Deleted in between, or not loadable any more: other places tell.
        this.logger.warn(`events of ${id} were not activated: ${String(error)}`);
        return null;
      });
    const events = opened?.connector.events;
    if (!opened || !events?.activate) return;
    let findings: Finding[];
    try {
      findings = await untilAborted(opened.context.signal, () => events.activate!(opened.context));
    } catch (thrown) {
      if (signal.aborted) return;
      const error = opened.context.signal.aborted
        ? new ConnectorError('unavailable', 'The connector did not come to an end.')
        : thrown;
      findings = [failed(error)];
      if (!isConnectorError(error)) {
        this.logger.error(`activating events of ${id} failed`, opened.redact(String((error as Error).stack)));
      }
    }
    await this.store(id, opened.connection.revision, findings, opened.redact);
  }

  private async store(
    id: string,
    revision: number,
    findings: readonly Finding[],
    redact: (text: string) => string,
  ): Promise<void> {
    const ok = findings.every((finding) => finding.ok);
    await this.dataSource.query(
      `insert into event_activations as a (connection_id, revision, findings, failures, next_attempt_at)
       select $1, $2, $3, case when $4 then 0 else 1 end,
         now() + make_interval(secs => case when $4 then ${AGAIN_AFTER_SECONDS} else ${FIRST_PAUSE_SECONDS} end)
       where exists (select from connections where id = $1)
       on conflict (connection_id) do update set revision = $2, findings = $3, tried_at = now(),
         failures = case when $4 then 0 else a.failures + 1 end,
         next_attempt_at = now() + make_interval(secs => case when $4 then ${AGAIN_AFTER_SECONDS}
           else least(${LONGEST_PAUSE_SECONDS}, ${FIRST_PAUSE_SECONDS} * 2 ^ least(a.failures, 20)) end)`,
      // Whatever a connector says may hold what the platform told it.
      [id, revision, redact(JSON.stringify(findings)), ok],
    );
  }

  private async findings(id: string): Promise<Finding[]> {
    const [row] = await this.dataSource.query<{ findings: Finding[] }[]>(
      `select findings from event_activations where connection_id = $1`,
      [id],
    );
    return row?.findings ?? [];
  }
}

function failed(error: unknown): Finding {
  const step = 'activate-events';
  if (!isConnectorError(error)) {
    return {
      step,
      ok: false,
      message: {
        en: 'The connector failed in an unexpected way; the log of the host has the details.',
        'zh-CN': '连接器出现意外错误，详情见系统日志。',
      },
    };
  }
  const { code, message, advice, vendorCode } = error.data;
  const text = `${message}${vendorCode === undefined ? '' : ` (${vendorCode})`}`;
  return {
    step,
    ok: false,
    message: {
      en: `The platform was not told to send events: ${text}`,
      'zh-CN': `未能让平台推送事件：${text}`,
    },
    ...(advice ? { advice } : {}),
    data: { code },
  };
}
