import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson } from '../http/answers.js';
import type { SandboxParts } from '../parts.js';
import { html, label, type Html } from './html.js';
import { countersPanel, faultsPanel, inboxPanel, logPanel } from './live.js';
import { departmentOptions, peoplePanel, treePanel } from './organisation.js';
import { connectionPanel, platformsPanel, workPanel } from './platform.js';
import { selectionOf, type PageSelection } from './selection.js';

const assets: Readonly<Record<string, { file: string; type: string }>> = {
  '/page.css': { file: 'page.css', type: 'text/css; charset=UTF-8' },
  '/client.js': { file: 'client.js', type: 'text/javascript; charset=UTF-8' },
};

/** The parts of the page that are replaced one by one when something changed. */
const panels: Readonly<Record<string, (parts: SandboxParts, selection: PageSelection) => Html>> = {
  platforms: platformsPanel,
  counters: countersPanel,
  connection: connectionPanel,
  tree: treePanel,
  people: peoplePanel,
  work: workPanel,
  faults: faultsPanel,
  log: logPanel,
  inbox: inboxPanel,
  departments: departmentOptions,
};

/** Answers the page, its files, and single panels (`?panel=people`); `false` for anything else. */
export function handlePage(
  parts: SandboxParts,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  const asset = assets[url.pathname];
  if (asset !== undefined) {
    sendJson(response, readFileSync(new URL(asset.file, import.meta.url)), 200, asset.type);
    return true;
  }
  if (url.pathname !== '/') return false;
  const panel = panels[url.searchParams.get('panel') ?? ''];
  const selection = selectionOf(url, parts);
  const body = panel === undefined ? wholePage(parts, selection) : panel(parts, selection);
  response.setHeader(
    'content-security-policy',
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self'",
  );
  response.setHeader('cache-control', 'no-store');
  sendJson(response, body.text, 200, 'text/html; charset=UTF-8');
  return true;
}

function wholePage(parts: SandboxParts, selection: PageSelection): Html {
  const panel = (name: string): Html => panels[name]?.(parts, selection) ?? html``;
  return html`<!doctype html>
    <html lang="zh-CN">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Trainbridge 沙箱 · Sandbox</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/page.css" />
      </head>
      <body>
        <header>
          <div class="brand">
            <h1>Trainbridge ${label('沙箱', 'Sandbox')}</h1>
            <p>${parts.company.name}</p>
          </div>
          <nav class="platforms" data-panel="platforms">${panel('platforms')}</nav>
          <div class="counters" data-panel="counters">${panel('counters')}</div>
        </header>
        <section class="connection" data-panel="connection">${panel('connection')}</section>
        <main>
          <section class="card tree-card">
            <h2>${label('组织架构', 'Organisation')}</h2>
            <div class="scroll" data-panel="tree">${panel('tree')}</div>
          </section>
          <section class="card people-card" data-panel="people">${panel('people')}</section>
          <aside>
            <section class="card">
              <h2>${label('实时日志', 'Live log')}</h2>
              <ul class="log scroll" data-panel="log">
                ${panel('log')}
              </ul>
            </section>
            <section class="card inbox">
              <h2>${label('学习系统收件箱', 'LMS inbox')}</h2>
              <div class="scroll" data-panel="inbox">${panel('inbox')}</div>
            </section>
          </aside>
          <div class="work" data-panel="work">${panel('work')}</div>
          <section class="card faults-card">
            <h2>${label('弄坏点什么', 'Break things')}</h2>
            <div data-panel="faults">${panel('faults')}</div>
          </section>
        </main>
        <dialog>
          <form method="dialog">
            <h2></h2>
            <div class="fields"></div>
            <p class="error" role="alert"></p>
            <div class="buttons">
              <button value="cancel" formnovalidate>${label('取消', 'Cancel')}</button
              ><button class="primary" value="ok">${label('确定', 'OK')}</button>
            </div>
          </form>
        </dialog>
        <template data-panel="departments">${departmentOptions(parts)}</template>
        <div class="toast" role="status" hidden></div>
        <script type="module" src="/client.js"></script>
      </body>
    </html>`;
}
