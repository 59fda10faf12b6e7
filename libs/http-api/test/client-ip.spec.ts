import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { ApiHttpAdapter, clientIpOf, HttpApiModule } from '@trainbridge/http-api';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';

@Module({ imports: [HttpApiModule] })
class TestModule {}

describe('clientIpOf', () => {
  it.each([
    ['nobody, it is the peer', [], '127.0.0.1'],
    ['the peer, it is whom the peer names', ['127.0.0.1'], '203.0.113.7'],
  ])('tells middleware where a request came from: when trusting %s', async (_whom, trustProxy, expected) => {
    const module = await Test.createTestingModule({ imports: [TestModule] }).compile();
    const app = module.createNestApplication<NestFastifyApplication>(new ApiHttpAdapter({ trustProxy }));
    app.useLogger(false);
    app.use('/where', (request: IncomingMessage, response: ServerResponse) =>
      response.end(clientIpOf(request)),
    );
    await app.listen(0, '127.0.0.1');
    const answer = await fetch(`${await app.getUrl()}/where`, {
      headers: { 'x-forwarded-for': '198.51.100.1, 203.0.113.7' },
    });
    expect(await answer.text()).toBe(expected);
    await app.close();
  });
});
