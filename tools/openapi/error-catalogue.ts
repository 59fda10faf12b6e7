import { ERROR_CODES } from '@trainbridge/connector-kit';
import { problemCatalogue, type ProblemKind } from '@trainbridge/http-api';
import { format, resolveConfig } from 'prettier';

type ConnectorCode = keyof typeof ERROR_CODES;

const INTRO = `# Error catalogue · 错误码

Made from the code by \`npm run openapi\`; do not edit. 本页由 \`npm run openapi\` 生成，请勿手改。

Every error is \`application/problem+json\` (RFC 9457). \`code\` is stable: let programs decide by it. \`detail\` says what is wrong in this
case and follows \`Accept-Language\` (\`en\`, \`zh-CN\`); \`errors\` lists paths into the input; \`requestId\` is in the host's log. A running
host shows this list at \`/docs/errors\`.

所有错误均为 \`application/problem+json\`（RFC 9457）。程序请按 \`code\` 判断，它不会变；\`detail\` 说明这一次具体错在哪里，语言跟随
\`Accept-Language\`（\`en\`、\`zh-CN\`）；\`errors\` 给出输入中的路径；\`requestId\` 可在主机日志里查到。运行中的主机在 \`/docs/errors\` 提供同一份列表。
`;

const PLATFORM_INTRO = `## From a platform, or from the API · 来自平台，也用于 API

The codes a connector may report; they stand in runs and platform events too. With one of them, \`vendorCode\`, \`vendorMessage\` and
\`vendorRequestId\` repeat what the platform itself said. The API uses some of them for itself: \`not_found\`, \`rate_limited\`,
\`cursor_expired\`, \`unavailable\`, \`internal\`.

连接器可能报告的错误码，也会出现在同步任务和平台事件里；此时 \`vendorCode\`、\`vendorMessage\`、\`vendorRequestId\` 是平台的原话。其中
\`not_found\`、\`rate_limited\`、\`cursor_expired\`、\`unavailable\`、\`internal\` 也用于 API 自身。
`;

const ACTORS: Record<(typeof ERROR_CODES)[ConnectorCode]['actor'], string> = {
  caller: 'caller · 调用方',
  deployer: 'who configured the connection · 配置连接的人',
  developer: 'whoever wrote the code · 开发者',
  nobody: 'nobody, it passes · 无需处理',
  platform: 'the platform · 平台方',
};

/**
 * `docs/errors.md`: every code of the API with its meaning and advice in both languages, and for those of connectors who
 * has to act and whether the host tries again. Formatted as Prettier would, for `file`.
 */
export async function errorCatalogue(file: string): Promise<string> {
  const all = Object.entries<ProblemKind>(problemCatalogue);
  const byStatus = (list: typeof all): typeof all => list.sort(([, a], [, b]) => a.status - b.status);
  const own = byStatus(all.filter(([code]) => !isConnectorCode(code)));
  const platform = byStatus(all.filter(([code]) => isConnectorCode(code)));
  const markdown = [
    INTRO,
    '## From the API · 来自 API\n',
    table(
      ['Code', 'Status', 'English', '中文'],
      own.map(([code, kind]) => [anchor(code), String(kind.status), told(kind, 'en'), told(kind, 'zh-CN')]),
    ),
    PLATFORM_INTRO,
    table(
      ['Code', 'Status', 'Host retries · 主机重试', 'Who acts · 谁来处理', 'English', '中文'],
      platform.map(([code, kind]) => {
        const { retry, actor } = ERROR_CODES[code as ConnectorCode];
        return [
          anchor(code),
          String(kind.status),
          retry ? 'yes · 是' : 'no · 否',
          ACTORS[actor],
          told(kind, 'en'),
          told(kind, 'zh-CN'),
        ];
      }),
    ),
  ].join('\n');
  return format(markdown, { ...(await resolveConfig(file)), filepath: file });
}

function isConnectorCode(code: string): code is ConnectorCode {
  return Object.hasOwn(ERROR_CODES, code);
}

/** `docs/errors.md#rate_limited` leads to the line. */
function anchor(code: string): string {
  return `<a id="${code}"></a>\`${code}\``;
}

function told({ title, advice }: ProblemKind, language: 'en' | 'zh-CN'): string {
  const stop = language === 'en' ? '.' : '。';
  return `**${title[language]}${stop}** ${advice[language]}`;
}

function table(head: string[], rows: string[][]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`)
    .join('');
}
