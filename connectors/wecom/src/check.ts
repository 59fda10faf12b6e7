import {
  attempt,
  isConnectorError,
  isJsonObject,
  say,
  type Attempt,
  type ConnectorContext,
  type Finding,
  type JsonObject,
  type JsonValue,
} from '@trainbridge/connector-kit';
import { callerIp, trustedIpAdvice } from './errors/advice.js';
import { tokens, type WecomContext } from './api.js';
import { getMember, listDepartments, listMembers } from './api/directory.js';
import { checkApprovals, checkCustomers, checkLogin } from './check/abilities.js';
import { checkCallback } from './check/callback.js';
import { checkContacts, type Seen } from './check/contacts.js';
import { readableFields } from './check/fields.js';
import { failed, tokenFinding } from './check/steps.js';
import type { WecomConfig } from './config.js';
import { vendorCodeOf } from './errors.js';
import { departmentId, userId } from './directory/records.js';
import {
  peopleNamedIn,
  readVisibleRange,
  seesDepartments,
  type VisibleRange,
} from './directory/visible-range.js';

const ROOT = '1';
/** Departments looked into for somebody whose fields can be seen. */
const SAMPLE_DEPARTMENTS = 8;
/** A userid that nobody has: WeCom's refusal tells the address it saw the call come from. */
const NOBODY = 'trainbridge.check.nobody';

/** Looks at everything a deployer can have forgotten, and goes on after a failure where that tells more. Reads only. */
export async function check(context: ConnectorContext<WecomConfig>): Promise<Finding[]> {
  const findings: Finding[] = [];
  const token = await attempt(() => tokens.app.fetch(context));
  findings.push(tokenFinding('token', token, say('app', '应用')));
  let seen: Seen | null = null;
  if (token.ok) {
    const outbound = await outboundIp(context);
    findings.push(outbound);
    // An address that is refused, or no answer at all, would only be said again by every step that follows.
    if (outbound.ok) seen = await checkApp(context, findings);
  }
  findings.push(...(await checkContacts(context, seen)));
  findings.push(checkCallback(context));
  return findings;
}

/** What the app may do and sees, added to `findings`; null when it could not be read. */
async function checkApp(context: WecomContext, findings: Finding[]): Promise<Seen | null> {
  const read = await attempt(() => readVisibleRange(context));
  findings.push(permissions(read));
  if (!read.ok) return null;
  const departments = await attempt(() => listDepartments(context));
  findings.push(visibleRange(read.value, departments));
  const seen = {
    departmentIds: idsOf(departments.ok ? departments.value : []),
    userIds: peopleNamedIn(read.value),
  };
  findings.push(readableFields(await samplePerson(context, seen)));
  findings.push(checkLogin(context, read.value.trustedDomain));
  findings.push(await checkCustomers(context), await checkApprovals(context));
  return seen;
}

async function outboundIp(context: WecomContext): Promise<Finding> {
  const step = 'outbound-ip';
  const probe = await attempt(() => getMember(context, NOBODY));
  const said = !probe.ok && isConnectorError(probe.error) ? (probe.error.data.vendorMessage ?? '') : '';
  const ip = callerIp(said);
  const data: JsonObject = ip ? { ip } : {};
  if (!probe.ok && vendorCodeOf(probe.error) === 60020) {
    return {
      step,
      ok: false,
      message: say(
        `WeCom refuses calls from ${ip ?? 'this server'}: the address is not among the trusted IPs.`,
        `企业微信拒绝来自 ${ip ?? '本服务器'} 的调用：该 IP 不在企业可信IP 中。`,
      ),
      advice: trustedIpAdvice(ip),
      data,
    };
  }
  if (!probe.ok && isConnectorError(probe.error) && probe.error.data.vendorCode === undefined) {
    return failed(step, probe.error, 'WeCom could not be reached.', '无法连接企业微信：');
  }
  return {
    step,
    ok: true,
    message: ip
      ? say(`WeCom sees this server as ${ip} and accepts it.`, `企业微信看到的出口 IP 为 ${ip}，已被接受。`)
      : say('WeCom accepts calls from this server.', '企业微信接受来自本服务器的调用。'),
    data,
  };
}

function permissions(read: Attempt<VisibleRange>): Finding {
  const step = 'permissions';
  if (!read.ok) {
    return failed(step, read.error, 'The app cannot be read.', '无法读取应用信息：');
  }
  if (read.value.isClosed) {
    return {
      step,
      ok: false,
      message: say('The app is disabled.', '应用已停用。'),
      advice: say(
        'Enable it: admin console → App Management → your app → Enable.',
        '请在 管理后台 → 应用管理 → 自建应用 中启用。',
      ),
    };
  }
  const name = read.value.agentName || '?';
  return {
    step,
    ok: true,
    message: say(`The app “${name}” answers.`, `应用“${name}”可用。`),
    data: { app: name },
  };
}

function visibleRange(range: VisibleRange, departments: Attempt<JsonValue[]>): Finding {
  const step = 'visible-range';
  const named = peopleNamedIn(range);
  if (!departments.ok && seesDepartments(range)) {
    return failed(step, departments.error, 'The departments cannot be read.', '无法读取部门列表：');
  }
  const seen = departments.ok ? departments.value : [];
  const data = { departments: seen.length, users: named.length, tags: range.tags.length };
  const advice = say(
    'To sync the whole company, choose its top department: admin console → App Management → your app → Visible to.',
    '如需同步全公司，请在 管理后台 → 应用管理 → 自建应用 → 可见范围 中选择最上级部门。',
  );
  if (seen.length === 0 && named.length === 0) {
    return {
      step,
      ok: false,
      message: say('The app sees nobody at all.', '应用的可见范围为空。'),
      advice,
      data,
    };
  }
  const whole = range.departmentIds.includes(ROOT);
  const people =
    named.length > 0
      ? say(`, and ${named.length} people named one by one`, `，另有单独指定的成员 ${named.length} 人`)
      : say('', '');
  return {
    step,
    ok: true,
    message: say(
      `The app sees ${seen.length} departments${people.en}${whole ? ': the whole company' : ', a part of the company'}.`,
      `应用可见 ${seen.length} 个部门${people['zh-CN']}${whole ? '，覆盖全公司' : '，仅为公司的一部分'}。`,
    ),
    ...(whole ? {} : { advice }),
    data,
  };
}

/** Somebody as the app sees them; null when there is nobody to be found with a few calls. */
async function samplePerson(context: WecomContext, seen: Seen): Promise<JsonObject | null> {
  for (const id of seen.departmentIds.slice(0, SAMPLE_DEPARTMENTS)) {
    const members = await attempt(() => listMembers(context, id));
    if (!members.ok) continue;
    const person = members.value.find((member) => isJsonObject(member) && userId(member.userid) !== null);
    if (isJsonObject(person)) return person;
  }
  for (const id of seen.userIds.slice(0, 3)) {
    const person = await attempt(() => getMember(context, id));
    if (person.ok) return person.value;
  }
  return null;
}

function idsOf(departments: readonly JsonValue[]): string[] {
  return departments.flatMap((department) =>
    isJsonObject(department) ? (departmentId(department.id) ?? []) : [],
  );
}
