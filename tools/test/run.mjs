/**
 * `npm test`: build what is stale, formatting, lint (with import boundaries), types, OpenAPI drift, every test; the last
 * line is `N passed, N failed[, N skipped]`, counting each of the checks before the tests as one.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
const reportFile = 'node_modules/.cache/vitest-report.json';
const only = process.argv.slice(2);

const bin = (name) => `node_modules/.bin/${name}`;
const checks = [
  // First: the project graph it makes is what boundary lint reads; without one that rule passes silently.
  ['build', bin('nx'), ['run-many', '-t', 'build', '--output-style=static']],
  ['format', bin('prettier'), ['--check', '--log-level=warn', '.']],
  [
    'lint',
    bin('eslint'),
    ['.', '--max-warnings=0', '--cache', '--cache-location=node_modules/.cache/eslint/'],
  ],
  ['types', bin('tsc'), ['-p', 'tsconfig.json', '--noEmit']],
  ['openapi', process.execPath, ['dist/tools/openapi/main.js', '--check']],
];

let passed = 0;
let failed = 0;
let skipped = 0;

function run(name, command, args) {
  const begin = Date.now();
  console.log(`\n== ${name}`);
  const { status, error } = spawnSync(command, args, {
    stdio: 'inherit',
    env: { ...process.env, NX_DAEMON: 'false', FORCE_COLOR: '0' },
  });
  if (error) console.error(error.message);
  console.log(
    `== ${name}: ${status === 0 ? 'ok' : 'FAILED'} (${((Date.now() - begin) / 1000).toFixed(1)} s)`,
  );
  return status === 0;
}

if (only.length === 0) {
  for (const [name, command, args] of checks) run(name, command, args) ? (passed += 1) : (failed += 1);
}

mkdirSync('node_modules/.cache', { recursive: true });
rmSync(reportFile, { force: true });
const ok = run('tests', bin('vitest'), [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${reportFile}`,
  ...only,
]);
if (existsSync(reportFile)) {
  const report = JSON.parse(readFileSync(reportFile, 'utf8'));
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  skipped += report.numPendingTests + report.numTodoTests;
  // A file that fails outside its tests (import, hook) has no failed test to show for it.
  if (!ok && report.numFailedTests === 0) failed += Math.max(1, report.numFailedTestSuites);
} else {
  failed += 1;
}

console.log(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed === 0 ? 0 : 1;
