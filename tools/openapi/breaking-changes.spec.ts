import { describe, expect, it } from 'vitest';
import { breakingChanges } from './breaking-changes.js';
import type { ApiDocument, ApiSchema } from './openapi-types.js';

function api(change: (document: ApiDocument) => void = () => undefined): ApiDocument {
  const document: ApiDocument = {
    openapi: '3.1.0',
    info: {},
    paths: {
      '/things': {
        get: {
          parameters: [{ name: 'kind', in: 'query', schema: { type: 'string', enum: ['a', 'b'] } }],
          responses: {
            '200': {
              content: {
                'application/json': {
                  schema: {
                    type: 'object',
                    properties: { data: { type: 'array', items: { $ref: '#/components/schemas/Thing' } } },
                  },
                },
              },
            },
          },
        },
        post: {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
          },
          responses: { '201': {} },
        },
      },
    },
    components: {
      schemas: {
        Thing: {
          type: 'object',
          required: ['id'],
          properties: {
            id: { type: 'string' },
            size: { type: ['integer', 'null'] },
            next: { $ref: '#/components/schemas/Thing' },
          },
        },
      },
    },
  };
  change(document);
  return document;
}

const thing = (document: ApiDocument): ApiSchema & { properties: Record<string, ApiSchema> } =>
  document.components.schemas.Thing as never;
const changes = (change: (document: ApiDocument) => void): string[] => breakingChanges(api(), api(change));

describe('breakingChanges', () => {
  it('finds nothing in what did not change, or only grew', () => {
    expect(changes(() => undefined)).toEqual([]);
    const grown = changes((document) => {
      thing(document).properties.color = { type: 'string' };
      document.paths['/things']!.delete = { responses: { '204': {} } };
      document.paths['/things']!.get!.parameters!.push({
        name: 'new',
        in: 'query',
        schema: { type: 'string' },
      });
    });
    expect(grown).toEqual([]);
  });

  it.each<[string, (document: ApiDocument) => void, RegExp]>([
    ['a path that is gone', (d) => void delete d.paths['/things'], /GET \/things is gone/],
    ['a method that is gone', (d) => void delete d.paths['/things']!.post, /POST \/things is gone/],
    [
      'an answer that is gone',
      (d) => void (d.paths['/things']!.post!.responses = { '202': {} }),
      /no longer answers 201/,
    ],
    ['a field that is gone', (d) => void delete thing(d).properties.size, /size is gone/],
    [
      'a type that changed',
      (d) => void (thing(d).properties.id = { type: 'integer' }),
      /id was string and is integer/,
    ],
    [
      'a field that may be null now',
      (d) => void (thing(d).properties.id = { type: ['string', 'null'] }),
      /id was string/,
    ],
    ['a field newly required', (d) => void thing(d).required!.push('size'), /size is required now/],
    ['a field that may be missing', (d) => void (thing(d).required = []), /id may be missing now/],
    [
      'a parameter that is gone',
      (d) => void (d.paths['/things']!.get!.parameters = []),
      /parameter kind is gone/,
    ],
    [
      'a value no longer taken',
      (d) => void ((d.paths['/things']!.get!.parameters![0] as { schema: ApiSchema }).schema.enum = ['a']),
      /no longer takes b/,
    ],
    [
      'a parameter newly required',
      (d) => void d.paths['/things']!.get!.parameters!.push({ name: 'x', in: 'query', required: true }),
      /parameter x is required now/,
    ],
  ])('tells %s', (_name, change, expected) => {
    expect(changes(change).join('\n')).toMatch(expected);
  });
});
