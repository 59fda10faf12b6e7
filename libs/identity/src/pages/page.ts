import type { LocalizedText } from '@trainbridge/connector-kit';
import { localize, preferredLanguage, type Language } from '@trainbridge/http-api';
import type { IncomingHttpHeaders } from 'node:http';

/** What a person reads while signing in. Everything is escaped; texts of both languages are in here, one is shown. */
export interface Page {
  title: LocalizedText;
  paragraphs: (LocalizedText | string)[];
  links?: { href: string; text: LocalizedText | string; detail?: LocalizedText | string }[];
  /** Markup that is trusted as it is: a form the OpenID provider made. */
  trustedHtml?: string;
  /** Shown small, for whoever has to find the case in the log. */
  requestId?: string;
}

/** No script, nothing from elsewhere, in nobody's frame; not kept, because the next person may use this browser. */
export const PAGE_HEADERS: Record<string, string> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  vary: 'Accept-Language',
};

export function renderPage(page: Page, language: Language): string {
  const shown = (text: LocalizedText | string): string => escapeHtml(localize(text, language));
  const title = shown(page.title);
  const paragraphs = page.paragraphs.map((text) => `<p>${shown(text)}</p>`);
  const links = (page.links ?? []).map(({ href, text, detail }) => {
    const small = detail === undefined ? '' : `<small>${shown(detail)}</small>`;
    return `<a href="${escapeHtml(href)}">${shown(text)}${small}</a>`;
  });
  const request =
    page.requestId === undefined ? '' : `<footer>${shown(REQUEST)} ${escapeHtml(page.requestId)}</footer>`;
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>
body{font:16px/1.6 system-ui,sans-serif;max-width:26rem;margin:12vh auto 2rem;padding:0 1.25rem;color:#1f2328}
h1{font-size:1.35rem}a,button{display:block;width:100%;box-sizing:border-box;margin:.6rem 0;padding:.7rem 1rem;font:inherit;
text-align:left;text-decoration:none;color:#0b57d0;background:#fff;border:1px solid #d0d7de;border-radius:.5rem;cursor:pointer}
a small{display:block;color:#656d76}footer{margin-top:2rem;color:#656d76;font-size:.8rem;overflow-wrap:anywhere}
</style></head><body><main><h1>${title}</h1>${paragraphs.join('')}${links.join('')}${page.trustedHtml ?? ''}</main>${request}</body></html>`;
}

/** @param uiLocales what the LMS asked for, in its order, separated by spaces; it comes before what the browser likes */
export function pageLanguage(headers: IncomingHttpHeaders, uiLocales?: unknown): Language {
  const asked =
    typeof uiLocales === 'string' && uiLocales !== '' ? uiLocales.replaceAll(' ', ',') : undefined;
  return preferredLanguage(asked ?? headers['accept-language']);
}

/** Whether the caller is a browser showing a page, and no program. */
export function wantsPage(accept: string | undefined): boolean {
  return accept !== undefined && accept.includes('text/html');
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character]!);
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const REQUEST = { en: 'For your administrator:', 'zh-CN': '供管理员查询：' };
