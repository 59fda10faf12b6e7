/**
 * `npm run openapi`: writes openapi.json, the client's types and docs/errors.md. `-- --check` writes nothing and fails
 * when they are not what the code says, when the linter finds anything, or when something breaks against the last
 * release.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { breakingChanges } from './breaking-changes.js';
import { clientSchema } from './client-schema.js';
import { completeDocument } from './complete-document.js';
import { describeControllers } from './document.js';
import { errorCatalogue } from './error-catalogue.js';
import { lintDocument } from './lint.js';
import type { ApiDocument } from './openapi-types.js';

/** Started by npm, so the working directory is the workspace's root. */
const root = process.cwd();
const DOCUMENT = path.join(root, 'openapi.json');
const ERRORS = path.join(root, 'docs/errors.md');
const SCHEMA = path.join(root, 'libs/api-client/src/schema.ts');
/** The document as it was released; written by hand-over of a release, never by this tool. */
const RELEASED = path.join(root, 'tools/openapi/released.json');

async function main(check: boolean): Promise<string[]> {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const described = (await describeControllers(version)) as unknown as ApiDocument;
  // Through JSON once: what is undefined goes, and shared objects become separate ones.
  const document = completeDocument(JSON.parse(JSON.stringify(described)) as ApiDocument, version);
  const text = `${JSON.stringify(document, null, 2)}\n`;
  const schema = await clientSchema(text);
  const problems = await lintDocument(text);
  if (existsSync(RELEASED)) {
    const released = JSON.parse(readFileSync(RELEASED, 'utf8')) as ApiDocument;
    problems.push(...breakingChanges(released, document).map((line) => `breaking: ${line}`));
  }
  for (const [file, content] of [
    [DOCUMENT, text],
    [SCHEMA, schema],
    [ERRORS, await errorCatalogue(ERRORS)],
  ] as const) {
    if (!check) writeFileSync(file, content);
    else if (!existsSync(file) || readFileSync(file, 'utf8') !== content) {
      problems.push(
        `${path.relative(root, file)} is not what the code says: run npm run openapi and commit it`,
      );
    }
  }
  const operations = Object.values(document.paths).flatMap((item) => Object.keys(item)).length;
  console.log(
    `${operations} operations, ${Object.keys(document.webhooks ?? {}).length} webhooks, ${problems.length} problems`,
  );
  return problems;
}

const problems = await main(process.argv.includes('--check'));
for (const problem of problems) console.error(problem);
process.exit(problems.length === 0 ? 0 : 1);
