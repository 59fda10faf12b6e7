/** Builds what is stale, silently when nothing is wrong: what `demo`, `sandbox`, `bench` and `openapi` begin with. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { status, stdout, stderr } = spawnSync(
  process.execPath,
  ['node_modules/nx/dist/bin/nx.js', 'run-many', '-t', 'build', '--output-style=static'],
  { cwd: root, env: { ...process.env, NX_DAEMON: 'false', FORCE_COLOR: '0' }, encoding: 'utf8' },
);
if (status !== 0) {
  process.stderr.write(`${stdout}${stderr}\nThe build failed; see above.\n`);
  process.exit(status ?? 1);
}
