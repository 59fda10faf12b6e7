import type { ConfigSchema } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import { validateConfig } from './validate-config.js';

const configSchema: ConfigSchema = {
  type: 'object',
  properties: {
    corpId: {
      type: 'string',
      title: 'Corp',
      minLength: 1,
      maxLength: 40,
      'x-identity': true,
      'x-zh-CN': { title: '企业' },
    },
    secret: { type: 'string', title: 'Secret', writeOnly: true, pattern: '^[a-z]+$' },
    baseUrl: { type: 'string', title: 'Base', format: 'origin', default: 'https://api.example.com' },
    mode: { type: 'string', title: 'Mode', enum: ['a', 'b'], default: 'a' },
    size: { type: 'integer', title: 'Size', minimum: 1, maximum: 10 },
    codes: { type: 'array', title: 'Codes', items: { type: 'string' }, maxItems: 2 },
    file: {
      type: 'object',
      title: 'File',
      properties: { name: { type: 'string', title: 'Name' } },
      required: ['name'],
      additionalProperties: false,
    },
  },
  required: ['corpId', 'secret'],
  additionalProperties: false,
};
const validate = (config: unknown): ReturnType<typeof validateConfig> =>
  validateConfig({ configSchema }, config);

describe('validating a configuration', () => {
  it('fills defaults in and leaves the input alone', () => {
    const input = { corpId: 'ww1', secret: 'abc' };
    expect(validate(input)).toEqual({
      ok: true,
      config: { ...input, baseUrl: 'https://api.example.com', mode: 'a' },
    });
    expect(input).toEqual({ corpId: 'ww1', secret: 'abc' });
  });

  it('names every mistake by its path', () => {
    const result = validate({
      corpId: '',
      baseUrl: 'https://a.example/path',
      mode: 'c',
      size: 11,
      codes: ['x', 1],
      file: {},
      'a/b': 1,
    });
    expect(result).toEqual({
      ok: false,
      errors: expect.arrayContaining([
        { path: '/config/secret', message: { en: 'is required', 'zh-CN': '必填' } },
        {
          path: '/config/corpId',
          message: { en: 'must have at least 1 characters', 'zh-CN': '至少 1 个字符' },
        },
        {
          path: '/config/baseUrl',
          message: {
            en: expect.stringContaining('scheme and a host only') as string,
            'zh-CN': expect.any(String) as string,
          },
        },
        { path: '/config/mode', message: { en: 'must be one of a, b', 'zh-CN': '必须是以下值之一：a, b' } },
        { path: '/config/size', message: { en: 'must not be greater than 10', 'zh-CN': '不能大于 10' } },
        { path: '/config/codes/1', message: { en: 'must be of type string', 'zh-CN': '类型必须是 string' } },
        { path: '/config/file/name', message: { en: 'is required', 'zh-CN': '必填' } },
        { path: '/config/a~1b', message: { en: 'is not known', 'zh-CN': '未知字段' } },
      ]) as unknown,
    });
  });

  it('never repeats a value', () => {
    expect(JSON.stringify(validate({ corpId: 'ww1', secret: 'S3CRET-VALUE' }))).not.toContain('S3CRET');
  });

  it('takes the slash from the end of an address that was pasted with one', () => {
    const input = { corpId: 'ww1', secret: 'abc', baseUrl: 'https://a.example/' };
    expect(validate(input)).toMatchObject({ ok: true, config: { baseUrl: 'https://a.example' } });
    expect(input.baseUrl).toBe('https://a.example/');
  });

  it.each([
    ['https://qyapi.example.com', true],
    ['http://127.0.0.1:8080', true],
    ['https://[::1]:443', true],
    ['https://a.example//', false],
    ['https://a.example/cgi-bin', false],
    ['https://a.example?x', false],
    ['https://user@a.example', false],
    ['ftp://a.example', false],
    ['a.example', false],
    ['https://', false],
    ['https://a.example:99999', false],
  ])('%s as an origin: %s', (baseUrl, ok) => {
    expect(validate({ corpId: 'ww1', secret: 'abc', baseUrl }).ok).toBe(ok);
  });

  it.each([[null], [[]], ['text'], [undefined], [{ __proto__: null }]])(
    '%j is no configuration',
    (config) => {
      expect(validate(config)).toMatchObject({ ok: false });
    },
  );

  it('does not take a key that reaches for the prototype', () => {
    expect(validate(JSON.parse('{"corpId":"ww1","secret":"abc","__proto__":{"admin":true}}'))).toMatchObject({
      ok: false,
    });
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });
});
