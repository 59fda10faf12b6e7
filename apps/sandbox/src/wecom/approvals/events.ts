import { envelope, group, number, text, type PlainEvent } from '../event-xml.js';
import type { WecomFacts } from '../facts.js';
import type { Approval, ApprovalStep } from './approvals.js';

/** `StatuChangeEvent`: what was done; the state it led to stands in `SpStatus` (pitfall 14). */
export const approvalActions = {
  submit: 1,
  agree: 2,
  reject: 3,
  urge: 5,
  withdraw: 6,
  withdrawApproved: 8,
  comment: 10,
} as const;
export type ApprovalAction = (typeof approvalActions)[keyof typeof approvalActions];

/** The built-in approval app. */
const approvalAgentId = 3010040;

/** `sys_approval_change`: how the approval stands, without what was filled in (sheet 4.6). */
export function approvalChanged(
  approval: Approval,
  action: ApprovalAction,
  context: { corpId: string; at: number; facts: WecomFacts },
): PlainEvent {
  const { facts } = context;
  const info = group(
    'ApprovalInfo',
    ...(facts.approvalNumberText ? [text('SpNoStr', approval.number)] : []),
    number('SpNo', approval.number),
    text('SpName', approval.name),
    number('SpStatus', approval.status),
    text('TemplateId', approval.template.id),
    number('ApplyTime', approval.appliedAt),
    group(
      'Applyer',
      text('UserId', approval.applicant.account),
      text('Party', String(approval.departmentId)),
    ),
    ...approval.steps.map(record),
    ...approval.notified.map(({ account }) => group('Notifyer', text('UserId', account))),
    ...approval.comments.map(({ id, person, at, content }) =>
      group(
        'Comments',
        group('CommentUserInfo', text('UserId', person.account)),
        number('CommentTime', at),
        text('CommentContent', content),
        text('CommentId', id),
      ),
    ),
    ...(facts.approvalProcessList ? [group('ProcessList', ...approval.steps.map(node))] : []),
    number('StatuChangeEvent', action),
  );
  const fields = [text('Event', 'sys_approval_change'), number('AgentID', approvalAgentId), info];
  return { changeType: 'sys_approval_change', about: approval.number, xml: envelope('sys', fields, context) };
}

function record(step: ApprovalStep): string {
  return group(
    'SpRecord',
    number('SpStatus', step.status),
    number('ApproverAttr', step.attr),
    ...step.approvers.map(({ account }) =>
      group(
        'Details',
        group('Approver', text('UserId', account)),
        text('Speech', step.speech),
        number('SpStatus', step.status),
        number('SpTime', step.decidedAt),
      ),
    ),
  );
}

function node(step: ApprovalStep): string {
  return group(
    'NodeList',
    number('NodeType', 1),
    number('SpStatus', step.status),
    number('ApvRel', step.attr),
    ...step.approvers.map(({ account }) =>
      group(
        'SubNodeList',
        group('UserInfo', text('UserId', account)),
        text('Speech', step.speech),
        number('SpYj', step.status),
        number('Sptime', step.decidedAt),
      ),
    ),
  );
}
