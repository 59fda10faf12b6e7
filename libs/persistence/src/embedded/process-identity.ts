import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { basename } from 'node:path';

/** A process that has ended counts as gone even while nobody collected it (an orphan in a container without init). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return process.platform !== 'linux' || !isZombie(pid);
}

function isZombie(pid: number): boolean {
  try {
    // "pid (name) state …"; the name may hold anything, brackets too.
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return status.charAt(status.lastIndexOf(')') + 2) === 'Z';
  } catch {
    return existsSync('/proc/self/stat'); // it ended just now; without a /proc nothing can be said
  }
}

/**
 * Is this process the PostgreSQL of this data folder? After a reboot the number in a stale postmaster.pid may belong
 * to anything, also to another PostgreSQL.
 */
export function isPostmasterOf(pid: number, dataFolder: string): boolean {
  if (!isAlive(pid)) return false;
  try {
    if (process.platform === 'linux') return isPostmasterOnLinux(pid, dataFolder);
    if (process.platform === 'win32') {
      return execFileSync('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'], {
        encoding: 'utf8',
      }).includes('postgres.exe');
    }
    const command = execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return command.includes('postgres') && command.includes(dataFolder);
  } catch {
    return false;
  }
}

function isPostmasterOnLinux(pid: number, dataFolder: string): boolean {
  const [program = '', ...given] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  if (basename(program) !== 'postgres') return false;
  const folder = realpathSync(dataFolder);
  // Its working folder stays right when somebody renamed a folder above it; it can be read by root and by its owner.
  if (given[given.indexOf('-D') + 1] === folder) return true;
  return readlinkSync(`/proc/${pid}/cwd`) === folder;
}
