import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';

const HEADER = `/**
 * GENERATED from openapi.json by \`npm run openapi\`. Do not edit.
 */

`;

/** The TypeScript types of the document, as `libs/api-client/src/schema.ts` holds them. */
export async function clientSchema(documentText: string): Promise<string> {
  const nodes = await openapiTS(JSON.parse(documentText) as OpenAPI3, {
    silent: true,
    defaultNonNullable: false,
  });
  return HEADER + astToString(nodes);
}
