import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface HostProcess {
  url: string;
  pid: number;
  /** Resolves with the exit code when the process has ended. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** The last lines it logged, for an error message. */
  lastLines(): string[];
}

/**
 * Starts the built host as users start it and waits for its `listening` line.
 *
 * @throws when it ends before it listens; the message carries what it printed.
 */
export async function startHostProcess(settings: Record<string, string>): Promise<HostProcess> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('../apps/host/main.js', import.meta.url))], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own: Ctrl-C reaches the demo first, which then stops the host in good order.
    detached: true,
  });
  const lines: string[] = [];
  const remember = (line: string): void => {
    lines.push(line);
    if (lines.length > 40) lines.shift();
  };
  createInterface({ input: child.stderr }).on('line', remember);
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      remember(line);
      const listening = readListening(line);
      if (listening) resolve(listening);
    });
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`the host ended before it listened (${signal ?? code}):\n${lines.join('\n')}`)),
    );
  });
  return {
    url,
    pid: child.pid ?? 0,
    stop: (signal = 'SIGTERM') => stopProcess(child, signal),
    lastLines: () => [...lines],
  };
}

function readListening(line: string): string | null {
  if (!line.includes('"listening"')) return null;
  try {
    const entry = JSON.parse(line) as { msg?: string; url?: string };
    return entry.msg === 'listening' && entry.url ? entry.url : null;
  } catch {
    return null;
  }
}

function stopProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.kill(signal);
  });
}
