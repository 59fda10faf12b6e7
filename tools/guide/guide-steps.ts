/** What a page asks its reader to do, in order. */
export type GuideStep = FileStep | CommandStep;

/** Write this file. */
export interface FileStep {
  kind: 'file';
  /** Of the opening fence in the page. */
  line: number;
  /** In the workspace, with forward slashes. */
  path: string;
  content: string;
}

/** Run this. */
export interface CommandStep {
  kind: 'command';
  line: number;
  script: string;
  /** Of the terminal it is left running in, until another command is given there; null: the reader waits for its end. */
  terminal: string | null;
  /** What it prints at its end; null: the page does not say. */
  output: string | null;
}

const FENCE = /^(`{3,})(.*)$/;
const TERMINAL = /^terminal=([a-z]+)$/;
const FILE = /^(?!.*\.\.)[\w.-]+(?:\/[\w.-]+)+$/;

/**
 * Reads the code blocks of a page. A block is one of three things, told by what stands behind its opening fence:
 *
 * - `ts connectors/x/src/y.ts`, any language with a path: the whole file
 * - `sh`: commands, run as they stand; `sh terminal=host`: left running in a terminal of its own
 * - `json output`, `text output`: what the commands just above print at their end
 *
 * @throws when a block is none of them: something nothing executes would rot.
 */
export function guideSteps(page: string): GuideStep[] {
  const steps: GuideStep[] = [];
  for (const { line, info, content } of codeBlocks(page)) {
    const [language = '', argument, ...more] = info.split(/\s+/);
    const refuse = (reason: string): never => {
      throw new Error(`line ${line}, block "${info}": ${reason}`);
    };
    if (more.length > 0) refuse('too much behind the fence');
    if (language === 'sh') {
      const terminal = argument === undefined ? null : TERMINAL.exec(argument)?.[1];
      if (terminal === undefined) return refuse('behind `sh` only `terminal=name` may stand');
      steps.push({ kind: 'command', line, script: content, terminal, output: null });
    } else if (argument === 'output') {
      const last = steps.at(-1);
      if (last?.kind !== 'command' || last.terminal !== null || last.output !== null)
        return refuse('stands below no commands that end');
      if (content.trim() === '') refuse('says nothing');
      last.output = content;
    } else if (argument !== undefined && FILE.test(argument)) {
      steps.push({ kind: 'file', line, path: argument, content });
    } else {
      refuse('neither a file with its path, nor commands, nor their output: nothing would execute it');
    }
  }
  return steps;
}

interface CodeBlock {
  line: number;
  info: string;
  content: string;
}

function codeBlocks(page: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: (CodeBlock & { fence: string }) | null = null;
  for (const [index, text] of page.split('\n').entries()) {
    if (open !== null) {
      if (text.trimEnd() === open.fence) {
        blocks.push(open);
        open = null;
      } else {
        open.content += `${text}\n`;
      }
      continue;
    }
    const [, fence, info] = FENCE.exec(text) ?? [];
    if (fence !== undefined) open = { fence, line: index + 1, info: (info ?? '').trim(), content: '' };
    else if (/^\s+`{3,}|^~{3,}/.test(text))
      throw new Error(`line ${index + 1}: a fence that is indented or of tildes would be overlooked`);
  }
  if (open !== null) throw new Error(`line ${open.line}: this block does not end`);
  return blocks;
}
