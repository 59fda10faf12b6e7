import { describe, expect, it } from 'vitest';
import { guideSteps } from './guide-steps.js';

const block = (info: string, content: string): string => `\`\`\`${info}\n${content}\n\`\`\`\n`;

describe('the steps of a guide', () => {
  it('are its blocks in order: files, commands, what they print, terminals', () => {
    const page = `# Title

Prose with \`code\`.

${block('ts connectors/x/src/index.ts', 'export default 1;\n\nexport const fence = "``";')}
${block('sh', 'ls\nls -l')}
${block('json output', '{ "a": 1 }')}
${block('sh terminal=host', 'node main.js')}
${block('md docs/x.md', 'end')}`;
    expect(guideSteps(page)).toEqual([
      {
        kind: 'file',
        line: 5,
        path: 'connectors/x/src/index.ts',
        content: 'export default 1;\n\nexport const fence = "``";\n',
      },
      { kind: 'command', line: 11, script: 'ls\nls -l\n', terminal: null, output: '{ "a": 1 }\n' },
      { kind: 'command', line: 20, script: 'node main.js\n', terminal: 'host', output: null },
      { kind: 'file', line: 24, path: 'docs/x.md', content: 'end\n' },
    ]);
  });

  it('may hold shorter fences inside longer ones', () => {
    expect(guideSteps('````md docs/x.md\n```sh\nls\n```\n````\n')).toMatchObject([
      { kind: 'file', content: '```sh\nls\n```\n' },
    ]);
  });

  it.each([
    ['code without a path', block('ts', 'let x;'), /line 1, .*nothing would execute it/],
    ['a block without a language', block('', 'x'), /nothing would execute it/],
    ['an example of JSON', block('json', '{}'), /nothing would execute it/],
    ['a path that leads out', block('ts ../x/y.ts', 'x'), /nothing would execute it/],
    ['a path from the root', block('ts /etc/passwd', 'x'), /nothing would execute it/],
    ['commands marked as something else', block('sh skip', 'ls'), /only `terminal=name`/],
    ['too many words', block('ts connectors/x.ts please', 'x'), /too much/],
    ['output of nothing', block('json output', '{}'), /below no commands/],
    ['output of a file', block('ts a/b.ts', 'x') + block('text output', 'x'), /below no commands/],
    [
      'output of what is left running',
      block('sh terminal=host', 'x') + block('text output', 'x'),
      /below no commands/,
    ],
    ['two outputs', block('sh', 'x') + block('text output', 'x').repeat(2), /below no commands/],
    ['an output that says nothing', block('sh', 'x') + block('text output', ' '), /says nothing/],
    ['a block that does not end', '```sh\nls\n', /line 1: .*does not end/],
    ['an indented block', '1. First\n\n   ```sh\n   ls\n   ```\n', /line 3: .*overlooked/],
    ['a block of tildes', '~~~sh\nls\n~~~\n', /overlooked/],
  ])('refuse %s', (_name, page, reason) => {
    expect(() => guideSteps(page)).toThrow(reason);
  });
});
