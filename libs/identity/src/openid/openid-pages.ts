import {
  preferredLanguage,
  PROBLEM_MEDIA_TYPE,
  problemDocument,
  ProblemError,
  requestIdOf,
  type Language,
} from '@trainbridge/http-api';
import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider';
import { PAGE_HEADERS, pageLanguage, renderPage, wantsPage, type Page } from '../pages/page.js';

/** What `oidc-provider` shows people, in our words; programs get its JSON. */

export function showError(context: KoaContextWithOIDC, told: ErrorOut): void {
  const error =
    told.error === 'invalid_client' && told.error_description === 'client is invalid'
      ? { ...told, error_description: NO_LOGIN_CLIENT }
      : told;
  if (!wantsPage(context.headers.accept)) {
    context.body = error;
    return;
  }
  show(context, {
    title: { en: 'The sign-in cannot go on', 'zh-CN': '登录无法继续' },
    paragraphs: [
      error.error === 'server_error' ? OUR_FAULT : THEIR_FAULT,
      `${error.error}: ${error.error_description ?? ''}`,
    ],
    requestId: requestIdOf(context.req),
  });
}

/** Koa would say "Not Found" in plain text. */
export async function answerUnknownPaths(
  context: Pick<KoaContextWithOIDC, 'status' | 'body' | 'req' | 'headers' | 'set'>,
  next: () => Promise<unknown>,
): Promise<void> {
  await next();
  if (context.status !== 404 || (context.body ?? null) !== null) return;
  const language = preferredLanguage(context.headers['accept-language']);
  const problem = problemDocument(new ProblemError('route_not_found'), language, requestIdOf(context.req));
  context.status = problem.status;
  context.body = JSON.stringify(problem);
  context.set('content-type', `${PROBLEM_MEDIA_TYPE}; charset=utf-8`);
}

/** @param form holds the proof that the button was pressed on this page */
export function askSignOut(context: KoaContextWithOIDC, form: string): void {
  show(context, {
    title: { en: 'Sign out?', 'zh-CN': '退出登录？' },
    paragraphs: [
      {
        en: 'Afterwards the next person at this browser has to sign in themselves.',
        'zh-CN': '退出后，使用此浏览器的下一位用户需要重新登录。',
      },
    ],
    trustedHtml: `${form}<button type="submit" form="op.logoutForm" name="logout" value="yes">${
      languageOf(context) === 'en' ? 'Sign out' : '退出登录'
    }</button>`,
  });
}

export function showSignedOut(context: KoaContextWithOIDC): void {
  show(context, {
    title: { en: 'You are signed out', 'zh-CN': '您已退出登录' },
    paragraphs: [{ en: 'You can close this page.', 'zh-CN': '可以关闭此页面。' }],
  });
}

function show(context: KoaContextWithOIDC, page: Page): void {
  const language = languageOf(context);
  for (const [name, value] of Object.entries(PAGE_HEADERS)) context.set(name, value);
  context.set('content-language', language);
  context.body = renderPage(page, language);
}

function languageOf({ headers, oidc }: KoaContextWithOIDC): Language {
  return pageLanguage(headers, oidc.params?.ui_locales);
}

/** The provider's own words leave whoever sets a client up to guess. As the standard has it, in English only. */
const NO_LOGIN_CLIENT =
  'This client cannot sign people in: it is unknown, deleted or expired, or lacks the scope openid or its redirectUris (PATCH /api/v1/clients/{id}).';

const OUR_FAULT = {
  en: 'Something went wrong on our side. Please try again; if it stays like this, tell your administrator.',
  'zh-CN': '系统内部出错，请重试；如仍然失败，请联系管理员。',
};

const THEIR_FAULT = {
  en: 'Please go back to the training system and sign in again. If it stays like this, tell its administrator what stands below.',
  'zh-CN': '请返回培训系统重新登录。如仍然失败，请将以下信息告知管理员。',
};
