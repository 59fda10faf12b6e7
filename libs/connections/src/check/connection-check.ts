import { Injectable, Logger } from '@nestjs/common';
import {
  isConnectorError,
  type Finding,
  type JsonObject,
  type LocalizedText,
} from '@trainbridge/connector-kit';
import { localize, type Language } from '@trainbridge/http-api';
import { FixtureRecorder } from './fixture-recorder.js';
import type { ConnectionContext } from '../connection.js';
import { Connections } from '../connections.js';
import { ConnectionChecks } from '../hooks/connection-checks.js';
import type { CheckResultDto, FindingDto } from '../dto/connection.dto.js';

const TIMEOUT_MS = 60_000;

/** Looks whether a connection can do its work: what the host knows first, then what the platform says. Reads only. */
@Injectable()
export class ConnectionCheck {
  private readonly logger = new Logger('Connections');

  constructor(
    private readonly connections: Connections,
    private readonly sources: ConnectionChecks,
  ) {}

  /** @throws {ProblemError} `not_found`; everything else becomes a finding. */
  async run(id: string, language: Language, options: { fixtures: boolean }): Promise<CheckResultDto> {
    await this.connections.require(id);
    const findings: Finding[] = [];
    const recorder = new FixtureRecorder();
    let redact = (text: string): string => text;
    try {
      const context = await this.connections.contextFor(id, AbortSignal.timeout(TIMEOUT_MS));
      redact = context.redact;
      findings.push(...callbackFinding(context), ...(await this.sources.collect(id)));
      const asked = options.fixtures ? recorder.recording(context.context) : context.context;
      findings.push(...(await context.connector.check(asked)));
    } catch (error) {
      findings.push(failure(error));
      if (!isConnectorError(error)) {
        const stack = error instanceof Error ? error.stack : undefined;
        this.logger.error(`the check of ${id} failed in an unexpected way`, redact(stack ?? String(error)));
      }
    }
    return {
      ok: findings.length > 0 && findings.every(({ ok }) => ok),
      findings: findings.map((finding) => toDto(finding, language, redact)),
      ...(options.fixtures ? { fixtures: recorder.fixtures(redact) } : {}),
    };
  }
}

/** Says why the platform cannot send events. Not a failure: full runs find every change, only later. */
function callbackFinding({ connector, connection }: ConnectionContext): Finding[] {
  if (!connector.manifest.events?.delivery.includes('callback')) return [];
  const { callbackUrl } = connection;
  if (callbackUrl !== null) {
    return [
      {
        step: 'callback-url',
        ok: true,
        message: {
          en: `The platform should send events to ${callbackUrl}.`,
          'zh-CN': `平台应将事件发送到 ${callbackUrl}。`,
        },
        data: { callbackUrl },
      },
    ];
  }
  return [
    {
      step: 'callback-url',
      ok: true,
      message: {
        en: 'There is no callback URL, because PUBLIC_URL is not set: the platform cannot send events, and changes arrive with the next run only.',
        'zh-CN': '未设置 PUBLIC_URL，因此没有回调地址：平台无法推送事件，变更只会在下一次同步时到达。',
      },
      advice: {
        en: 'Set PUBLIC_URL to the https address under which this host is reached from outside, and start it again.',
        'zh-CN': '请将 PUBLIC_URL 设为外部访问本系统的 https 地址，然后重启。',
      },
      data: { callbackUrl: null },
    },
  ];
}

function failure(error: unknown): Finding {
  if (!isConnectorError(error)) {
    return {
      step: 'check',
      ok: false,
      message: {
        en: 'The connector failed in an unexpected way; the log of the host has the details.',
        'zh-CN': '连接器出现意外错误，详情见系统日志。',
      },
      advice: { en: 'Report it to the author of the connector.', 'zh-CN': '请反馈给连接器的作者。' },
    };
  }
  const { code, message, advice, vendorCode, vendorMessage } = error.data;
  const said = vendorCode === undefined ? '' : ` (${vendorCode}${vendorMessage ? `: ${vendorMessage}` : ''})`;
  const text = `${message}${said}`;
  return {
    step: 'check',
    ok: false,
    message: { en: text, 'zh-CN': text },
    ...(advice ? { advice } : {}),
    data: { code },
  };
}

function toDto(finding: Finding, language: Language, redact: (text: string) => string): FindingDto {
  const shown = (text: LocalizedText): string => redact(localize(text, language));
  return {
    step: finding.step,
    ok: finding.ok,
    message: shown(finding.message),
    ...(finding.advice ? { advice: shown(finding.advice) } : {}),
    ...(finding.data ? { data: redacted(finding.data, redact) } : {}),
  };
}

/** Figures may hold what the platform said, too. */
function redacted(data: JsonObject, redact: (text: string) => string): JsonObject {
  return JSON.parse(JSON.stringify(data), (_key, value: unknown) =>
    typeof value === 'string' ? redact(value) : value,
  ) as JsonObject;
}
