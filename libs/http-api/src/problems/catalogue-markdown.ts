import { localize, type Language } from '../language.js';
import { problemCatalogue, type ProblemKind } from './catalogue.js';

const WORDS = {
  en: {
    title: 'Error catalogue',
    intro: 'Every error is `application/problem+json` (RFC 9457) with one of these codes.',
    head: ['Code', 'Status', 'Meaning', 'What to do'],
  },
  'zh-CN': {
    title: '错误码目录',
    intro: '所有错误均为 `application/problem+json`（RFC 9457），错误码如下。',
    head: ['错误码', '状态码', '含义', '处理办法'],
  },
};

/** The error catalogue as a document for readers; `docs/errors*.md` are made of it. */
export function catalogueMarkdown(language: Language): string {
  const { title, intro, head } = WORDS[language];
  const rows = Object.entries<ProblemKind>(problemCatalogue)
    .sort(([, a], [, b]) => a.status - b.status)
    .map(([code, kind]) => [
      `\`${code}\``,
      String(kind.status),
      localize(kind.title, language),
      localize(kind.advice, language),
    ]);
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `# ${title}\n\n${intro}\n\n${lines.join('\n')}\n`;
}
