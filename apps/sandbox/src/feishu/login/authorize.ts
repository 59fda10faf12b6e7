import type { ServerResponse } from 'node:http';
import { sendJson } from '../../http/answers.js';
import { html, type Html } from '../../page/html.js';
import type { FeishuWorld } from '../world.js';
import type { Grant } from './sessions.js';

const shownPeople = 40;

/**
 * The login page (authentication-management/access-token/obtain-oauth-code). A browser sees people to log in as;
 * the same address with `sandbox_user=<account>` redirects at once, and with `sandbox_user=` (nobody) it refuses
 * as somebody does who presses "deny".
 */
export function answerAuthorize(url: URL, response: ServerResponse, world: FeishuWorld): void {
  const query = url.searchParams;
  const redirect = redirectOf(query.get('redirect_uri'), world);
  // An old name of the parameter is still taken, as on the older pages.
  const clientId = query.get('client_id') ?? query.get('app_id');
  if (clientId !== world.appId) return problem(response, 20048, '应用不存在 The app was not found');
  if (redirect === undefined)
    return problem(response, 20029, '重定向 URL 有误 redirect_uri is not registered');
  if (query.get('client_id') !== null && query.get('response_type') !== 'code') {
    return problem(response, 20001, 'response_type must be code');
  }
  const scopes = (query.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  const strange = scopes.find((scope) => scope !== 'offline_access' && !world.app.scopes.includes(scope));
  if (strange !== undefined) return problem(response, 20027, `${strange} is not enabled for the app`);
  const account = query.get('sandbox_user');
  if (account === null) return choose(url, response, world);
  const state = query.get('state');
  if (state !== null) redirect.searchParams.set('state', state);
  if (account === '') {
    redirect.searchParams.set('error', 'access_denied');
    return leave(response, redirect);
  }
  const person = world.company.person(account);
  if (person === undefined || !world.optics.lens().seesPerson(person)) {
    return problem(response, 20010, '用户无应用使用权限 The app is not available to this user');
  }
  const challenge = query.get('code_challenge');
  const method = query.get('code_challenge_method') === 'S256' ? 'S256' : 'plain';
  const grant: Grant = {
    person,
    scopes,
    redirectUri: query.get('redirect_uri') ?? '',
    ...(challenge === null ? {} : { challenge: { value: challenge, method } }),
  };
  redirect.searchParams.set('code', world.sessions.code(grant));
  leave(response, redirect);
}

function redirectOf(text: string | null, world: FeishuWorld): URL | undefined {
  if (text === null || !URL.canParse(text)) return undefined;
  const registered = world.app.redirectUrls;
  if (registered !== null && !registered.includes(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}

function choose(url: URL, response: ServerResponse, world: FeishuWorld): void {
  const lens = world.optics.lens();
  const people = world.company
    .people()
    .filter((person) => person.status === 'active' && lens.seesPerson(person))
    .slice(0, shownPeople);
  const link = (account: string): string => {
    const target = new URL(url);
    target.searchParams.set('sandbox_user', account);
    return `${target.pathname}${target.search}`;
  };
  const rows = people.map(
    ({ account, name, position }) =>
      html`<li><a href="${link(account)}">${name}</a> ${account} · ${position}</li>`,
  );
  send(
    response,
    200,
    html`<title>飞书登录 (sandbox)</title>
      <h1>飞书登录 <small>simulated Feishu login</small></h1>
      <p>${world.app.name} 请求获取你的身份信息。选择登录的人 · Log in as:</p>
      <ul>
        ${rows}
      </ul>
      <p><a href="${link('')}">拒绝授权 deny</a></p>`,
  );
}

function leave(response: ServerResponse, target: URL): void {
  response.writeHead(302, { location: target.href, 'content-length': 0 }).end();
}

function problem(response: ServerResponse, code: number, text: string): void {
  send(
    response,
    400,
    html`<title>${code}</title>
      <h1>错误码 ${code}</h1>
      <p>${text}</p>`,
  );
}

function send(response: ServerResponse, status: number, page: Html): void {
  const document = `<!doctype html>\n<html lang="zh-CN"><meta charset="utf-8">${page.text}</html>`;
  sendJson(response, document, status, 'text/html; charset=UTF-8');
}
