import type { ServerResponse } from 'node:http';
import { sendJson } from '../http/answers.js';
import { html, type Html } from '../page/html.js';
import { outsider, visitorOf } from './visitors.js';
import type { DingtalkWorld } from './world.js';

/** Path of the login page. */
export const loginPath = '/oauth2/auth';

const shownPeople = 60;
const scopes: readonly (string | null)[] = ['openid', 'openid corpid'];

/**
 * The page people log in at. `sandbox_user=<userid>` picks somebody at once: an employee, an external
 * contact, or `outsider`, who is neither.
 */
export function answerLogin(response: ServerResponse, url: URL, world: DingtalkWorld): void {
  const { searchParams: query } = url;
  const problem = problemOf(query, world);
  if (problem !== undefined) return sendPage(response, html`<p>${problem}</p>`, 400);
  const userid = query.get('sandbox_user');
  if (userid === null) return sendPage(response, choice(url, world), 200);
  const visitor = visitorOf(userid, world.humans, world.contacts);
  if (visitor === undefined)
    return sendPage(response, html`<p>没有这个人 nobody is called ${userid}</p>`, 404);
  const withCorp = query.get('scope') === 'openid corpid';
  const code = world.loginCodes.issue({ kind: 'web', visitor, userid, withCorp });
  const target = new URL(query.get('redirect_uri') ?? '');
  target.searchParams.set('authCode', code);
  if (world.facts.loginCodeNames === 'both') target.searchParams.set('code', code);
  const state = query.get('state');
  if (state !== null) target.searchParams.set('state', state);
  response.writeHead(302, { location: target.href, 'cache-control': 'no-store' }).end();
}

function problemOf(query: URLSearchParams, world: DingtalkWorld): string | undefined {
  const { app } = world;
  if (query.get('client_id') !== app.clientId || app.stopped) return 'client_id 不正确 is not right';
  if (query.get('response_type') !== 'code') return 'response_type 必须为 must be code';
  if (!scopes.includes(query.get('scope'))) return 'scope 必须为 must be "openid" or "openid corpid"';
  if (query.get('prompt') !== 'consent') return 'prompt 必须为 must be consent';
  const redirect = query.get('redirect_uri') ?? '';
  const allowed =
    URL.canParse(redirect) &&
    /^https?:$/.test(new URL(redirect).protocol) &&
    (app.redirectUrls === null || app.redirectUrls.some((start) => redirect.startsWith(start)));
  if (!allowed) return 'redirect_uri 未在控制台登记 is not registered in the console';
  const corp = query.get('exclusiveCorpId') ?? query.get('corpId');
  return corp !== null && corp !== world.corpId ? 'corpId 不正确 is not right' : undefined;
}

function choice(url: URL, world: DingtalkWorld): Html {
  const link = (userid: string, name: string, what: string): Html => {
    const target = new URL(url);
    target.searchParams.set('sandbox_user', userid);
    return html`<li><a href="${target.pathname}${target.search}">${name}</a> ${what}</li>`;
  };
  const people = world.company.people().slice(0, shownPeople);
  return html`<h1>钉钉登录 DingTalk login (sandbox)</h1>
    <p>员工 Employees (<code>sandbox_user=</code> takes any userid)</p>
    <ul>
      ${people.map((person) => link(person.account, person.name, person.account))}
    </ul>
    <p>外部联系人 External contacts</p>
    <ul>
      ${world.contacts
        .all()
        .slice(0, 5)
        .map((contact) => link(contact.userid, contact.name, contact.userid))}
    </ul>
    <p>其他 Others</p>
    <ul>
      ${link(outsider, '路人 Outsider', '')}
    </ul>`;
}

function sendPage(response: ServerResponse, content: Html, status: number): void {
  const page = html`<!doctype html>
    <html lang="zh-CN">
      <meta charset="utf-8" /><title>DingTalk</title>
      <body>
        ${content}
      </body>
    </html>`;
  sendJson(response, page.text, status, 'text/html; charset=utf-8');
}
