import { describe, expect, it } from 'vitest';
import { operationId } from './operation-id.js';

const paths = [
  '/api/v1/clients',
  '/api/v1/clients/{id}',
  '/api/v1/clients/{id}/tokens',
  '/api/v1/clients/{id}/tokens/{tokenId}',
];

describe('operationId', () => {
  it.each([
    ['get', '/api/v1/clients', 'clients.list'],
    ['post', '/api/v1/clients', 'clients.create'],
    ['get', '/api/v1/clients/{id}', 'clients.get'],
    ['patch', '/api/v1/clients/{id}', 'clients.update'],
    ['delete', '/api/v1/clients/{id}', 'clients.delete'],
    ['post', '/api/v1/clients/{id}/tokens', 'clients.tokens.create'],
    ['delete', '/api/v1/clients/{id}/tokens/{tokenId}', 'clients.tokens.delete'],
    ['post', '/api/v1/clients/{id}/rotate-secret', 'clients.rotateSecret'],
    ['get', '/api/v1/learning-events', 'learningEvents.list'],
    ['get', '/api/v1/directory/changes', 'directory.changes'],
    ['post', '/oauth2/token', 'oauth2.token'],
    ['get', '/health/ready', 'health.ready'],
  ])('%s %s is %s', (method, path, id) => {
    expect(operationId(method, path, paths)).toBe(id);
  });
});
