import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { addSecuritySchemes } from '@trainbridge/access';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccessApp } from './access-app.js';

/** Any JSON, as JSON.parse gives it. */
type Json = ReturnType<typeof JSON.parse>;

describe('OpenAPI of access', () => {
  let app: AccessApp;
  beforeAll(async () => {
    app = await AccessApp.start([]);
  });
  afterAll(() => app.stop());

  it('documents bodies, answers, problems and security of every route', () => {
    const builder = addSecuritySchemes(
      new DocumentBuilder().setOpenAPIVersion('3.1.0').setTitle('x').setVersion('1'),
    );
    const document: Json = JSON.parse(JSON.stringify(SwaggerModule.createDocument(app.app, builder.build())));
    expect(Object.keys(document.paths).sort()).toEqual([
      '/api/v1/audit-entries',
      '/api/v1/clients',
      '/api/v1/clients/{id}',
      '/api/v1/clients/{id}/rotate-secret',
      '/api/v1/clients/{id}/tokens',
      '/api/v1/clients/{id}/tokens/{tokenId}',
      '/oauth2/token',
    ]);
    for (const [path, operations] of Object.entries<Json>(document.paths)) {
      for (const [method, operation] of Object.entries<Json>(operations)) {
        expect([path, method, typeof operation.operationId]).toEqual([path, method, 'string']);
        const good = Object.keys(operation.responses).find((status) => status.startsWith('2'))!;
        if (good !== '204')
          expect(operation.responses[good].content['application/json'].schema).toBeDefined();
        if (path.startsWith('/oauth2')) continue;
        expect(operation.security.map((one: object) => Object.keys(one)[0]).sort()).toEqual([
          'bearer',
          'oauth2',
        ]);
        for (const status of ['401', '403', '500']) {
          expect([path, method, Object.keys(operation.responses[status].content)]).toEqual([
            path,
            method,
            ['application/problem+json'],
          ]);
        }
      }
    }
    const create = document.paths['/api/v1/clients'].post;
    expect(Object.keys(create.responses['403'].content['application/problem+json'].examples).sort()).toEqual([
      'forbidden',
      'insufficient_scope',
      'ip_not_allowed',
    ]);
    expect(create.responses['500'].description).toBe('`internal`: Something went wrong on our side.');
    const list = document.paths['/api/v1/clients'].get;
    expect(list.responses['200'].content['application/json'].schema.properties.nextCursor.type).toEqual([
      'string',
      'null',
    ]);
    expect(list.responses['400'].description).toContain('invalid_cursor');
    expect(list.parameters.map((parameter: { name: string }) => parameter.name).sort()).toEqual([
      'cursor',
      'limit',
    ]);
    expect(document.components.schemas.ClientDto.properties.expiresAt.type).toEqual(['string', 'null']);
    expect(document.components.schemas.Problem.required).toContain('requestId');
  });
});
