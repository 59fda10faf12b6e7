import {
  Body,
  Controller,
  Get,
  InternalServerErrorException,
  Module,
  NotFoundException,
  Param,
  Post,
  Query,
} from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { ConnectorError } from '@trainbridge/connector-kit';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, MaxLength, Min, ValidateNested } from 'class-validator';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AcceptForm,
  ApiHttpAdapter,
  BodyLimit,
  HttpApiModule,
  ListQuery,
  ProblemError,
  notFound,
} from '@trainbridge/http-api';

class InnerDto {
  @IsString()
  @MaxLength(3)
  code: string;
}

class ThingDto {
  @IsString()
  name: string;

  @IsOptional()
  @IsInt()
  @Min(1)
  size: number = 7;

  @IsOptional()
  @ValidateNested({ each: true })
  @Type(() => InnerDto)
  parts?: InnerDto[];
}

class FilterQuery extends ListQuery {
  @IsOptional()
  @IsIn(['a', 'b'])
  kind?: string;
}

@Controller()
class ThingsController {
  @Post('things')
  create(@Body() thing: ThingDto): object {
    return {
      ...thing,
      isDto: thing instanceof ThingDto,
      partsAreDtos: thing.parts?.every((p) => p instanceof InnerDto),
    };
  }

  @Get('things')
  list(@Query() query: FilterQuery): object {
    return { ...query };
  }

  @Get('things/:id')
  get(@Param('id') id: string): object {
    if (id === 'nest') throw new NotFoundException('no such thing');
    throw notFound('thing', id);
  }

  @Post('large')
  @BodyLimit(3 * 1024 * 1024)
  large(@Body() body: { text: string }): object {
    return { length: body.text.length };
  }

  @Post('form')
  @AcceptForm()
  form(@Body() body: object): object {
    return body;
  }

  @Get('fail/:how')
  fail(@Param('how') how: string): never {
    if (how === 'vendor') {
      throw new ConnectorError('auth_failed', 'The secret is wrong.', {
        vendorCode: '40001',
        vendorMessage: 'invalid credential',
        vendorRequestId: 'abc',
        advice: { en: 'Copy it again.', 'zh-CN': '请重新复制。' },
      });
    }
    if (how === 'busy') throw new ConnectorError('rate_limited', 'Slow down.', { retryAfterMs: 1500 });
    if (how === 'extension') throw new ProblemError('conflict', { extensions: { code: 'fake', other: 1 } });
    if (how === 'nest') throw new InternalServerErrorException('password=hunter2');
    if (how === 'nul') throw Object.assign(new Error('query'), { driverError: { code: '22021' } });
    throw new Error('password=hunter2');
  }
}

@Module({ imports: [HttpApiModule], controllers: [ThingsController] })
class TestModule {}

