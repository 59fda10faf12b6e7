import { Controller, Get, Header, Headers } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { localize, preferredLanguage } from '../language.js';
import { Public } from '../route-settings.js';
import { problemCatalogue, type ProblemKind } from './catalogue.js';

/** Where the `type` of every problem leads. */
@ApiExcludeController()
@Controller('docs/errors')
export class ErrorPageController {
  @Public()
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('vary', 'Accept-Language')
  page(@Headers('accept-language') acceptLanguage?: string): string {
    const language = preferredLanguage(acceptLanguage);
    const title = language === 'en' ? 'Error catalogue' : '错误码目录';
    const rows = Object.entries<ProblemKind>(problemCatalogue).map(
      ([code, { status, title, advice }]) =>
        `<section id="${code}"><h2><code>${code}</code> <small>${status}</small></h2>` +
        `<p><strong>${escape(localize(title, language))}</strong></p><p>${escape(localize(advice, language))}</p></section>`,
    );
    return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${title}</title><style>
body{font:16px/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1f2328}
section{border-top:1px solid #d8dee4;padding:.5rem 0}section:target{background:#fff8c5}
h2{font-size:1.1rem;margin:.5rem 0}small{color:#656d76}</style></head>
<body><h1>${title}</h1>${rows.join('')}</body></html>`;
  }
}

function escape(text: string): string {
  return text.replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character]!);
}
