import type { ConfigSchema } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import { changedIdentity, joinConfig, mergePatch, secretNames, splitConfig } from './split-config.js';

const schema: ConfigSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    tenant: { type: 'string', title: 'Tenant', 'x-identity': true },
    secret: { type: 'string', title: 'Secret', writeOnly: true },
    file: {
      type: 'object',
      title: 'File',
      additionalProperties: false,
      properties: {
        name: { type: 'string', title: 'Name' },
        key: { type: 'string', title: 'Key', writeOnly: true },
      },
    },
  },
};
const config = { tenant: 't1', secret: 's', file: { name: 'a.txt', key: 'k' } };

describe('splitConfig', () => {
  it('separates secrets on both levels, and joinConfig undoes it', () => {
    const { open, secret } = splitConfig(schema, config);
    expect(open).toEqual({ tenant: 't1', file: { name: 'a.txt' } });
    expect(secret).toEqual({ secret: 's', file: { key: 'k' } });
    expect(joinConfig(open, secret)).toEqual(config);
    expect(secretNames(secret)).toEqual(['file.key', 'secret']);
  });
});

describe('mergePatch', () => {
  it('keeps what is absent, removes what is null, merges objects', () => {
    expect(mergePatch(config, { secret: 'new', file: { key: null } })).toEqual({
      tenant: 't1',
      secret: 'new',
      file: { name: 'a.txt' },
    });
    expect(mergePatch({ a: 1 }, { a: { b: null, c: 1 } })).toEqual({ a: { c: 1 } });
  });
});

describe('changedIdentity', () => {
  it('names identity properties that differ, and nothing else', () => {
    expect(changedIdentity(schema, config, { ...config, secret: 'new' })).toEqual([]);
    expect(changedIdentity(schema, config, { ...config, tenant: 't2' })).toEqual(['tenant']);
    expect(changedIdentity(schema, config, { secret: 's' })).toEqual(['tenant']);
  });
});
