import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CommandStep, GuideStep } from './guide-steps.js';

export interface GuideReaderOptions {
  /** The workspace the page speaks of. */
  folder: string;
  environment?: NodeJS.ProcessEnv;
  /** Text of the page that is another here, such as a port that is taken; in files and commands alike. */
  replacements?: Readonly<Record<string, string>>;
  /** Whole blocks of commands that cannot run in a test as they stand, by their text, and what is done instead. */
  standIns?: Readonly<Record<string, () => Promise<void>>>;
  /** Most milliseconds for one block. */
  timeoutMs?: number;
}

const SHOWN = 4_000;

/**
 * Does what a page says, as somebody with a few terminals would: files are written, commands run one after the other in one
 * bash whose variables, functions and folder last from block to block. Has a HOME of its own, which `close` removes.
 */
export class GuideReader {
  private readonly terminals = new Map<string, Terminal>();

  private constructor(
    private readonly options: GuideReaderOptions,
    private readonly home: string,
  ) {}

  static async begin(options: GuideReaderOptions): Promise<GuideReader> {
    return new GuideReader(options, await mkdtemp(path.join(tmpdir(), 'trainbridge-guide-')));
  }

  /** @throws when a command fails, takes too long, or prints something else than the page says; with all it printed. */
  async follow(step: GuideStep): Promise<void> {
    if (step.kind === 'file') return this.write(step.path, this.adapted(step.content));
    const standIn = this.options.standIns?.[step.script.trim()];
    if (standIn) return standIn();
    if (step.terminal !== null) return this.leaveRunning(step.terminal, this.adapted(step.script));
    await this.run(step);
  }

  async close(): Promise<void> {
    await Promise.all([...this.terminals.values()].map((terminal) => terminal.end()));
    await rm(this.home, { recursive: true, force: true });
  }

  private async write(file: string, content: string): Promise<void> {
    const target = path.join(this.options.folder, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, content);
  }

  private async run({ script, output }: CommandStep): Promise<void> {
    const state = path.join(this.home, '.state');
    // Saved by a trap, so that a block that ends the shell early has lost nothing either.
    const whole = `[ ! -f '${state}' ] || source '${state}'
trap '{ export -p; declare -f; printf "cd %q\\nOLDPWD=%q\\n" "$PWD" "$OLDPWD"; } > "${state}"' EXIT
set -eo pipefail
${this.adapted(script)}`;
    const shell = new Terminal(whole, this.options.folder, this.environment());
    const ended = await shell.ending(this.options.timeoutMs ?? 120_000);
    if (ended !== 0) throw new Error(`ended with ${ended}:\n${script}\n${await this.everything(shell)}`);
    if (output !== null && !squeezed(shell.stdout).endsWith(squeezed(this.adapted(output))))
      throw new Error(
        `the page says that it prints\n${output}\nbut it printed\n${await this.everything(shell)}`,
      );
  }

  private async leaveRunning(name: string, script: string): Promise<void> {
    await this.terminals.get(name)?.end();
    this.terminals.set(name, new Terminal(`set -e\n${script}`, this.options.folder, this.environment()));
  }

  private environment(): NodeJS.ProcessEnv {
    return { ...process.env, HOME: this.home, ...this.options.environment };
  }

  private adapted(text: string): string {
    const { replacements = {} } = this.options;
    const written = Object.keys(replacements).map((key) => key.replace(/[^\w\s]/g, '\\$&'));
    if (written.length === 0) return text;
    // In one pass: what stands instead of one may look like another.
    return text.replace(new RegExp(written.join('|'), 'g'), (found) => replacements[found] ?? found);
  }

  /** For an error message: the commands may have failed for what went on in another terminal. */
  private async everything(shell: Terminal): Promise<string> {
    const others = [...this.terminals].map(([name, { printed }]) => `--- terminal ${name}\n${tail(printed)}`);
    return [tail(shell.printed), ...others].join('\n');
  }
}

/** One bash with what was typed into it, in a process group of its own so that all it started ends with it. */
class Terminal {
  stdout = '';
  /** Both streams, in the order they came. */
  printed = '';
  private readonly child: ChildProcess;
  private readonly ended: Promise<number | string>;

  constructor(script: string, cwd: string, environment: NodeJS.ProcessEnv) {
    this.child = spawn('bash', ['-c', script], {
      cwd,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.child.stdout?.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString();
      this.printed += chunk.toString();
    });
    this.child.stderr?.on('data', (chunk: Buffer) => (this.printed += chunk.toString()));
    this.ended = new Promise((resolve) => {
      this.child.once('close', (code, signal) => resolve(code ?? signal ?? 'no code'));
      this.child.once('error', (error) => resolve(error.message));
    });
  }

  /** The exit code, or what ended it. */
  async ending(timeoutMs: number): Promise<number | string> {
    const timer = setTimeout(() => this.signal('SIGKILL'), timeoutMs);
    const ended = await this.ended;
    clearTimeout(timer);
    return ended;
  }

  /** Ctrl-C, and harder when that does not help. */
  async end(): Promise<void> {
    this.signal('SIGINT');
    await this.ending(10_000);
  }

  private signal(signal: NodeJS.Signals): void {
    const { pid, exitCode, signalCode } = this.child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // Gone in between.
    }
  }
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, '');
}

function tail(text: string): string {
  return text.length > SHOWN ? `…${text.slice(-SHOWN)}` : text;
}
