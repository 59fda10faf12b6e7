import type { Person } from '../../company/index.js';
import { FeishuApiError } from '../api-error.js';
import { nodeId, taskStatus, type ApprovalDefinition, type ApprovalInstance } from '../approvals.js';
import { tiers } from '../limits.js';
import { cutPage } from '../paging.js';
import { permitted, userFieldScopes } from '../scopes.js';
import {
  bodyText,
  idTypesOf,
  objectsOf,
  type FeishuCall,
  type FeishuEndpoint,
  type FeishuWorld,
} from '../world.js';

const reading = ['approval:approval', 'approval:approval:readonly'];
/** To subscribe is to change the definition: the read scope does not do. */
const subscribing = ['approval:approval', 'approval:definition'];
const longestWindowMs = 10 * 3_600_000;

/** approval-v4/approval/get. */
export const approvalGet: FeishuEndpoint = {
  method: 'GET',
  path: 'approval/v4/approvals/:approval_code',
  token: 'tenant',
  scopes: [...reading, 'approval:definition'],
  rate: tiers.hundredPerMinute,
  handle(call, world) {
    const definition = definitionOf(call.params.approval_code, world);
    return {
      approval_name: definition.name,
      status: 'ACTIVE',
      form: JSON.stringify(definition.widgets),
      node_list: [{ name: '审批', need_approver: false, node_id: nodeId, node_type: 'OR' }],
      viewers: [{ type: 'TENANT', id: '' }],
    };
  },
};

/** approval-v4/approval/subscribe; a second time is refused. */
export const approvalSubscribe: FeishuEndpoint = {
  method: 'POST',
  path: 'approval/v4/approvals/:approval_code/subscribe',
  token: 'tenant',
  scopes: subscribing,
  rate: tiers.hundredPerMinute,
  handle(call, world) {
    const { code } = definitionOf(call.params.approval_code, world);
    if (world.approvals.subscribed.has(code)) throw new FeishuApiError(1390007);
    world.approvals.subscribed.add(code);
    return {};
  },
};

/** approval-v4/approval/unsubscribe; the same code says that there is nothing to end. */
export const approvalUnsubscribe: FeishuEndpoint = {
  method: 'POST',
  path: 'approval/v4/approvals/:approval_code/unsubscribe',
  token: 'tenant',
  scopes: subscribing,
  rate: tiers.hundredPerMinute,
  handle(call, world) {
    const { code } = definitionOf(call.params.approval_code, world);
    if (!world.approvals.subscribed.delete(code)) throw new FeishuApiError(1390007);
    return {};
  },
};

/** approval-v4/instance/list: codes of what was submitted within at most ten hours. */
export const instanceList: FeishuEndpoint = {
  method: 'GET',
  path: 'approval/v4/instances',
  token: 'tenant',
  scopes: reading,
  rate: tiers.hundredPerMinute,
  handle(call, world) {
    const definition = definitionOf(call.query.get('approval_code') ?? '', world);
    const [from, to] = ['start_time', 'end_time'].map((name) => Number(call.query.get(name) || Number.NaN));
    if (from === undefined || to === undefined || !(to >= from) || to - from > longestWindowMs) {
      throw new FeishuApiError(1390001);
    }
    const found = world.approvals
      .of(definition)
      .map((instance, index) => ({ instance, index }))
      .filter(({ instance: { startedAt } }) => startedAt >= from && startedAt <= to);
    const rule = { standard: 100, largest: 100, sizeCode: 1390001, tokenCode: 1390001 };
    const { items, fields } = cutPage(call, world, found, ({ index }) => index, rule);
    return { instance_code_list: items.map(({ instance }) => instance.code), ...fields };
  },
};

/** approval-v4/instance/get, by instance code or by the uuid of its creation. */
export const instanceGet: FeishuEndpoint = {
  method: 'GET',
  path: 'approval/v4/instances/:instance_id',
  token: 'tenant',
  scopes: reading,
  rate: tiers.thousandPerMinute,
  handle(call, world) {
    idTypesOf(call, world);
    const instance = world.approvals.instance(call.params.instance_id ?? '');
    if (instance === undefined) throw new FeishuApiError(1390003);
    return instanceRecord(instance, world);
  },
};

