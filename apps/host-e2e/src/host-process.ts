import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What `npm run build` makes and `npm start` runs. */
const MAIN = fileURLToPath(new URL('../../../dist/apps/host/main.js', import.meta.url));

export interface ProcessEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface HostProcess {
  /** Resolves with the URL of the `listening` line. Rejects with the output when the process ends before it. */
  listening: Promise<string>;
  ended: Promise<ProcessEnd>;
  stdout(): string;
  stderr(): string;
  kill(signal: NodeJS.Signals): void;
}

/**
 * The built host as a process of its own, with nothing in its environment but what is given: for starts that fail, signals
 * and `kill -9`. Needs an up-to-date build, which `npm test` makes first. `cwd`: where it is started from; default: here.
 */
export function spawnHost(
  environment: Record<string, string>,
  args: readonly string[] = [],
  { cwd }: { cwd?: string } = {},
): HostProcess {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const listening = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      output.stdout += `${line}\n`;
      const entry = line.includes('"listening"') ? (JSON.parse(line) as { msg?: string; url?: string }) : {};
      if (entry.msg === 'listening' && entry.url) resolve(entry.url);
    });
    void ended.then(({ code, signal }) =>
      reject(
        new Error(
          `the host ended with ${signal ?? code} before it listened: ${output.stderr}${output.stdout}`,
        ),
      ),
    );
  });
  // Whoever waits for the end only must not be told twice.
  listening.catch(() => undefined);
  return {
    listening,
    ended,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    kill: (signal) => void child.kill(signal),
  };
}
