import { parseArgs } from 'node:util';
import { startSandbox } from './start-sandbox.js';

/*
 * `npm run sandbox`: the simulators and the small LMS in a process of their own. Options on the command line
 * or, for containers, in the environment (SANDBOX_PORT, SANDBOX_HOST, SANDBOX_PEOPLE…). When ready it
 * writes one JSON line with `"msg":"listening"`.
 */

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: process.env.SANDBOX_PORT ?? '4100' },
    host: { type: 'string', default: process.env.SANDBOX_HOST ?? '127.0.0.1' },
    people: { type: 'string', default: process.env.SANDBOX_PEOPLE ?? '2000' },
    departments: { type: 'string', default: process.env.SANDBOX_DEPARTMENTS ?? '' },
    seed: { type: 'string', default: process.env.SANDBOX_SEED ?? '1' },
    /** Prepares the answers of a full sync, for benchmarks. */
    warm: { type: 'boolean', default: false },
    /** Also ends when standard input does: for parents that may be killed. */
    'until-stdin-closes': { type: 'boolean', default: false },
  },
});

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  process.stderr.write(`--${name} must be a whole number, not "${text}"\n`);
  process.exit(2);
}

const sandbox = await startSandbox({
  port: wholeNumber('port', values.port),
  host: values.host,
  people: wholeNumber('people', values.people),
  seed: wholeNumber('seed', values.seed),
  ...(values.departments === '' ? {} : { departments: wholeNumber('departments', values.departments) }),
}).catch((error: unknown) => {
  process.stderr.write(
    `the sandbox cannot start: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exit(1);
});

if (values.warm) sandbox.wecom.warm();
process.stdout.write(
  `${JSON.stringify({
    msg: 'listening',
    url: sandbox.url,
    lmsUrl: sandbox.lmsUrl,
    webhookUrl: `${sandbox.lmsUrl}/webhooks`,
    people: sandbox.company.personCount,
    departments: sandbox.company.departmentCount,
    ...Object.fromEntries(sandbox.platforms.map(({ id }) => [id, sandbox.connectionConfig(id)])),
  })}\n`,
);

const stop = (): void => {
  void sandbox.close().then(() => process.exit(0));
};
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
if (values['until-stdin-closes']) process.stdin.once('end', stop).resume();