/** approval-v4/instance/create: in somebody's name, the form as a JSON text. */
export const instanceCreate: FeishuEndpoint = {
  method: 'POST',
  path: 'approval/v4/instances',
  token: 'tenant',
  scopes: ['approval:approval', 'approval:instance'],
  rate: tiers.hundredPerMinute,
  handle(call, world) {
    const definition = definitionOf(bodyText(call.body, 'approval_code', 1390001), world);
    const uuid = typeof call.body.uuid === 'string' ? call.body.uuid : '';
    const existing = world.approvals.instance(uuid);
    if (existing !== undefined) return { instance_code: existing.code };
    const form = formOf(bodyText(call.body, 'form', 1390001), definition);
    return {
      instance_code: world.approvals.submit({ person: submitterOf(call, world), definition, form, uuid })
        .code,
    };
  },
};

function definitionOf(code: string | undefined, world: FeishuWorld): ApprovalDefinition {
  const definition = world.approvals.definition(code ?? '');
  if (definition === undefined) throw new FeishuApiError(1390002);
  return definition;
}

function submitterOf(call: FeishuCall, world: FeishuWorld): Person {
  const { user_id, open_id } = call.body;
  const person =
    typeof open_id === 'string'
      ? world.ids.person(open_id, 'open_id')
      : world.ids.person(typeof user_id === 'string' ? user_id : '', 'user_id');
  if (person === undefined || world.company.personById(person.id) !== person) {
    throw new FeishuApiError(1390001, { msg: 'user not found' });
  }
  return person;
}

function formOf(text: string, definition: ApprovalDefinition): ApprovalInstance['form'] {
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch {
    throw new FeishuApiError(1390001);
  }
  return objectsOf(values, 1390001).map((item) => {
    const widget = definition.widgets.find(({ id }) => id === item.id);
    if (widget === undefined) throw new FeishuApiError(1390001);
    return { ...widget, value: item.value };
  });
}

function instanceRecord(instance: ApprovalInstance, world: FeishuWorld): Record<string, unknown> {
  const { ids, app } = world;
  const time = (at: number): string => String(at);
  const named = (person: Person | undefined): Record<string, unknown> =>
    person === undefined
      ? { open_id: '', user_id: '' }
      : permitted({ open_id: ids.openId(person.id), user_id: person.account }, userFieldScopes, app.scopes);
  const status = taskStatus(instance);
  const timeline = [
    { type: 'START', create_time: time(instance.startedAt), ...named(instance.person), ext: '{}' },
  ];
  if (instance.endedAt > 0) {
    const by = instance.status === 'CANCELED' ? instance.person : instance.approver;
    const type = { PENDING: '', APPROVED: 'PASS', REJECTED: 'REJECT', CANCELED: 'CANCEL' }[instance.status];
    timeline.push({ type, create_time: time(instance.endedAt), ...named(by), ext: '{}' });
  }
  return {
    approval_name: instance.definition.name,
    approval_code: instance.definition.code,
    instance_code: instance.code,
    serial_number: instance.serialNumber,
    uuid: instance.uuid,
    status: instance.status,
    start_time: time(instance.startedAt),
    end_time: time(instance.endedAt),
    ...named(instance.person),
    department_id: ids.department(instance.person.primaryDepartmentId, 'open_department_id'),
    form: JSON.stringify(instance.form),
    task_list: [
      {
        id: instance.taskId,
        ...named(instance.approver),
        status,
        node_id: nodeId,
        node_name: '审批',
        type: instance.approver === undefined ? 'AUTO_PASS' : 'OR',
        start_time: time(instance.startedAt),
        end_time: time(instance.endedAt),
      },
    ],
    comment_list: [],
    timeline,
    reverted: false,
  };
}
