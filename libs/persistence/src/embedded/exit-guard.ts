import type { ChildProcess } from 'node:child_process';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Leaves nothing behind when the process ends without `stop()`: by process.exit, by an uncaught error, or by a signal
 * that nobody else handles (before the host has its shutdown hooks). When somebody else listens for the signal, that
 * one decides; a second Ctrl-C then is up to it as well.
 */
export class ExitGuard {
  private readonly groups = new Set<ChildProcess>();
  private postmaster: number | null = null;
  private readonly handlers: Partial<Record<NodeJS.Signals, () => void>> = {};

  constructor() {
    process.on('exit', this.endAll);
    for (const signal of SIGNALS) {
      const handler = () => {
        if (process.listenerCount(signal) > 1) return;
        this.abandon();
        process.kill(process.pid, signal); // with no handler left, it ends us as it should
      };
      this.handlers[signal] = handler;
      process.on(signal, handler);
    }
  }

  /** A child that leads its own process group, until the answered function is called. */
  watchGroup(child: ChildProcess): () => void {
    this.groups.add(child);
    return () => this.groups.delete(child);
  }

  /** The server this process is responsible for; null when there is none (any more). */
  watchPostmaster(pid: number | null): void {
    this.postmaster = pid;
  }

  /** The start failed: what it launched and nobody else has taken over is ended, without waiting. */
  abandon(): void {
    this.endAll();
    this.release();
  }

  release(): void {
    process.off('exit', this.endAll);
    for (const signal of SIGNALS) process.off(signal, this.handlers[signal]!);
    this.groups.clear();
    this.postmaster = null;
  }

  private readonly endAll = () => {
    for (const { pid } of this.groups)
      if (pid !== undefined) tryKill(process.platform === 'win32' ? pid : -pid, 'SIGTERM');
    // PostgreSQL's fast shutdown: it ends its clients and writes what is left, by itself.
    if (this.postmaster !== null) tryKill(this.postmaster, 'SIGINT');
  };
}

function tryKill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it is gone already
  }
}
