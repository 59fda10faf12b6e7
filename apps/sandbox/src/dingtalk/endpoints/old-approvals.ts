import { OldApiError } from '../api-error.js';
import type { Approval } from '../approvals.js';
import { deptIdOf } from '../ids.js';
import { commaList, oldNumber, oldText, type DingtalkEndpoint } from '../world.js';

// Documentation pages at open.dingtalk.com: the history pages of `topapi/processinstance`.

/** No app is given this any more; those that had it may still call. */
const historic = { generation: 'old', method: 'POST', scope: 'qyapi_aflow' } as const;
const chinaOffset = 8 * 3_600_000;

/** One approval in snake case, with local times. */
const get: DingtalkEndpoint = {
  ...historic,
  path: '/topapi/processinstance/get',
  handle(call, world) {
    const approval = world.approvals.get(oldText(call.body, 'process_instance_id'));
    if (approval === undefined) throw new OldApiError(400002, 'process instance not exist');
    return { process_instance: detail(approval) };
  },
};

/** Ids of approvals by time. */
const listIds: DingtalkEndpoint = {
  ...historic,
  path: '/topapi/processinstance/listids',
  handle(call, world) {
    const { body } = call;
    const code = oldText(body, 'process_code');
    if (!world.processCodes.includes(code)) throw new OldApiError(400002, 'invalid process_code');
    const from = oldNumber(body, 'start_time');
    const until = body.end_time === undefined ? world.now() : oldNumber(body, 'end_time');
    const at = body.cursor === undefined ? 0 : oldNumber(body, 'cursor', 40068);
    const size = body.size === undefined ? 20 : oldNumber(body, 'size', 40069);
    if (size < 1 || size > 20) throw new OldApiError(40069);
    const users = commaList(body.userid_list);
    const found = world.approvals
      .all()
      .filter((one) => one.processCode === code && one.createTime >= from && one.createTime <= until)
      .filter((one) => users.length === 0 || users.includes(one.originator));
    const list = found.slice(at, at + size).map((one) => one.processInstanceId);
    return { result: { list, ...(at + size < found.length ? { next_cursor: at + size } : {}) } };
  },
};

export const oldApprovalEndpoints = [get, listIds];

function detail(approval: Approval): Record<string, unknown> {
  const { originator, approver, status, result, createTime, finishTime, taskId } = approval;
  const finished = finishTime === undefined ? {} : { finish_time: localText(finishTime) };
  const decided = result === '' ? 'NONE' : result === 'agree' ? 'AGREE' : 'REFUSE';
  return {
    title: approval.title,
    create_time: localText(createTime),
    ...finished,
    originator_userid: originator,
    originator_dept_id: approval.departmentId === 1 ? '-1' : String(deptIdOf(approval.departmentId)),
    originator_dept_name: approval.departmentName,
    status,
    ...(result === '' ? {} : { result }),
    business_id: approval.businessId,
    approver_userids: [approver],
    operation_records: [
      {
        userid: originator,
        date: localText(createTime),
        operation_type: 'START_PROCESS_INSTANCE',
        operation_result: 'NONE',
      },
    ],
    tasks: [
      {
        taskid: String(taskId),
        userid: approver,
        task_status: status === 'RUNNING' ? 'RUNNING' : status === 'TERMINATED' ? 'CANCELED' : 'COMPLETED',
        task_result: decided,
        create_time: localText(createTime),
        ...finished,
      },
    ],
    form_component_values: approval.form.map(({ id, name, value, componentType }) => ({
      id,
      name,
      value,
      component_type: componentType,
    })),
    biz_action: 'NONE',
  };
}

/** `yyyy-MM-dd HH:mm:ss` in China. */
function localText(time: number): string {
  return new Date(time + chinaOffset).toISOString().slice(0, 19).replace('T', ' ');
}
