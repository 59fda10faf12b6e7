import { NestFactory } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { addSecuritySchemes } from '@trainbridge/access';
import { AppModule, readSettings } from '@trainbridge/host';
import { ApiHttpAdapter } from '@trainbridge/http-api';

const DESCRIPTION = `Joins an online training system (LMS) to the platforms a company works on.

**Conventions.** JSON in camelCase, times in UTC (ISO 8601), ids are opaque strings of at most 64 characters. Lists answer
\`{ "data": [...], "nextCursor": ... }\` and take \`limit\` and \`cursor\`. Errors are problem documents (RFC 9457) with a stable
\`code\`; their texts follow \`Accept-Language\` (en, zh-CN). Unknown fields are refused. Writes accept \`Idempotency-Key\`.
Every answer carries \`x-request-id\`. Changes of this API are additive only.

**Authentication.** \`Authorization: Bearer …\` with the admin token, an access token of \`POST /oauth2/token\`, or an API token
(\`tb_…\`). What an operation needs stands beside it.`;

/** Sections of the documentation, in the order of a first integration. */
const TAGS: Record<string, string> = {
  Access: 'Clients, tokens and the audit log.',
  Connections: 'Companies connected to their platforms, and every call made for them.',
  Runs: 'Executions of a sync: plan, apply, approve, cancel.',
  Directory: 'Users, departments and the feed of their changes.',
  'Platform events': 'What platforms told us.',
  'Learning events': 'What the LMS tells us.',
  Subscriptions: 'Who receives webhooks.',
  Deliveries: 'What was handed over, with every attempt.',
  Callbacks: 'Where platforms send their events.',
  Health: 'For load balancers and supervisors.',
};

/**
 * The document as the controllers and DTOs describe it. Nest builds the application in preview mode: nothing is
 * instantiated, so neither a database nor a port is needed.
 */
export async function describeControllers(version: string): Promise<OpenAPIObject> {
  const settings = { ...readSettings({}), adminToken: 'not used here at all', secretKey: Buffer.alloc(32) };
  const app = await NestFactory.create(AppModule.forRoot(settings), new ApiHttpAdapter(), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  const builder = addSecuritySchemes(
    new DocumentBuilder()
      .setOpenAPIVersion('3.1.0')
      .setTitle('Trainbridge API')
      .setDescription(DESCRIPTION)
      .setVersion(version)
      .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
      .addServer('/', 'This host.'),
  );
  for (const [name, description] of Object.entries(TAGS)) builder.addTag(name, description);
  return SwaggerModule.createDocument(app, builder.build());
}
