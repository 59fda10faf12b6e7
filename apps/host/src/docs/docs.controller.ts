import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { ProblemError, Public } from '@trainbridge/http-api';
import type { FastifyReply } from 'fastify';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The committed file: four folders up, from the source (`apps/host/src/docs`) as from the build (`dist/apps/host/docs`). */
const OPENAPI_FILE = fileURLToPath(new URL('../../../../openapi.json', import.meta.url));
const UI_FOLDER = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** What the page needs of Swagger UI, with its media types; everything comes from this host, nothing from the internet. */
const ASSETS: Record<string, string> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
};

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Trainbridge API</title>
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<link rel="icon" href="data:,">
</head>
<body>
<div id="ui"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/assets/start.js"></script>
</body>
</html>
`;

const START = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#ui',
  deepLinking: true,
  docExpansion: 'none',
  persistAuthorization: false,
  tryItOutEnabled: true,
});
`;

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** `/openapi.json` and a page to read it with. */
@ApiExcludeController()
@Controller()
export class DocsController {
  private readonly files = new Map<string, Promise<Buffer>>();

  @Public()
  @Get('openapi.json')
  async openapi(@Res() reply: FastifyReply): Promise<void> {
    await this.send(reply, OPENAPI_FILE, 'application/json; charset=utf-8');
  }

  @Public()
  @Get('docs')
  page(@Res() reply: FastifyReply): void {
    void reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', POLICY)
      .header('x-content-type-options', 'nosniff')
      .send(PAGE);
  }

  @Public()
  @Get('docs/assets/:name')
  async asset(@Param('name') name: string, @Res() reply: FastifyReply): Promise<void> {
    if (name === 'start.js') {
      void reply.header('content-type', 'text/javascript; charset=utf-8').send(START);
      return;
    }
    const type = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined;
    if (type === undefined) throw new ProblemError('route_not_found');
    await this.send(reply, path.join(UI_FOLDER, name), type);
  }

  private async send(reply: FastifyReply, file: string, type: string): Promise<void> {
    let content = this.files.get(file);
    if (!content) {
      content = readFile(file);
      this.files.set(file, content);
    }
    try {
      const bytes = await content;
      void reply
        .header('content-type', type)
        .header('x-content-type-options', 'nosniff')
        .header('cache-control', 'max-age=300')
        .send(bytes);
    } catch {
      this.files.delete(file);
      throw new ProblemError('not_found');
    }
  }
}
