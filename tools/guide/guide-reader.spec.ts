import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GuideReader, type GuideReaderOptions } from './guide-reader.js';
import { guideSteps } from './guide-steps.js';

const block = (info: string, content: string): string => `\`\`\`${info}\n${content}\n\`\`\`\n`;

describe('the reader of a guide', () => {
  let folder: string;
  let reader: GuideReader;

  const begin = async (options: Partial<GuideReaderOptions> = {}): Promise<void> => {
    await reader?.close();
    reader = await GuideReader.begin({ folder, ...options });
  };
  const follow = async (...blocks: string[]): Promise<void> => {
    for (const step of guideSteps(blocks.join('\n'))) await reader.follow(step);
  };

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'trainbridge-reader-'));
    await begin();
  });
  afterEach(async () => {
    await reader.close();
    await rm(folder, { recursive: true });
  });

  it('writes files and runs commands on them, in one shell for the whole page', async () => {
    await follow(
      block('js src/deep/hello.mjs', 'console.log(process.argv[2]);'),
      block('sh', 'export NAME="林 \'梅\'"\nsay() { node hello.mjs "$1"; }\ncd src/deep'),
      block('sh', 'say "$NAME"\nsay "$OLDPWD"'),
      block('text output', `林 '梅'\n${folder}`),
    );
  });

  it('has a home of its own, gone when it is done', async () => {
    await follow(block('sh', 'mkdir ~/bridge\necho "$HOME" > home'));
    const home = (await readFile(path.join(folder, 'home'), 'utf8')).trim();
    expect(home).not.toBe(process.env.HOME);
    await reader.close();
    await expect(readFile(home)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.each([
    [
      'a command that fails',
      block('sh', 'echo before\nls /no-such-folder\necho after'),
      /before\n.*no-such-folder/,
    ],
    ['a pipe of which the first part fails', block('sh', 'false | cat'), /ended with 1/],
    ['a program that is not there', block('sh', 'no-such-program'), /ended with 127/],
    [
      'another output than the page says',
      block('sh', 'echo 4 departments') + block('text output', '3 departments'),
      /the page says that it prints\n3 departments[^]*but it printed\n4 departments/,
    ],
    ['no output where the page has one', block('sh', 'true') + block('text output', 'x'), /but it printed/],
  ])('fails at %s', async (_name, page, reason) => {
    await expect(follow(page)).rejects.toThrow(reason);
  });

  it('compares outputs by what they say, at their end, not by their white space', async () => {
    await follow(
      block('sh', `echo noise\nprintf '[\\n  {\\n "a": [\\n1]}]\\n'`),
      block('json output', '[{ "a": [1] }]'),
    );
  });

  it('ends what takes too long', async () => {
    await begin({ timeoutMs: 300 });
    await expect(follow(block('sh', 'sleep 60'))).rejects.toThrow('ended with SIGKILL');
  });

  it('leaves terminals running, stops what runs in one before the next, and shows what they said', async () => {
    const waiting = 'node -e "setInterval(() => undefined, 1000); console.log(process.pid)" | tee pid';
    const pid = `until [ -s pid ]; do sleep 0.05; done; cp pid "pid$1"`;
    await follow(block('sh terminal=host', waiting), block('sh', pid.replace('$1', '1')));
    await expect(follow(block('sh', 'kill -0 $(cat pid1)\nfalse'))).rejects.toThrow(/--- terminal host\n\d+/);
    await follow(block('sh terminal=host', 'sleep 60'), block('sh', '! kill -0 $(cat pid1)'));
  });

  it('does something else only where it was told to', async () => {
    let linked = 0;
    await begin({
      standIns: { 'npm install': async () => void (linked += 1) },
      replacements: { '3000': '43001', '4300': '3456', 'a.b': 'c' },
    });
    await follow(
      block('sh', 'npm install'),
      block('text src/port.txt', '127.0.0.1:3000 4300 a.b aXb'),
      block('sh', 'echo $(cat src/port.txt) 3000'),
      block('text output', '127.0.0.1:3000 4300 a.b aXb 3000'),
    );
    expect(linked).toBe(1);
    expect(await readFile(path.join(folder, 'src/port.txt'), 'utf8')).toBe('127.0.0.1:43001 3456 c aXb\n');
  });
});
