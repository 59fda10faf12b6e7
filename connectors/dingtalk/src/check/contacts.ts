import { attempt, isJsonObject, say, type Finding, type JsonObject } from '@trainbridge/connector-kit';
import type { DingtalkContext } from '../api.js';
import { countUsers, getUser, listChildren, listMembers } from '../api/directory.js';
import { peopleNamedIn, ROOT, topDepartments, type ContactRange } from '../directory/contact-range.js';
import { permissionAdvice } from '../errors/advice.js';
import { departmentId, idOf } from '../values.js';
import { failed, lacksPermission } from './steps.js';

/** Departments looked into for somebody whose fields can be seen. */
const SAMPLE_DEPARTMENTS = 8;
/** A userid nobody has: whether it may be asked for is all that counts. */
const NOBODY = 'trainbridge.check.nobody';

/** What a look around came to. */
export interface Sample {
  finding: Finding;
  /** Somebody as a listing shows them; null where there is nobody to be found with a few calls. */
  person: JsonObject | null;
}

/** The three permissions the directory lives on, each tried; and somebody to see fields on, found on the way. */
export async function checkPermissions(context: DingtalkContext, range: ContactRange): Promise<Sample> {
  const step = 'permissions';
  const missing: string[] = [];
  const departments = topDepartments(range).slice(0, 1);
  let person: JsonObject | null = null;
  for (const id of departments) {
    const children = await attempt(() => listChildren(context, id));
    if (!children.ok) {
      if (!lacksPermission(children.error)) return { finding: unreadable(step, children.error), person };
      missing.push('qyapi_get_department_list');
    }
    const below = children.ok
      ? children.value.flatMap((child) => (isJsonObject(child) ? (departmentId(child.dept_id) ?? []) : []))
      : [];
    for (const sample of [id, ...below].slice(0, SAMPLE_DEPARTMENTS)) {
      const members = await attempt(() => listMembers(context, sample, 0));
      if (!members.ok) {
        if (!lacksPermission(members.error)) return { finding: unreadable(step, members.error), person };
        missing.push('qyapi_get_department_member');
        break;
      }
      const found = members.value.rows.find((row) => isJsonObject(row) && idOf(row.userid) !== null);
      if (isJsonObject(found)) {
        person = found;
        break;
      }
    }
  }
  const [named] = peopleNamedIn(range);
  const detail = await attempt(() => getUser(context, named ?? NOBODY));
  if (detail.ok) person ??= detail.value;
  else if (lacksPermission(detail.error)) missing.push('qyapi_get_member');
  return { finding: missing.length === 0 ? granted(step) : lacking(step, missing), person };
}

function granted(step: string): Finding {
  return {
    step,
    ok: true,
    message: say('The app may read departments and people.', '应用可读取部门和成员。'),
  };
}

function lacking(step: string, missing: string[]): Finding {
  return {
    step,
    ok: false,
    message: say(
      `The app lacks permissions: ${missing.join(', ')}. Lists would be refused or come back empty.`,
      `应用缺少权限：${missing.join('、')}，将无法读取或返回空列表。`,
    ),
    advice: permissionAdvice(missing),
    data: { missing },
  };
}

function unreadable(step: string, error: unknown): Finding {
  return failed(step, error, 'The contacts cannot be read.', '无法读取通讯录：');
}

/** What an administrator ticked as contact range. */
export function visibleRange(range: ContactRange): Finding {
  const step = 'visible-range';
  const data = { departments: range.departmentIds.length, users: range.userIds.length };
  const advice = say(
    'To sync the whole company: developer console → your app → Permission management → contact range → all employees.',
    '如需同步全公司：开发者后台 → 应用 → 权限管理 → 通讯录权限范围 → 全部员工。',
  );
  if (data.departments === 0 && data.users === 0) {
    return {
      step,
      ok: false,
      message: say('The app’s contact range is empty: it sees nobody.', '应用的通讯录权限范围为空。'),
      advice,
      data,
    };
  }
  if (range.departmentIds.includes(ROOT)) {
    return { step, ok: true, message: say('The app sees the whole company.', '应用可见全公司。'), data };
  }
  return {
    step,
    ok: true,
    message: say(
      `The app sees ${data.departments} departments with all below them, and ${data.users} people named one by one: a part of the company.`,
      `应用可见 ${data.departments} 个部门（含下级）及单独指定的 ${data.users} 名成员，仅为公司的一部分。`,
    ),
    advice,
    data,
  };
}

/** How many people the company has, whatever the app may see of them. */
export async function headCount(context: DingtalkContext): Promise<Finding> {
  const step = 'head-count';
  const counted = await attempt(() => countUsers(context));
  if (!counted.ok && !lacksPermission(counted.error))
    return failed(step, counted.error, 'The company cannot be counted.', '无法统计公司人数：');
  const people = counted.ok ? counted.value : undefined;
  if (people === undefined) {
    return {
      step,
      ok: true,
      message: say('DingTalk does not tell how many people there are.', '钉钉未返回公司人数。'),
    };
  }
  return {
    step,
    ok: people > 0,
    message: say(`The company has ${people} people.`, `公司共有 ${people} 人。`),
    data: { people },
  };
}
