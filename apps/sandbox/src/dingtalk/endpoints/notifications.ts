import { OldApiError } from '../api-error.js';
import { departmentOf } from '../ids.js';
import type { Notification } from '../notifications.js';
import {
  commaList,
  oldNumber,
  type DingtalkCall,
  type DingtalkEndpoint,
  type DingtalkWorld,
} from '../world.js';

// Documentation pages at open.dingtalk.com: asynchronous-sending-of-enterprise-session-messages, and the pages beside it.

const post = { generation: 'old', method: 'POST', scope: 'qyapi_base' } as const;
const at = (name: string): string => `/topapi/message/corpconversation/${name}`;
const largestMessage = 2048;
const dayMs = 86_400_000;
const mostForResult = 100;
const mostDepartments = 20;

/** What each kind of message needs (asynchronous-sending-of-enterprise-session-messages). */
const required: Readonly<Record<string, readonly string[]>> = {
  text: ['content'],
  image: ['media_id'],
  voice: ['media_id', 'duration'],
  file: ['media_id'],
  link: ['messageUrl', 'picUrl', 'title', 'text'],
  oa: ['message_url', 'head', 'body'],
  markdown: ['title', 'text'],
  action_card: ['title', 'markdown'],
};

/** Accepted at once; who is over a limit is dropped in silence. */
const send: DingtalkEndpoint = {
  ...post,
  path: at('asyncsend_v2'),
  handle(call, world) {
    const { body } = call;
    const users = commaList(body.userid_list);
    const departments = commaList(body.dept_id_list);
    const everybody = body.to_all_user === true || body.to_all_user === 'true';
    // What is said of a call without recipients or agent is no help to anybody, here as there.
    if (body.agent_id === undefined || (users.length === 0 && departments.length === 0 && !everybody))
      throw new OldApiError(1);
    requireAgent(call, world);
    if (users.length > world.facts.notificationUserMax) throw new OldApiError(40035, 'too many userids');
    if (departments.length > mostDepartments) throw new OldApiError(40035, 'too many departments');
    if (departments.includes('1')) throw new OldApiError(40035, 'the root department is not accepted');
    const msg = messageOf(body.msg);
    const invalid = { users: [] as string[], departments: [] as number[] };
    const recipients = new Set<string>();
    for (const userid of users) {
      const person = world.humans.byUserid(userid);
      if (person === undefined || !call.lens.seesPerson(person)) invalid.users.push(userid);
      else recipients.add(userid);
    }
    const whole = everybody ? [1] : departments.map((text) => departmentOf(Number(text)));
    whole.forEach((id, index) => {
      if (id === undefined || !call.lens.seesDepartment(id)) {
        if (!everybody) invalid.departments.push(Number(departments[index]));
        return;
      }
      for (const below of world.company.subtree(id))
        for (const person of world.company.members(below)) recipients.add(person.account);
    });
    return { task_id: world.notifications.send(msg, [...recipients], invalid).taskId };
  },
};

/** Only for small sends of the last day. */
const sendResult: DingtalkEndpoint = {
  ...post,
  path: at('getsendresult'),
  handle(call, world) {
    const sent = knownTask(call, world, 'task_id');
    if (sent.reached.length + sent.forbidden.length > mostForResult) throw new OldApiError(41052);
    return {
      send_result: {
        invalid_user_id_list: sent.invalidUsers,
        forbidden_user_id_list: sent.forbidden.map(({ userid }) => userid),
        failed_user_id_list: [],
        read_user_id_list: [],
        unread_user_id_list: sent.reached,
        invalid_dept_id_list: sent.invalidDepartments,
        forbidden_list: sent.forbidden.map(({ userid, code }) => ({ code, count: 1, userid })),
      },
    };
  },
};

/** Sending is over as soon as it is accepted here. */
const sendProgress: DingtalkEndpoint = {
  ...post,
  path: at('getsendprogress'),
  handle(call, world) {
    knownTask(call, world, 'task_id');
    return { progress: { progress_in_percent: 100, status: 2 } };
  },
};

/** Takes a notification back from whoever got it. */
const recall: DingtalkEndpoint = {
  ...post,
  path: at('recall'),
  handle(call, world) {
    knownTask(call, world, 'msg_task_id').recalled = true;
    return {};
  },
};

export const notificationEndpoints = [send, sendResult, sendProgress, recall];

function requireAgent(call: DingtalkCall, world: DingtalkWorld): void {
  if (oldNumber(call.body, 'agent_id') !== world.app.agentId)
    throw new OldApiError(world.facts.wrongAgentCode);
}

function knownTask(call: DingtalkCall, world: DingtalkWorld, name: string): Notification {
  requireAgent(call, world);
  const sent = world.notifications.get(oldNumber(call.body, name));
  if (sent === undefined || world.now() - sent.at > dayMs) throw new OldApiError(40035, 'unknown task');
  return sent;
}

function messageOf(value: unknown): Record<string, unknown> {
  if (value === undefined) throw new OldApiError(40035);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new OldApiError(400002);
  const msg = value as Record<string, unknown>;
  const kind = String(msg.msgtype);
  const needed = required[kind];
  const content = msg[kind];
  if (needed === undefined || typeof content !== 'object' || content === null)
    throw new OldApiError(400002, 'invalid msgtype');
  const fields = content as Record<string, unknown>;
  const missing = needed.find((name) => fields[name] === undefined || fields[name] === '');
  if (missing !== undefined) throw new OldApiError(40035, `missing msg.${kind}.${missing}`);
  if (Buffer.byteLength(JSON.stringify(msg)) > largestMessage)
    throw new OldApiError(400002, 'msg is oversize');
  return msg;
}
