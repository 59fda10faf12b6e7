import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { until } from './expect-data.js';

/** The server of an embedded database, looked at from outside: through its pid file and the process table (Linux). */
export class PostgresProcesses {
  constructor(private readonly folder: string) {}

  /** Process id of the postmaster; null when none is noted. */
  postmaster(): number | null {
    try {
      return Number(readFileSync(path.join(this.folder, 'postmaster.pid'), 'utf8').split('\n')[0]) || null;
    } catch {
      return null;
    }
  }

  /** The postmaster and its children, as far as they are alive. */
  all(): number[] {
    const postmaster = this.postmaster();
    return postmaster === null
      ? []
      : [postmaster, ...childrenOf(postmaster)].filter((pid) => stateOf(pid) !== null);
  }

  /** `kill -9` of the postmaster alone; its children find out and end. Answers its process id. */
  killPostmaster(): number {
    const postmaster = this.postmaster();
    if (postmaster === null) throw new Error(`no server runs on ${this.folder}`);
    process.kill(postmaster, 'SIGKILL');
    return postmaster;
  }

  /** Ends a server nobody is in charge of any more. */
  async end(): Promise<void> {
    const pids = this.all();
    if (pids.length === 0) return;
    process.kill(pids[0]!, 'SIGQUIT');
    await until('the end of PostgreSQL', () => Promise.resolve(livingOf(pids).length === 0 ? true : null));
  }
}

/** Which of these processes are alive; one that ended but was not collected yet is not. */
export function livingOf(pids: readonly number[]): number[] {
  return pids.filter((pid) => stateOf(pid) !== null);
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    return Number.isInteger(pid) && stateOf(pid)?.parent === parent ? [pid] : [];
  });
}

function stateOf(pid: number): { parent: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // "pid (name) state ppid …"; the name may hold anything.
    const [state, parent] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? null : { parent: Number(parent) };
  } catch {
    return null;
  }
}
