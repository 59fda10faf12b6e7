import { NewApiError, OldApiError } from '../api-error.js';
import { deptIdOf } from '../ids.js';
import { adminLevel, userDetail } from '../user-record.js';
import { oldText, visiblePerson, type DingtalkCall, type DingtalkEndpoint } from '../world.js';

// Documentation pages at open.dingtalk.com: query-user-details, and the pages beside it on union ids, mobiles, administrators and leave records.

const read = { generation: 'old', method: 'POST', scope: 'qyapi_get_member', free: true } as const;

/** One person, with everything there is. */
const get: DingtalkEndpoint = {
  ...read,
  path: '/topapi/v2/user/get',
  handle(call, world) {
    const person = visiblePerson(oldText(call.body, 'userid'), call, world);
    return { result: userDetail(person, world) };
  },
};

/** Whose union id this is: an employee's (0) or an external contact's (1). */
const getByUnionId: DingtalkEndpoint = {
  ...read,
  path: '/topapi/user/getbyunionid',
  handle(call, world) {
    const unionId = oldText(call.body, 'unionid');
    const person = world.humans.byUnion(unionId);
    if (person !== undefined && !call.lens.hides(person)) {
      if (world.facts.unionIdRangeChecked && !call.lens.seesPerson(person)) throw new OldApiError(50002);
      return { result: { contact_type: 0, userid: person.account } };
    }
    const contact = world.contacts.byUnion(unionId);
    if (contact === undefined) throw new OldApiError(60121);
    return { result: { contact_type: 1, userid: contact.userid } };
  },
};

/** The userid behind a mobile number. */
const getByMobile: DingtalkEndpoint = {
  ...read,
  path: '/topapi/v2/user/getbymobile',
  scope: 'qyapi_get_member_by_mobile',
  handle(call, world) {
    const mobile = oldText(call.body, 'mobile');
    if (!/^\+?\d{6,20}$/.test(mobile)) throw new OldApiError(40104);
    const person = world.company.people().find((one) => one.mobile === mobile);
    if (person === undefined || call.lens.hides(person)) throw new OldApiError(60121);
    if (!call.lens.seesPerson(person)) throw new OldApiError(50002);
    return { result: { userid: person.account } };
  },
};

/** The main admin and the sub admins. */
const listAdmins: DingtalkEndpoint = {
  ...read,
  path: '/topapi/user/listadmin',
  handle(call, world) {
    const admins = world.company.people().filter((person) => adminLevel(person) > 0);
    return {
      result: admins
        .filter((person) => !call.lens.hides(person))
        .map((person) => ({ userid: person.account, sys_level: adminLevel(person) })),
    };
  },
};

/** How many people there are. */
const count: DingtalkEndpoint = {
  ...read,
  path: '/topapi/user/count',
  handle(call, world) {
    const { only_active } = call.body;
    if (only_active === undefined) throw new OldApiError(40035);
    const onlyActive = only_active === true || only_active === 'true';
    const people = world.company
      .people()
      .filter((person) => !call.lens.hides(person) && (!onlyActive || person.status === 'active'));
    return { result: { count: people.length } };
  },
};

/** What the app may see. The fields stand beside `errcode`. */
const scopes: DingtalkEndpoint = {
  generation: 'old',
  method: 'GET',
  path: '/auth/scopes',
  scope: 'qyapi_base',
  bare: true,
  free: true,
  handle(call, world) {
    const { departments, users } = call.lens.range;
    const { readsMobile, readsPersonal } = world.app;
    const fields = ['name', 'avatar', 'job_number', 'title', 'dept_id_list', 'org_email'];
    return {
      auth_org_scopes: { authed_dept: departments.map(deptIdOf), authed_user: [...users] },
      auth_user_field: [
        ...fields,
        ...(readsMobile ? ['mobile'] : []),
        ...(readsPersonal ? ['email', 'work_place', 'remark', 'extension'] : []),
      ],
      condition_field: [],
    };
  },
};

const longestWindow = 365 * 86_400_000;

/** Who left, in a window of at most a year. */
const leaveRecords: DingtalkEndpoint = {
  generation: 'new',
  method: 'GET',
  path: '/v1.0/contact/empLeaveRecords',
  scope: 'Contact.Common.Read',
  free: true,
  handle(call, world) {
    const from = Date.parse(call.query.get('startTime') ?? '');
    const until = call.query.has('endTime') ? Date.parse(call.query.get('endTime') ?? '') : world.now();
    if (Number.isNaN(from) || Number.isNaN(until) || until < from || until - from > longestWindow)
      throw new NewApiError('invalidParameter', 'startTime or endTime');
    const at = queryNumber(call, 'nextToken', 0);
    const size = queryNumber(call, 'maxResults', 50);
    if (size < 1 || size > 50) throw new NewApiError('invalidParameter', 'maxResults');
    const found = world.leavers.filter((leaver) => leaver.at >= from && leaver.at <= until);
    const records = found.slice(at, at + size).map(({ person, at: leftAt }) => ({
      userId: person.account,
      name: person.name,
      stateCode: '86',
      ...(world.app.readsMobile ? { mobile: person.mobile } : {}),
      leaveTime: new Date(leftAt).toISOString(),
      leaveReason: 'leave',
    }));
    return { ...(at + size < found.length ? { nextToken: String(at + size) } : {}), records };
  },
};

export const userEndpoints = [get, getByUnionId, getByMobile, listAdmins, count, scopes, leaveRecords];

function queryNumber(call: DingtalkCall, name: string, absent: number): number {
  const text = call.query.get(name);
  if (text === null || text === '') return absent;
  if (!/^\d{1,9}$/.test(text)) throw new NewApiError('invalidParameter', name);
  return Number(text);
}
