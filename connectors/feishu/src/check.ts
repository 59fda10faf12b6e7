import {
  attempt,
  isJsonObject,
  say,
  type ConnectorContext,
  type Finding,
  type JsonObject,
} from '@trainbridge/connector-kit';
import { tokens, type FeishuContext } from './api.js';
import { departmentsByIds, usersByIds, usersOfDepartment } from './api/directory.js';
import { checkApprovals, checkEvents, checkTodos } from './check/features.js';
import { readableFields } from './check/fields.js';
import { failed } from './check/steps.js';
import type { FeishuConfig } from './config.js';
import { readContactRange, type ContactRange } from './directory/contact-range.js';
import { vendorCodeOf } from './errors.js';
import { contactRangeAdvice } from './errors/advice.js';

/** Departments looked into for people whose fields can be seen. */
const SAMPLE_DEPARTMENTS = 8;
/** "Not on the app's IP allowlist"; token endpoints answer everybody, so only the first other call tells. */
const ADDRESS_REFUSED = 99991401;
/** Departments whose head counts are added up, and people looked at: as many as one call tells. */
const BATCH = 50;

/** Looks at everything a deployer can have forgotten, and goes on after a failure where that tells more. Reads only. */
export async function check(context: ConnectorContext<FeishuConfig>): Promise<Finding[]> {
  const token = await attempt(() => tokens.tenant.fetch(context));
  if (!token.ok) {
    const finding = failed(
      'token',
      token.error,
      'The App Secret gets no token.',
      'App Secret 无法获取 token：',
    );
    return [finding, checkEvents(context)];
  }
  const findings: Finding[] = [
    { step: 'token', ok: true, message: say('App ID and App Secret work.', 'App ID 与 App Secret 有效。') },
    ...(await checkContacts(context)),
    await checkTodos(context),
    ...(await checkApprovals(context)),
    checkEvents(context),
  ];
  return findings;
}

/** What the app may read of the company, how much of it, and which fields. */
async function checkContacts(context: FeishuContext): Promise<Finding[]> {
  const read = await attempt(() => readContactRange(context));
  if (!read.ok && vendorCodeOf(read.error) === ADDRESS_REFUSED) {
    return [
      failed('outbound-ip', read.error, 'Feishu refuses calls from this server.', '飞书拒绝本服务器的调用：'),
    ];
  }
  if (!read.ok) {
    return [failed('permissions', read.error, 'The contacts cannot be read.', '无法读取通讯录：')];
  }
  const range = read.value;
  const permissions: Finding[] = [
    {
      step: 'outbound-ip',
      ok: true,
      message: say('Feishu accepts calls from this server.', '飞书接受来自本服务器的调用。'),
    },
    {
      step: 'permissions',
      ok: true,
      message: say('The app may read contacts.', '应用可读取通讯录。'),
    },
  ];
  const departments = await attempt(() => departmentsByIds(context, range.departmentIds.slice(0, BATCH)));
  if (!departments.ok) {
    const finding = failed(
      'visible-range',
      departments.error,
      'The departments cannot be read.',
      '无法读取部门：',
    );
    return [...permissions, finding];
  }
  const people = await samplePeople(context, range);
  return [
    ...permissions,
    visibleRange(range),
    headCount(range, departments.value.filter(isJsonObject)),
    people.ok
      ? readableFields(people.value)
      : failed('readable-fields', people.error, 'People cannot be read.', '无法读取成员：'),
  ];
}

function visibleRange({ isWholeCompany, departmentIds, userIds, groups }: ContactRange): Finding {
  const step = 'visible-range';
  const data = {
    wholeCompany: isWholeCompany,
    departments: departmentIds.length,
    users: userIds.length,
    groups,
  };
  if (isWholeCompany) {
    return { step, ok: true, message: say('The app sees all members.', '应用可见全部成员。'), data };
  }
  if (departmentIds.length === 0 && userIds.length === 0) {
    return {
      step,
      ok: false,
      message: say('The app sees nobody at all.', '应用的通讯录权限范围为空。'),
      advice: contactRangeAdvice,
      data,
    };
  }
  return {
    step,
    ok: true,
    message: say(
      `The app sees a part of the company: ${departmentIds.length} departments with all below them, and ${userIds.length} people named one by one.`,
      `应用仅可见公司的一部分：${departmentIds.length} 个部门（含下级）及单独指定的 ${userIds.length} 名成员。`,
    ),
    advice: contactRangeAdvice,
    data,
  };
}

/** By what departments say of themselves: reading everybody would take a call per department. */
function headCount({ departmentIds, userIds }: ContactRange, departments: readonly JsonObject[]): Finding {
  const step = 'head-count';
  const counts = departments.flatMap(({ member_count: count }) => (typeof count === 'number' ? [count] : []));
  if (counts.length < departmentIds.length) {
    return {
      step,
      ok: true,
      message: say(
        'Departments do not tell how many people they have; the first run will.',
        '部门未返回人数，首次同步后可知。',
      ),
    };
  }
  const people = counts.reduce((sum, count) => sum + count, userIds.length);
  return {
    step,
    ok: people > 0,
    message: say(
      `The app sees about ${people} people; whoever is in two departments counts twice.`,
      `应用可见约 ${people} 人（同时属于多个部门的成员会重复计算）。`,
    ),
    data: { people, exact: false },
  };
}

/** A few people as the app sees them; empty when there is nobody to be found with a few calls. */
async function samplePeople(context: FeishuContext, range: ContactRange) {
  return attempt(async () => {
    if (range.userIds.length > 0) {
      const named = await usersByIds(context, range.userIds.slice(0, BATCH));
      if (named.length > 0) return named.filter(isJsonObject);
    }
    for (const departmentId of range.departmentIds.slice(0, SAMPLE_DEPARTMENTS)) {
      const { items } = await usersOfDepartment(context, departmentId, null);
      if (items.length > 0) return items.filter(isJsonObject);
    }
    return [];
  });
}
