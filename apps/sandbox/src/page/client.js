/* global document, window, location, history, EventSource, FormData, URLSearchParams, clearTimeout */
/*
 * The page works without this file as far as reading goes. It adds: acting without a reload, dialogs, and the
 * live log. Panels are always rendered by the server; this only swaps them.
 */

const dialog = document.querySelector('dialog');
const toast = document.querySelector('.toast');
const panelOf = (name) => document.querySelector(`[data-panel="${name}"]`);

/** Asks the server for panels of the current address and puts them in place. */
async function refresh(...names) {
  await Promise.all(
    names.map(async (name) => {
      const query = new URLSearchParams(location.search);
      query.set('panel', name);
      const answer = await fetch(`/?${query}`);
      const panel = panelOf(name);
      const open = new Set(
        [...panel.querySelectorAll('details[open][data-id]')].map((node) => node.dataset.id),
      );
      panel.innerHTML = await answer.text();
      for (const node of panel.querySelectorAll('details[data-id]'))
        if (open.has(node.dataset.id)) node.open = true;
    }),
  );
}

async function send(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const data = await answer.json();
  if (!answer.ok) throw new Error(data.detail ?? `HTTP ${answer.status}`);
  return data;
}

let toastTimer;
function say(text) {
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (toast.hidden = true), 4000);
}

async function act(work, ...panels) {
  try {
    const result = await work();
    await refresh(...panels, 'counters');
    return result;
  } catch (error) {
    say(error.message);
    return undefined;
  }
}

const departmentField = { name: 'departmentId', text: '部门 Department', kind: 'select' };
const dialogs = {
  hire: {
    title: () => '入职 Hire',
    fields: [
      { name: 'name', text: '姓名 Name（可空 optional）' },
      { name: 'account', text: '账号 Userid（可空 optional）' },
      { name: 'position', text: '职务 Position（可空 optional）' },
      departmentField,
    ],
    run: (values) => mutate({ action: 'hire', ...values, departmentId: Number(values.departmentId) }),
  },
  move: {
    title: (data) => `调动 Move · ${data.name}`,
    fields: [departmentField],
    run: (values, data) =>
      mutate({ action: 'move', account: data.account, departmentIds: [Number(values.departmentId)] }),
  },
  rename: {
    title: (data) => `改部门名 Rename · ${data.name}`,
    fields: [{ name: 'name', text: '新名称 New name', required: true }],
    run: (values, data) =>
      mutate({ action: 'rename_department', departmentId: Number(data.department), name: values.name }),
  },
  create: {
    title: () => '下设部门 Add a department',
    fields: [{ name: 'name', text: '名称 Name', required: true }],
    run: (values, data) =>
      mutate({ action: 'create_department', parentId: Number(data.department), name: values.name }),
  },
  userid: {
    title: (data) => `改账号 Change userid · ${data.name}`,
    fields: [{ name: 'newAccount', text: '新账号 New userid', required: true }],
    run: (values, data) =>
      mutate({ action: 'change_userid', account: data.account, newAccount: values.newAccount }),
  },
  callback: {
    title: () => '回调地址 Callback URL',
    fields: [{ name: 'url', text: 'URL', required: true }],
    run: async (values, data) => {
      const result = await send('PUT', data.path, { url: values.url });
      if (!result.ok) throw new Error(`验证失败 Verification failed: ${result.reason}`);
      await refresh('connection');
      say('验证通过 Verified');
    },
  },
  approval: {
    title: () => '提交审批 Submit an approval',
    fields: [
      { name: 'account', text: '申请人账号 Applicant’s userid', required: true },
      { name: 'course', text: '课程 Course', required: true },
      { name: 'reason', text: '事由 Reason（可空 optional）' },
    ],
    run: async ({ account, course, reason }, data) => {
      const form = { 课程: course, ...(reason === undefined ? {} : { 事由: reason }) };
      await send('POST', data.path, { account, title: '培训申请', form });
      await refresh('work');
    },
  },
  customer: {
    title: () => '新增客户 Add a customer',
    fields: [{ name: 'name', text: '姓名 Name', required: true }],
    run: async (values, data) => {
      await send('POST', data.path, values);
      await refresh('work');
    },
  },
};

async function mutate(command) {
  const result = await send('POST', '/sandbox/mutations', command);
  await refresh('people', 'tree', 'counters', ...(result.departmentIds.length > 0 ? ['departments'] : []));
  say(`${result.action} · ${[...result.accounts, ...result.departmentIds].join(', ')}`);
}

