import { createConfig, lintFromString } from '@redocly/openapi-core';

/** Problems of the document under the recommended rules of a public linter, one line each. Needs no network. */
export async function lintDocument(text: string): Promise<string[]> {
  const config = await createConfig({ extends: ['recommended'], telemetry: 'off' });
  const problems = await lintFromString({ source: text, absoluteRef: 'openapi.json', config });
  return problems
    .filter(({ ignored }) => !ignored)
    .map(
      ({ severity, ruleId, message, location }) =>
        `${severity} ${ruleId}: ${message} (${location[0]?.pointer ?? '#'})`,
    );
}
