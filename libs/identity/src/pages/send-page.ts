import type { Language } from '@trainbridge/http-api';
import type { FastifyReply } from 'fastify';
import { PAGE_HEADERS, renderPage, type Page } from './page.js';

/** Resolves when it is sent. */
export async function sendPage(reply: FastifyReply, page: Page, language: Language): Promise<void> {
  await reply.headers({ ...PAGE_HEADERS, 'content-language': language }).send(renderPage(page, language));
}

/** To an address that holds a code or a state as often as not: kept nowhere, and told to nobody as a referrer. */
export async function sendRedirect(reply: FastifyReply, url: string): Promise<void> {
  await reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).redirect(url, 302);
}
