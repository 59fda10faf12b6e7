import type { ServerResponse } from 'node:http';
import { sendJson } from '../../http/answers.js';
import { html, type Html } from '../../page/html.js';
import { privateFields, type PrivateField, type WecomApp } from '../credentials.js';
import type { WecomWorld } from '../world.js';
import { outsider, visitorOf, type Visitor } from './logins.js';

/** The pages' paths: QR login (D-98152) and its predecessor, and OAuth inside the client (D-91022). */
const pages: Readonly<Record<string, (url: URL, world: WecomWorld) => Outcome>> = {
  '/wwlogin/sso/login': qrLogin,
  '/wwopen/sso/qrConnect': qrLogin,
  '/connect/oauth2/authorize': inAppLogin,
};

/** Whether a page stands at this path. */
export function isLoginPath(pathname: string): boolean {
  return Object.hasOwn(pages, pathname);
}

/** Why the page shows an error, or who may come in and what they are asked for. */
type Outcome = { problem: string } | { app: WecomApp; inApp: boolean; asksConsent: boolean };

const shownPeople = 60;
const scopes: readonly (string | null)[] = ['snsapi_base', 'snsapi_privateinfo'];

/**
 * Answers a login page. `sandbox_user` picks somebody at once: a member, a customer or `outsider`;
 * `sandbox_withhold=mobile,email` is what they do not agree to show.
 */
export function answerLogin(response: ServerResponse, url: URL, world: WecomWorld): void {
  const { searchParams: query } = url;
  const outcome = pages[url.pathname]?.(url, world) ?? { problem: url.pathname };
  if ('problem' in outcome) return sendPage(response, html`<p>${outcome.problem}</p>`, 400);
  const name = query.get('sandbox_user');
  if (name === null) return sendPage(response, choice(url, world, outcome), 200);
  const visitor = visitorOf(name, world.company, world.customers);
  if (visitor === undefined) return sendPage(response, html`<p>没有这个人 nobody is called ${name}</p>`, 404);
  const refusal = refusalOf(visitor, outcome, world);
  if (refusal !== undefined) return sendPage(response, html`<p>${refusal}</p>`, 403);
  const withheld = (query.get('sandbox_withhold') ?? '').split(',');
  const shown = privateFields.filter((field) => !withheld.includes(field));
  const consented: readonly PrivateField[] | null = outcome.asksConsent ? shown : null;
  const target = new URL(query.get('redirect_uri') ?? '');
  target.searchParams.set('code', world.logins.issue({ visitor, consented }));
  const state = query.get('state');
  if (state !== null) target.searchParams.set('state', state);
  response.writeHead(302, { location: target.href, 'cache-control': 'no-store', 'content-length': 0 }).end();
}

function qrLogin(url: URL, world: WecomWorld): Outcome {
  const { searchParams: query, pathname } = url;
  const isLegacy = pathname.startsWith('/wwopen/');
  if (!isLegacy && query.get('login_type') !== 'CorpApp') return { problem: 'login_type 不正确 (-31040)' };
  if (query.get('appid') !== world.corpId) return { problem: 'appid 不正确 (-31027)' };
  const app = world.apps.find(({ agentId }) => String(agentId) === query.get('agentid'));
  if (app === undefined || app.disabled) return { problem: 'agentid 不正确 (-31028)' };
  if (!mayLeadTo(query.get('redirect_uri'), app)) return { problem: 'redirect_uri 不是可信域名 (-31020)' };
  return { app, inApp: false, asksConsent: false };
}

function inAppLogin(url: URL, world: WecomWorld): Outcome {
  const { searchParams: query } = url;
  if (query.get('appid') !== world.corpId) return { problem: 'appid 不正确 (40013)' };
  if (query.get('response_type') !== 'code') return { problem: 'response_type 必须为 must be code' };
  const scope = query.get('scope');
  if (!scopes.includes(scope)) return { problem: 'scope 不正确 is not right' };
  if (!/^[0-9A-Za-z]{0,128}$/.test(query.get('state') ?? '')) return { problem: 'state 不正确 is not right' };
  const agentId = query.get('agentid');
  const app = world.apps.find((one) => agentId === null || String(one.agentId) === agentId);
  if (app === undefined || app.disabled) return { problem: 'agentid 不正确 (40056)' };
  if (!mayLeadTo(query.get('redirect_uri'), app)) return { problem: 'redirect_uri 不是可信域名 (50001)' };
  // Without the agent id the consent page is left out, without a word (sheet 5.1).
  return { app, inApp: true, asksConsent: scope === 'snsapi_privateinfo' && agentId !== null };
}

/** A trusted domain fits host and port exactly (sheet 5.3). */
function mayLeadTo(redirect: string | null, { trustedDomain }: WecomApp): boolean {
  if (redirect === null || !URL.canParse(redirect)) return false;
  const { protocol, host } = new URL(redirect);
  return (
    (protocol === 'https:' || protocol === 'http:') && (trustedDomain === null || trustedDomain === host)
  );
}

/** Who cannot come in here, though they exist. */
function refusalOf(
  visitor: Visitor,
  { app, inApp, asksConsent }: Exclude<Outcome, { problem: string }>,
  world: WecomWorld,
): string | undefined {
  if (visitor.kind !== 'member') return inApp ? undefined : '不是企业成员 not a member of the company';
  if (visitor.person.status === 'disabled') return '帐号已停用 the account is disabled';
  // The silent login lets everybody through, in view or not; its caller has to look (sheet 5.3).
  if (inApp && !asksConsent) return undefined;
  const sees = world.optics.rangeLens(app.range).seesPerson(visitor.person);
  return sees ? undefined : '无权限 no permission: outside the visible range of the app';
}

function choice(url: URL, world: WecomWorld, { app, inApp }: Exclude<Outcome, { problem: string }>): Html {
  const link = (name: string, shown: string, what: string): Html => {
    const target = new URL(url);
    target.searchParams.set('sandbox_user', name);
    return html`<li><a href="${target.pathname}${target.search}">${shown}</a> ${what}</li>`;
  };
  const people = world.company.people().slice(0, shownPeople);
  const customers = inApp ? world.customers.all().slice(0, 5) : [];
  return html`<h1>企业微信登录 WeCom login (sandbox)</h1>
    <p>${app.name} · 成员 Members (<code>sandbox_user=</code> takes any userid)</p>
    <ul>
      ${people.map((person) => link(person.account, person.name, `${person.account} · ${person.position}`))}
    </ul>
    ${
      inApp &&
      html`<p>客户及其他 Customers and others</p>
        <ul>
          ${customers.map(({ externalUserId, name }) => link(externalUserId, name, externalUserId))}
          ${link(outsider, '路人 Outsider', '')}
        </ul>`
    }`;
}

function sendPage(response: ServerResponse, content: Html, status: number): void {
  const page = html`<!doctype html>
    <html lang="zh-CN">
      <meta charset="utf-8" /><title>企业微信 WeCom</title>
      <body>
        ${content}
      </body>
    </html>`;
  sendJson(response, page.text, status, 'text/html; charset=utf-8');
}
