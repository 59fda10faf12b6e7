import { NewApiError } from '../api-error.js';
import type { Approval, ApprovalInput } from '../approvals.js';
import { deptIdOf } from '../ids.js';
import { newText, objectsOf, type DingtalkEndpoint, type DingtalkWorld } from '../world.js';

// Documentation pages at open.dingtalk.com: create-an-approval-instance, obtain-an-approval-list-of-instance-ids.

const path = '/v1.0/workflow/processInstances';
const mostIds = 20;
const dayMs = 86_400_000;
const longestRange = 120 * dayMs;
const farthestBack = 365 * dayMs;
const statuses: readonly unknown[] = ['RUNNING', 'TERMINATED', 'COMPLETED'];

/** One approval. `success` is a string here. */
const get: DingtalkEndpoint = {
  generation: 'new',
  method: 'GET',
  path,
  scope: 'Workflow.Instance.Read',
  handle(call, world) {
    const id = call.query.get('processInstanceId');
    if (id === null || id === '') throw new NewApiError('processInstanceIdError');
    const approval = world.approvals.get(id);
    if (approval === undefined) throw new NewApiError('processInstanceNotExist');
    return { result: detail(approval), success: 'true' };
  },
};

/** Ids of approvals by time; the token is a number on the way in and a string on the way out. */
const query: DingtalkEndpoint = {
  generation: 'new',
  method: 'POST',
  path: '/v1.0/workflow/processes/instanceIds/query',
  scope: 'Workflow.Instance.Read',
  handle(call, world) {
    const { body } = call;
    requireProcess(newText(body, 'processCode'), world);
    const { from, until } = windowOf(body, world);
    const size = wholeNumber(body.maxResults, 'invalidMaxResults');
    if (size < 1 || size > mostIds) throw new NewApiError('invalidMaxResults');
    const at = wholeNumber(body.nextToken ?? 0, 'invalidParameter');
    const users = listOf(body.userIds, 10, 'invalidUserIds');
    const wanted = listOf(body.statuses, 3, 'invalidParameter');
    if (!wanted.every((status) => statuses.includes(status))) throw new NewApiError('invalidParameter');
    const found = world.approvals
      .all()
      .filter((one) => one.processCode === body.processCode)
      .filter((one) => one.createTime >= from && one.createTime <= until)
      .filter((one) => users.length === 0 || users.includes(one.originator))
      .filter((one) => wanted.length === 0 || wanted.includes(one.status));
    const list = found.slice(at, at + size).map((one) => one.processInstanceId);
    const next = at + size < found.length ? { nextToken: String(at + size) } : {};
    return { result: { list, ...next }, success: true };
  },
};

/** Submits an approval in somebody's name. */
const create: DingtalkEndpoint = {
  generation: 'new',
  method: 'POST',
  path,
  scope: 'Workflow.Instance.Write',
  handle(call, world) {
    const { body } = call;
    const processCode = newText(body, 'processCode', 'processCodeError');
    requireProcess(processCode, world);
    const originator = world.humans.byUserid(newText(body, 'originatorUserId'));
    if (originator === undefined) throw new NewApiError('invalidUserIds');
    const form = formOf(body.formComponentValues);
    const approval = world.approvals.submit({
      processCode,
      originator,
      title: `${originator.name}提交的审批`,
      form,
    });
    return { instanceId: approval.processInstanceId };
  },
};

export const approvalEndpoints = [get, query, create];

/** @throws NewApiError for a process the company does not have. */
function requireProcess(code: string, world: DingtalkWorld): void {
  if (!world.processCodes.includes(code)) throw new NewApiError('processCodeError');
}

function windowOf(body: Record<string, unknown>, world: DingtalkWorld): { from: number; until: number } {
  const from = wholeNumber(body.startTime, 'invalidParameter');
  const until = wholeNumber(body.endTime ?? world.now(), 'invalidEndTime');
  if (until < from || until - from > longestRange) throw new NewApiError('invalidEndTime');
  if (world.now() - from > farthestBack)
    throw new NewApiError('invalidParameter', 'startTime is too far back');
  return { from, until };
}

function wholeNumber(value: unknown, code: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new NewApiError(code);
  return value as number;
}

function listOf(value: unknown, most: number, code: string): unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > most) throw new NewApiError(code);
  return value;
}

function formOf(value: unknown): ApprovalInput['form'] {
  const fields = objectsOf(value);
  if (fields === undefined || fields.length > 150) throw new NewApiError('formConverterError');
  return fields.map(({ name, value: text, componentType }) => {
    if (typeof name !== 'string' || typeof text !== 'string') throw new NewApiError('formConverterError');
    return { name, value: text, ...(typeof componentType === 'string' ? { componentType } : {}) };
  });
}

/** Times are texts without seconds; the root department is "-1". */
function detail(approval: Approval): Record<string, unknown> {
  const { processInstanceId, originator, approver, status, result, createTime, finishTime, taskId } =
    approval;
  const created = minuteText(createTime);
  const finished = finishTime === undefined ? {} : { finishTime: minuteText(finishTime) };
  const decided = status === 'COMPLETED' ? (result === 'agree' ? 'AGREE' : 'REFUSE') : undefined;
  return {
    title: approval.title,
    createTime: created,
    ...finished,
    originatorUserId: originator,
    originatorDeptId: approval.departmentId === 1 ? '-1' : String(deptIdOf(approval.departmentId)),
    originatorDeptName: approval.departmentName,
    status,
    ...(result === '' ? {} : { result }),
    businessId: approval.businessId,
    approverUserIds: [approver],
    operationRecords: [
      { userId: originator, date: created, type: 'START_PROCESS_INSTANCE', result: 'NONE' },
      ...(decided === undefined
        ? []
        : [
            {
              userId: approver,
              date: minuteText(finishTime as number),
              type: 'EXECUTE_TASK_NORMAL',
              result: decided,
            },
          ]),
    ],
    tasks: [
      {
        taskId,
        userId: approver,
        status: status === 'RUNNING' ? 'RUNNING' : status === 'TERMINATED' ? 'CANCELED' : 'COMPLETED',
        ...(decided === undefined ? {} : { result: decided }),
        createTime: created,
        ...finished,
        processInstanceId,
      },
    ],
    formComponentValues: approval.form.map(({ id, name, value, componentType }) => ({
      id,
      name,
      value,
      componentType,
    })),
    bizAction: 'NONE',
  };
}

/** `2022-08-31T11:52Z`. */
function minuteText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16)}Z`;
}
