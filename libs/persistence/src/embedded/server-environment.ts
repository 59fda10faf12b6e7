import type { ServerAccount } from './server-user.js';

/**
 * What initdb and postgres are started with: no secret of ours (other processes of `nobody` could read it), no PG…
 * variable that would change what they do, and English messages because some are recognised.
 */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { LC_ALL: 'C', TZ: 'UTC' };
  for (const name of ['PATH', 'SystemRoot', 'TEMP', 'TMP']) {
    if (process.env[name] !== undefined) environment[name] = process.env[name];
  }
  return environment;
}

/** For child_process: the account, a working folder it may stand in, and the environment. */
export function serverProcessOptions(account: ServerAccount) {
  return {
    ...(account === null ? {} : { uid: account.uid | 0, gid: account.gid | 0 }), // spawn takes signed numbers only
    cwd: process.platform === 'win32' ? undefined : '/',
    env: serverEnvironment(),
    windowsHide: true,
  };
}
