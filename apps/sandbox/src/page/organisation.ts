import { departmentRows, findPeople, type DepartmentRow, type PersonRow } from '../control/company-views.js';
import type { SandboxParts } from '../parts.js';
import { html, Html, label } from './html.js';
import { address, type PageSelection } from './selection.js';

const peoplePerPage = 12;
/** Past this the tree shows only the way to the selected department. */
const largestTree = 3000;

/** The organisation chart with head counts. */
export function treePanel(parts: SandboxParts, selection: PageSelection): Html {
  const rows = departmentRows(parts.company);
  const children = new Map<number, DepartmentRow[]>();
  for (const row of rows) children.set(row.parentId, [...(children.get(row.parentId) ?? []), row]);
  const path = new Set<number>();
  for (let at = parts.company.department(selection.departmentId); at !== undefined;) {
    path.add(at.id);
    at = parts.company.department(at.parentId);
  }
  const small = rows.length <= largestTree;
  const node = (row: DepartmentRow): Html => {
    const below = children.get(row.id) ?? [];
    const selected = row.id === selection.departmentId;
    const line = html`<a
      href="${address(selection, { departmentId: row.id })}"
      ${selected && new Html('aria-current="true"')}
      title="${row.nameEn || row.name} · #${row.id} · ${row.direct} direct / ${row.total} total"
      ><span class="name">${row.name}</span><span class="count">${row.total}</span></a
    >`;
    if (below.length === 0) return html`<li class="leaf">${line}</li>`;
    const open = path.has(row.id) || row.depth === 1;
    return html`<li>
      <details ${open && new Html('open')} data-id="${row.id}">
        <summary>${line}</summary>
        <ul>
          ${(small || open) && below.map(node)}
        </ul>
      </details>
    </li>`;
  };
  return html`<ul class="tree">
    ${(children.get(0) ?? []).map(node)}
  </ul>`;
}

/** The people of the selected department with what can be done to them. */
export function peoplePanel(parts: SandboxParts, selection: PageSelection): Html {
  const department = parts.company.department(selection.departmentId);
  const { total, data } = findPeople(parts.company, {
    query: selection.query,
    departmentId: selection.departmentId,
    offset: (selection.page - 1) * peoplePerPage,
    limit: peoplePerPage,
  });
  const pages = Math.max(1, Math.ceil(total / peoplePerPage));
  return html` <div class="panel-head">
      <div>
        <h2>${department?.name ?? '—'} <small>#${selection.departmentId}</small></h2>
        <p class="muted">${total.toLocaleString('en')} ${label('人', 'people')}</p>
      </div>
      <form class="search" method="get" action="/" role="search">
        <input type="hidden" name="platform" value="${selection.platform.id}" />
        ${selection.departmentId > 1 && html`<input type="hidden" name="department" value="${selection.departmentId}" />`}
        <input
          type="search"
          name="q"
          value="${selection.query}"
          placeholder="姓名、账号、工号 · name, userid, number"
          aria-label="Search people"
        />
      </form>
      <div class="buttons">
        <button class="primary" data-dialog="hire" data-department="${selection.departmentId}">
          ${label('入职', 'Hire')}
        </button>
        <button
          data-dialog="rename"
          data-department="${selection.departmentId}"
          data-name="${department?.name ?? ''}"
        >
          ${label('改部门名', 'Rename')}
        </button>
        <button data-dialog="create" data-department="${selection.departmentId}">
          ${label('下设部门', 'Add below')}
        </button>
      </div>
    </div>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>${label('姓名与账号', 'Name and userid')}</th>
            <th>${label('工号', 'Number')}</th>
            <th>${label('部门与职务', 'Departments and position')}</th>
            <th>${label('状态', 'Status')}</th>
            <th></th>
          </tr>
        </thead>
        <tbody>
          ${data.map((person) => personLine(person, selection))}
        </tbody>
      </table>
      ${data.length === 0 && html`<p class="empty">${label('没有人', 'Nobody here')}</p>`}
    </div>
    <nav class="pager">
      ${selection.page > 1 && html`<a href="${address(selection, { page: selection.page - 1 })}">← ${label('上一页', 'Back')}</a>`}
      <span class="muted">${selection.page} / ${pages}</span>
      ${selection.page < pages && html`<a href="${address(selection, { page: selection.page + 1 })}">${label('下一页', 'Next')} →</a>`}
    </nav>`;
}

function personLine(person: PersonRow, selection: PageSelection): Html {
  const places = person.departments.map(
    (place) =>
      html`<a
        class="place ${place.isPrimary && 'primary'}"
        href="${address(selection, { departmentId: place.id, query: '' })}"
        >${place.isLeader && html`<b title="leader">★</b> `}${place.name}</a
      >`,
  );
  const leads = person.departments[0];
  return html`<tr>
    <td>
      <b>${person.name}</b>
      <div class="code">${person.account}</div>
    </td>
    <td class="code">${person.employeeNumber}</td>
    <td>
      ${places}
      <div class="muted">${person.position}</div>
    </td>
    <td><span class="status ${person.status}">${statusLabel(person.status)}</span></td>
    <td class="row-buttons">
      <button data-dialog="move" data-account="${person.account}" data-name="${person.name}">
        ${label('调动', 'Move')}
      </button>
      <button data-dialog="userid" data-account="${person.account}" data-name="${person.name}">
        ${label('改账号', 'Userid')}
      </button>
      <button
        data-mutation="${JSON.stringify({
          action: 'make_leader',
          account: person.account,
          departmentId: leads?.id,
          isLeader: !(leads?.isLeader ?? false),
        })}"
      >
        ${leads?.isLeader ? label('免职', 'Unlead') : label('任命', 'Lead')}
      </button>
      <button
        class="danger"
        data-mutation="${JSON.stringify({ action: 'dismiss', account: person.account })}"
      >
        ${label('离职', 'Dismiss')}
      </button>
    </td>
  </tr>`;
}

function statusLabel(status: PersonRow['status']): Html {
  if (status === 'active') return label('已激活', 'active');
  return status === 'inactive' ? label('未激活', 'inactive') : label('已禁用', 'disabled');
}

/** Departments to choose from when somebody is moved. */
export function departmentOptions(parts: SandboxParts): Html {
  const rows = departmentRows(parts.company).slice(0, largestTree);
  return html`${rows.map((row) => html`<option value="${row.id}">${'　'.repeat(row.depth - 1)}${row.name}</option>`)}`;
}