describe('HTTP conventions', () => {
  let app: NestFastifyApplication;
  let url: string;

  beforeAll(async () => {
    const module = await Test.createTestingModule({ imports: [TestModule] }).compile();
    app = module.createNestApplication<NestFastifyApplication>(new ApiHttpAdapter());
    app.useLogger(false);
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  afterAll(() => app.close());

  async function call(path: string, init: RequestInit = {}) {
    const response = await fetch(url + path, init);
    const text = await response.text();
    return {
      response,
      text,
      status: response.status,
      body: (text ? JSON.parse(text) : undefined) as Record<string, unknown>,
    };
  }
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    call(path, {
      method: 'POST',
      body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });

  it('puts a request id on every answer and keeps a sane one of the caller', async () => {
    const good = await post('/things', { name: 'x' });
    expect(good.status).toBe(201);
    expect(good.response.headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{28}$/);
    const own = await call('/nowhere', { headers: { 'x-request-id': 'trace-1' } });
    expect(own.response.headers.get('x-request-id')).toBe('trace-1');
    expect(own.body.requestId).toBe('trace-1');
    const insane = await call('/nowhere', { headers: { 'x-request-id': 'a b<script>' } });
    expect(insane.body.requestId).toMatch(/^req_/);
    expect(insane.response.headers.get('x-request-id')).toBe(insane.body.requestId);
  });

  it('answers a problem document for an unknown route, a wrong method and a thrown 404', async () => {
    const route = await call('/nowhere');
    expect(route.response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(route.body).toEqual({
      type: '/docs/errors#route_not_found',
      title: 'There is no such route',
      status: 404,
      detail: 'Check the path against /docs.',
      code: 'route_not_found',
      requestId: expect.any(String),
    });
    const method = await call('/things/1', { method: 'DELETE' });
    expect([method.status, method.body.code, method.response.headers.get('allow')]).toEqual([
      405,
      'method_not_allowed',
      'GET, HEAD',
    ]);
    const thing = await call('/things/x1');
    expect([thing.status, thing.body.code, thing.body.detail]).toEqual([
      404,
      'not_found',
      'There is no thing x1.',
    ]);
    const nest = await call('/things/nest');
    expect([nest.status, nest.body.code, nest.body.detail]).toEqual([404, 'not_found', 'no such thing']);
  });

  it('speaks the language of Accept-Language', async () => {
    const chinese = await call('/things/x1', { headers: { 'accept-language': 'fr, zh-TW;q=0.9, en;q=0.5' } });
    expect(chinese.body.title).toBe('未找到');
    expect(chinese.response.headers.get('content-language')).toBe('zh-CN');
    const field = await post('/things', {}, { 'accept-language': 'zh' });
    expect(field.body.errors).toEqual([{ path: '/name', message: '必填' }]);
    const english = await call('/things/x1', { headers: { 'accept-language': 'zh;q=0.2, en' } });
    expect(english.body.title).toBe('Not found');
  });

  it('names the path of everything wrong in a body', async () => {
    const { status, body } = await post('/things', {
      name: 3,
      size: 0,
      extra: 1,
      'a/b~c': 1,
      parts: [{ code: 'ok' }, { code: 'long', x: 1 }, 5],
    });
    expect([status, body.code]).toEqual([400, 'invalid_request']);
    expect(body.errors).toEqual([
      { path: '/extra', message: 'is not a known field' },
      { path: '/a~1b~0c', message: 'is not a known field' },
      { path: '/name', message: 'must be a string' },
      { path: '/size', message: 'must not be less than 1' },
      { path: '/parts/1/x', message: 'is not a known field' },
      { path: '/parts/1/code', message: 'must be at most 3 characters long' },
      { path: '/parts/2', message: 'must be an object' },
    ]);
    for (const wrong of [[], 'text', 5, null]) {
      const answer = await post('/things', JSON.stringify(wrong));
      expect([answer.status, answer.body.errors]).toEqual([
        400,
        [{ path: '', message: 'must be an object' }],
      ]);
    }
    expect((await post('/things', '')).body.errors).toEqual([{ path: '/name', message: 'is required' }]);
  });

  it('gives handlers instances with defaults', async () => {
    const { body } = await post('/things', { name: 'x', parts: [{ code: 'a' }] });
    expect(body).toEqual({ name: 'x', size: 7, parts: [{ code: 'a' }], isDto: true, partsAreDtos: true });
  });

  it('checks queries: limit 1 to 200, default 50, nothing unknown', async () => {
    expect((await call('/things')).body).toMatchObject({ limit: 50 });
    expect((await call('/things?limit=200&kind=a')).body).toMatchObject({ limit: 200, kind: 'a' });
    for (const [query, path, message] of [
      ['limit=0', '/limit', 'must not be less than 1'],
      ['limit=201', '/limit', 'must not be greater than 200'],
      ['limit=abc', '/limit', 'must be a whole number'],
      ['limit=1&limit=2', '/limit', 'must be a whole number'],
      ['kind=c', '/kind', 'must be one of: a, b'],
      ['zzz=1', '/zzz', 'is not a known field'],
      ['cursor=1&cursor=2', '/cursor', 'must be a string'],
    ]) {
      const { status, body } = await call(`/things?${query}`);
      expect([query, status, body.errors]).toEqual([query, 400, [{ path, message }]]);
    }
  });

  it('refuses broken JSON, other encodings, prototype keys and other media types', async () => {
    const broken = await post('/things', '{"name": "secret-value",,}');
    expect([broken.status, broken.body.code]).toEqual([400, 'invalid_json']);
    expect(broken.text).not.toContain('secret-value');
    expect(broken.body.detail).toBe('The JSON is broken at character 24.');
    expect((await post('/things', '{"name": ')).body.detail).toBe('The JSON ends too early or is broken.');
    const gbk = await post('/things', new Uint8Array([0x7b, 0x22, 0xd5, 0xc5, 0x22, 0x3a, 0x31, 0x7d]));
    expect([gbk.status, gbk.body.code]).toEqual([400, 'invalid_json']);
    expect(gbk.body.detail).toContain('UTF-8');
    for (const poison of ['{"__proto__": {"a": 1}}', '{"constructor": {"prototype": {"a": 1}}}']) {
      const answer = await post('/things', poison);
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_json']);
      expect(answer.body.detail).toContain('__proto__');
    }
    for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded']) {
      const answer = await post('/things', 'name=x', { 'content-type': type });
      expect([type, answer.status, answer.body.code]).toEqual([type, 415, 'unsupported_media_type']);
    }
    const form = await post('/form', 'a=1&b=2&b=3&c=%E5%BC%A0', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(form.body).toEqual({ a: '1', b: ['2', '3'], c: '张' });
  });

  it('answers 400 to a body nested a hundred thousand levels deep', async () => {
    const deep = await post('/things', `{"name":"x","parts":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
    expect(deep.status).toBe(400);
    expect(deep.response.headers.get('content-type')).toContain('problem+json');
  });

  it('takes 1 MiB, and what a route allows', async () => {
    const text = 'x'.repeat(2 * 1024 * 1024);
    const over = await post('/things', { name: text });
    expect([over.status, over.body.code]).toEqual([413, 'body_too_large']);
    expect((await post('/large', { text })).body).toEqual({ length: text.length });
    expect((await post('/large', { text: text + text })).status).toBe(413);
    expect((await post('/things', { name: 'x'.repeat(1024 * 1024 - 20) })).status).toBe(201);
  });

  it('passes on what a connector met', async () => {
    const vendor = await call('/fail/vendor', { headers: { 'accept-language': 'zh-CN' } });
    expect(vendor.body).toMatchObject({
      status: 401,
      code: 'auth_failed',
      detail: 'The secret is wrong. 请重新复制。',
      vendorCode: '40001',
      vendorMessage: 'invalid credential',
      vendorRequestId: 'abc',
    });
    const busy = await call('/fail/busy');
    expect([busy.status, busy.response.headers.get('retry-after')]).toEqual([429, '2']);
  });

  it('tells nothing about unexpected errors but the request id', async () => {
    for (const how of ['throw', 'nest']) {
      const { status, body, text } = await call(`/fail/${how}`);
      expect([status, body.code, typeof body.requestId]).toEqual([500, 'internal', 'string']);
      expect(text).not.toContain('hunter2');
    }
    expect((await call('/fail/nul')).status).toBe(400);
    expect((await call('/fail/extension')).body).toMatchObject({ code: 'conflict', other: 1 });
  });

  it('answers problem documents to addresses and bytes the router cannot read', async () => {
    const bad = await call('/things/%zz');
    expect([bad.status, bad.body.code]).toEqual([400, 'invalid_request']);
    expect(bad.response.headers.get('x-request-id')).toBe(bad.body.requestId);
    const long = await call(`/things/${'x'.repeat(600)}`);
    expect(long.response.headers.get('content-type')).toContain('problem+json');
    expect([404, 414]).toContain(long.status);
    const { port } = new URL(url);
    const raw = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.write('garbage\r\n\r\n'));
      let answer = '';
      socket.on('data', (data) => (answer += String(data)));
      socket.on('end', () => resolve(answer));
      socket.on('error', reject);
    });
    expect(raw).toContain('HTTP/1.1 400');
    expect(raw).toContain('application/problem+json');
  });

  it('explains every code on the page the type points to', async () => {
    const page = await fetch(`${url}/docs/errors`, { headers: { 'accept-language': 'zh-CN' } });
    expect(page.headers.get('content-type')).toContain('text/html');
    const html = await page.text();
    expect(html).toContain('<section id="cursor_expired">');
    expect(html).toContain('游标已过期');
  });
});
