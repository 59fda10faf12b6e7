import type { Activity } from '../activity-log.js';
import type { FaultSpec } from '../faults/faults.js';
import type { SandboxParts } from '../parts.js';
import { html, label, type Html } from './html.js';
import type { PageSelection } from './selection.js';

const logLines = 80;
const inboxLines = 30;

/** Head counts and counters. */
export function countersPanel(parts: SandboxParts, { platform }: PageSelection): Html {
  const { company, lms } = parts;
  const { told, delivered } = platform.glance().events;
  const counter = (value: number | string, text: Html, kind = ''): Html =>
    html`<div class="counter ${kind}">
      <b>${typeof value === 'number' ? value.toLocaleString('en') : value}</b><span>${text}</span>
    </div>`;
  return html` ${counter(company.personCount, label('员工', 'people'))}
  ${counter(company.departmentCount, label('部门', 'departments'))}
  ${counter(platform.calls.count(), label('接口调用', 'API calls'))}
  ${counter(`${delivered} / ${told}`, label('事件送达', 'events delivered'), delivered < told ? 'warn' : '')}
  ${counter(lms.counts.unique, label('学习系统收到', 'webhooks in LMS'))}
  ${counter(lms.counts.rejected + lms.counts.failed, label('拒收或失败', 'refused or failed'), lms.counts.rejected > 0 ? 'warn' : '')}`;
}

/** What can be broken with one click. */
const presets: readonly (readonly [string, string, FaultSpec])[] = [
  ['限流 ×3', 'Rate limit', { kind: 'rate_limit', times: 3 }],
  ['令牌失效', 'Expire tokens', { kind: 'expire_tokens' }],
  ['慢 3 秒 ×5', 'Slow', { kind: 'slow', ms: 3000, times: 5 }],
  ['不回答', 'Hang', { kind: 'hang' }],
  ['断开', 'Reset', { kind: 'reset' }],
  ['502 ×3', 'Gateway error', { kind: 'http_error', times: 3 }],
  ['HTML', 'HTML page', { kind: 'html' }],
  ['半个 JSON', 'Half JSON', { kind: 'half_json' }],
  ['50 MB', 'Huge body', { kind: 'huge_body' }],
  ['缺 name', 'Missing field', { kind: 'missing_fields', fields: ['name'], every: 3, times: 3 }],
  ['重复页', 'Duplicate page', { kind: 'duplicate_page' }],
  ['跳页', 'Skip page', { kind: 'skip_page' }],
  ['游标死循环', 'Cursor loop', { kind: 'cursor_loop' }],
  ['公司变空', 'Empty company', { kind: 'empty_company' }],
  ['可见范围收窄', 'Narrow range', { kind: 'narrow_range', parties: [2] }],
];

/** Buttons that break things, and what is broken. */
export function faultsPanel(parts: SandboxParts, { platform }: PageSelection): Html {
  const active = platform.faults.list();
  const { switches } = platform.glance().events;
  const lms = parts.lms.settings();
  const patch = (path: string, change: object, on: boolean, chinese: string, english: string): Html =>
    html`<button data-patch="${path}" data-change="${JSON.stringify(change)}" ${on && 'aria-pressed=true'}>
      ${label(chinese, english)}
    </button>`;
  const events = `/sandbox/${platform.id}/delivery`;
  const inbox = '/lms/behavior';
  return html` <div class="breaks">
      <h3>${label('接口', 'API')}</h3>
      <div>
        ${presets.map(([chinese, english, spec]) => html`<button data-fault="${JSON.stringify({ ...spec, platform: platform.id })}">${label(chinese, english)}</button>`)}
      </div>
    </div>
    <div class="breaks">
      <h3>${label('事件', 'Events')}</h3>
      <div>
        ${patch(events, { dropNext: switches.dropNext + 1 }, switches.dropNext > 0, `丢下一个 ${switches.dropNext || ''}`, 'Drop next')}
        ${patch(events, { duplicates: switches.duplicates > 0 ? 0 : 1 }, switches.duplicates > 0, '重复', 'Duplicate')}
        ${patch(events, { reorder: !switches.reorder }, switches.reorder, '乱序', 'Reorder')}
      </div>
    </div>
    <div class="breaks">
      <h3>${label('学习系统', 'LMS')}</h3>
      <div>
        ${patch(inbox, { fail: 3, failWith: 500 }, lms.fail === 3, '500 ×3', 'Fail')}
        ${patch(inbox, { fail: 'always', failWith: 500 }, lms.fail === 'always' && lms.failWith === 500, '一直 500', 'Down')}
        ${patch(inbox, { fail: 1, failWith: 410 }, lms.fail === 1 && lms.failWith === 410, '410', 'Gone')}
        ${patch(inbox, { fail: 3, failWith: 'hang' }, lms.fail !== 0 && lms.failWith === 'hang', '不回答 ×3', 'Hang')}
        ${patch(inbox, { delayMs: lms.delayMs > 0 ? 0 : 2000 }, lms.delayMs > 0, '慢 2 秒', 'Slow')}
        ${patch(inbox, { fail: 0, failWith: 500, failFirstAttempts: 0, delayMs: 0 }, false, '恢复', 'Heal')}
      </div>
    </div>
    ${
      active.length > 0 &&
      html`<div class="active-faults">
        <h3>${label('生效中', 'Active')}</h3>
        <div>
          ${active.map((fault) => html`<button class="chip" data-heal="/${fault.id}?platform=${platform.id}" title="remove">${fault.kind}${typeof fault.times === 'number' && ` ×${fault.times + (fault.after ?? 0) - fault.struck}`} ✕</button>`)}
          <button data-heal="">${label('全部恢复', 'Clear all')}</button>
        </div>
      </div>`
    }`;
}

/** The newest lines of the log, newest first. */
export function logPanel(parts: SandboxParts): Html {
  const lines = parts.log.since(0).slice(-logLines).reverse();
  return html`${lines.map(logLine)}`;
}

function logLine(line: Activity): Html {
  return html`<li class="${line.source} ${line.outcome}" data-sequence="${line.sequence}">
    <time>${clock(line.at)}</time> <span class="source">${line.source}</span
    ><span class="title">${line.title}</span>
    <span class="detail">${line.detail}${line.durationMs !== undefined && ` · ${line.durationMs} ms`}</span>
  </li>`;
}

/** The newest webhooks, newest first. */
export function inboxPanel(parts: SandboxParts): Html {
  const webhooks = parts.lms.received.slice(-inboxLines).reverse();
  if (webhooks.length === 0) return html`<p class="empty">${label('还没有 Webhook', 'No webhook yet')}</p>`;
  return html`<ul>
    ${webhooks.map(
      (webhook) =>
        html`<li>
          <details>
            <summary>
              <time>${clock(webhook.at)}</time><b>${webhook.type || '—'}</b>
              <code>${webhook.id}</code
              >${webhook.duplicates > 0 && html`<span class="tag warn">${label('重复', 'duplicate')}</span>`}
            </summary>
            <pre>${JSON.stringify(webhook.body, null, 2).slice(0, 4000)}</pre>
          </details>
        </li>`,
    )}
  </ul>`;
}

function clock(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}
