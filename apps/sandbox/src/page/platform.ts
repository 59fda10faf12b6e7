import type { SandboxParts } from '../parts.js';
import type { PlatformSimulator, SimulatedApproval, SimulatedTodo } from '../platform.js';
import { html, Html, label } from './html.js';
import { address, type PageSelection } from './selection.js';

const newest = 20;

/** The platforms to choose from. */
export function platformsPanel({ platforms }: SandboxParts, selection: PageSelection): Html {
  return html`${platforms.map((platform) => {
    const { name } = platform.glance();
    const chosen = platform === selection.platform && new Html('aria-current="page"');
    return html`<a href="${address(selection, { platform })}" ${chosen}>${label(name.zh, name.en)}</a>`;
  })}`;
}

/** Where the platform tells of changes, and how to connect a host to it. */
export function connectionPanel(parts: SandboxParts, { platform }: PageSelection): Html {
  const { events, tenant } = platform.glance();
  return html`<p><code>${tenant}</code></p>
    <p>
      ${label('事件', 'Events')}:
      ${
        events.url === null
          ? html`<em>${events.connections > 0 ? '' : label('未配置', 'not configured')}</em>`
          : html`<code>${events.url}</code>`
      }
      ${
        events.connections > 0 &&
        html`<span class="tag">${events.connections} ${label('个长连接', 'held connections')}</span>`
      }
      <button
        data-dialog="callback"
        data-path="/sandbox/${platform.id}/callback"
        data-url="${events.url ?? ''}"
      >
        ${label('设置回调地址', 'Set a callback URL')}
      </button>
    </p>
    <details>
      <summary>${label('如何连接', 'How to connect')}</summary>
      <pre>${JSON.stringify(platform.connectionConfig(parts.url()), null, 2)}</pre>
      <p class="muted">
        ${label('Webhook 地址', 'Webhook URL')}: <code>${parts.lmsUrl()}/webhooks</code>,
        <code>PUT /lms/secret</code>
      </p>
    </details>`;
}

/** What people do and see on the platform: approvals, to-dos, messages, customers. */
export function workPanel(parts: SandboxParts, { platform }: PageSelection): Html {
  const nameOf = (account: string): string => parts.company.person(account)?.name ?? account;
  const { approvals, customers } = platform.glance();
  const applicant = parts.company.people().find(({ status }) => status === 'active')?.account ?? '';
  const controls = `/sandbox/${platform.id}`;
  return html`${list(
    label('审批', 'Approvals'),
    approvals,
    (approval) => approvalLine(approval, controls, nameOf),
    html`<button
      class="primary"
      data-dialog="approval"
      data-path="${controls}/approvals"
      data-account="${applicant}"
    >
      ${label('提交', 'Submit')}
    </button>`,
  )}
  ${list(label('待办', 'To-dos'), platform.todos(), (todo) => todoLine(todo, platform, nameOf))}
  ${list(
    label('应用消息', 'Messages'),
    platform.inbox(),
    ({ account, text, at }) =>
      html`<li>
        <time>${new Date(at).toTimeString().slice(0, 8)}</time> <b>${nameOf(account)}</b>
        <p>${text}</p>
      </li>`,
  )}
  ${
    customers !== null &&
    list(
      label('客户', 'Customers'),
      customers,
      ({ name, owners, tags }) =>
        html`<li>
          <b>${name}</b> <span class="muted">${owners.map(nameOf).join(', ')}</span>
          ${tags.map((tag) => html`<span class="tag">${tag}</span> `)}
        </li>`,
      html`<button class="primary" data-dialog="customer" data-path="${controls}/customers">
        ${label('新增', 'Add')}
      </button>`,
    )
  }`;
}

function list<T>(heading: Html, items: readonly T[], line: (item: T) => Html, action?: Html): Html {
  return html`<section class="card">
    <h2>${heading} <small>${items.length}</small> ${action}</h2>
    <ul class="scroll">
      ${items.slice(-newest).reverse().map(line)}
    </ul>
    ${items.length === 0 && html`<p class="empty">${label('还没有', 'None yet')}</p>`}
  </section>`;
}

function approvalLine(
  { id, account, title, status }: SimulatedApproval,
  controls: string,
  nameOf: (account: string) => string,
): Html {
  const decide = (decision: string, text: Html): Html =>
    html`<button
      data-post="${controls}/approvals/${encodeURIComponent(id)}"
      data-body="${JSON.stringify({ decision })}"
    >
      ${text}
    </button>`;
  return html`<li>
    <b>${nameOf(account)}</b> ${title}
    ${
      status === 'open'
        ? html`<div class="buttons">
            ${decide('approved', label('同意', 'Approve'))} ${decide('rejected', label('拒绝', 'Reject'))}
            ${decide('withdrawn', label('撤回', 'Withdraw'))}
          </div>`
        : html`<span class="tag ${status !== 'approved' && 'warn'}">${approvalLabels[status]}</span>`
    }
  </li>`;
}

const approvalLabels: Readonly<Record<Exclude<SimulatedApproval['status'], 'open'>, Html>> = {
  approved: label('已通过', 'approved'),
  rejected: label('已拒绝', 'rejected'),
  withdrawn: label('已撤回', 'withdrawn'),
};

function todoLine(
  { id, account, title, url, status }: SimulatedTodo,
  platform: PlatformSimulator,
  nameOf: (account: string) => string,
): Html {
  // A card of WeCom is a message: nobody can tick it off.
  const canTick = status === 'open' && 'POST todos/*' in platform.controls;
  const path = `/sandbox/${platform.id}/todos/${encodeURIComponent(id)}`;
  const link = /^https?:/.test(url) ? html`<a href="${url}" rel="noreferrer">${title}</a>` : title;
  return html`<li>
    <b>${nameOf(account)}</b> ${link}
    <span class="tag ${status === 'open' && 'warn'}">${todoLabels[status]}</span>
    ${
      canTick &&
      html`<button data-post="${path}" data-body="${JSON.stringify({ account })}">
        ${label('勾选完成', 'Tick off')}
      </button>`
    }
  </li>`;
}

const todoLabels: Readonly<Record<SimulatedTodo['status'], Html>> = {
  open: label('待完成', 'open'),
  done: label('已完成', 'done'),
  removed: label('已撤回', 'removed'),
};