function openDialog(name, data) {
  const spec = dialogs[name];
  dialog.querySelector('h2').textContent = spec.title(data);
  dialog.querySelector('.error').textContent = '';
  const fields = dialog.querySelector('.fields');
  fields.replaceChildren(
    ...spec.fields.map((field) => {
      const label = document.createElement('label');
      label.textContent = field.text;
      const input = document.createElement(field.kind === 'select' ? 'select' : 'input');
      input.name = field.name;
      input.required = field.required ?? false;
      if (field.kind === 'select') {
        input.append(panelOf('departments').content.cloneNode(true));
        input.value = data.department ?? '1';
      } else input.value = data[field.name] ?? '';
      label.append(input);
      return label;
    }),
  );
  dialog.querySelector('form').onsubmit = async (event) => {
    if (event.submitter?.value !== 'ok') return;
    event.preventDefault();
    const entries = [...new FormData(event.target)].filter(([, value]) => value !== '');
    try {
      await spec.run(Object.fromEntries(entries), data);
      dialog.close();
    } catch (error) {
      dialog.querySelector('.error').textContent = error.message;
    }
  };
  dialog.showModal();
}

const chosen = ['people', 'tree', 'platforms', 'connection', 'counters', 'work', 'faults'];

/** Shows another platform, department, page or search without a reload. */
async function show(address) {
  history.pushState(null, '', address);
  await refresh(...chosen);
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  const link = event.target.closest('a[href^="/?"]');
  if (link && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    void show(link.href);
    return;
  }
  if (!button || dialog.contains(button)) return;
  const { dialog: name, mutation, fault, patch, change, heal, post, body } = button.dataset;
  if (name !== undefined) openDialog(name, { ...button.dataset, name: button.dataset.name ?? '' });
  else if (mutation !== undefined) void act(() => mutate(JSON.parse(mutation)));
  else if (fault !== undefined) void act(() => send('POST', '/sandbox/faults', JSON.parse(fault)), 'faults');
  else if (patch !== undefined) void act(() => send('PATCH', patch, JSON.parse(change)), 'faults');
  else if (post !== undefined) void act(() => send('POST', post, JSON.parse(body)), 'work');
  else if (heal !== undefined) void act(() => send('DELETE', `/sandbox/faults${heal}`), 'faults');
});

document.addEventListener('submit', (event) => {
  if (!event.target.matches('.search')) return;
  event.preventDefault();
  const query = new URLSearchParams(new FormData(event.target));
  void show(`/?${query}`);
});

window.addEventListener('popstate', () => void refresh(...chosen));

/** Builds one line of the log as the server does. */
function logLine(line) {
  const item = document.createElement('li');
  item.className = `${line.source} ${line.outcome}`;
  item.dataset.sequence = line.sequence;
  const duration = line.durationMs === undefined ? '' : ` · ${line.durationMs} ms`;
  const parts = [
    ['time', '', new Date(line.at).toTimeString().slice(0, 8)],
    ['span', 'source', line.source],
    ['span', 'title', line.title],
    ['span', 'detail', line.detail + duration],
  ];
  for (const [tag, className, text] of parts) {
    const node = document.createElement(tag);
    node.className = className;
    node.textContent = text;
    item.append(node);
  }
  return item;
}

const log = panelOf('log');
let newest = Number(log.firstElementChild?.dataset.sequence ?? 0);
const stale = new Set();
let scheduled = false;

function refreshSoon(...names) {
  for (const name of names) stale.add(name);
  if (scheduled) return;
  scheduled = true;
  setTimeout(() => {
    scheduled = false;
    const wanted = [...stale];
    stale.clear();
    // A webhook somebody is reading stays open; the list catches up later.
    const reading = panelOf('inbox').querySelector('details[open]') !== null;
    void refresh(...wanted.filter((name) => name !== 'inbox' || !reading));
  }, 400);
}

new EventSource('/sandbox/stream').onmessage = (message) => {
  const line = JSON.parse(message.data);
  if (line.sequence <= newest) return;
  newest = line.sequence;
  log.prepend(logLine(line));
  while (log.children.length > 120) log.lastElementChild.remove();
  refreshSoon(
    'counters',
    ...(line.source === 'lms' ? ['inbox', 'faults'] : []),
    ...(line.source === 'call' ? ['faults', 'work'] : []),
    ...(line.source === 'callback' ? ['work', 'connection'] : []),
  );
};
