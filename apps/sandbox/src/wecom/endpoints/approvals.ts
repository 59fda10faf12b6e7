import { WecomApiError } from '../api-error.js';
import type { Approval, ApprovalStep } from '../approvals/approvals.js';
import { isRecord } from '../messages/shape.js';
import { nextOffset } from '../paging.js';
import { requireApprovals, type WecomCall, type WecomEndpoint, type WecomWorld } from '../world.js';

// D-91816, D-91983: approvals of the members in view. Whatever is wrong with a request is 301025 here.

const refused = 301025;
const longestSpan = 31 * 86_400;
const lastSecond = 9_999_999_999;
const filterKeys = ['template_id', 'creator', 'department', 'sp_status', 'record_type'] as const;
type FilterKey = (typeof filterKeys)[number];

/**
 * Numbers of approvals by time of application. Those of people out of view are taken out of a page, not out of the
 * listing: a page may be short or empty, and the listing ends when no cursor comes.
 */
export const approvalList: WecomEndpoint = {
  method: 'POST',
  wrongMethodCode: refused,
  handle(call, world) {
    requireApprovals(call.principal);
    const { body } = call;
    const from = seconds(body.starttime);
    const until = seconds(body.endtime);
    if (until < from || until - from > longestSpan) throw new WecomApiError(refused);
    const size = wholeNumber(body.size, 1, 100);
    const matches = filterOf(body.filters);
    const found = world.approvals
      .all()
      .filter((approval) => approval.appliedAt >= from && approval.appliedAt <= until && matches(approval));
    const isLegacy = body.new_cursor === undefined && body.cursor !== undefined;
    const kind = `approvals ${from} ${until} ${JSON.stringify(body.filters ?? [])}`;
    const at = isLegacy ? wholeNumber(body.cursor, 0, lastSecond) : offsetOf(body.new_cursor, kind, world);
    const next = nextOffset(call, { from: at, size, total: found.length });
    const visible = found.slice(at, at + size).filter((approval) => sees(call, approval, world));
    return {
      sp_no_list: visible.map((approval) => approval.number),
      ...(next === undefined
        ? {}
        : isLegacy
          ? { next_cursor: next }
          : { new_next_cursor: world.seal.sealOffset(kind, next) }),
    };
  },
};

/** One approval with what was filled in. */
export const approvalDetail: WecomEndpoint = {
  method: 'POST',
  wrongMethodCode: refused,
  handle(call, world) {
    requireApprovals(call.principal);
    const { sp_no: number } = call.body;
    if (typeof number !== 'string' && typeof number !== 'number') throw new WecomApiError(refused);
    const approval = world.approvals.get(String(number));
    if (approval === undefined) throw new WecomApiError(refused);
    // Asked in public forums: the code of an app without permission is also that of an applicant who left or is out of view.
    if (!sees(call, approval, world)) throw new WecomApiError(301055);
    return { info: detail(approval, world) };
  },
};

function sees(call: WecomCall, { applicant }: Approval, world: WecomWorld): boolean {
  return world.company.personById(applicant.id) !== undefined && call.lens.seesPerson(applicant);
}

function detail(approval: Approval, world: WecomWorld): Record<string, unknown> {
  const { applicant, contents, steps, notified, comments } = approval;
  return {
    sp_no: approval.number,
    sp_name: approval.name,
    sp_status: approval.status,
    template_id: approval.template.id,
    apply_time: approval.appliedAt,
    applyer: { userid: applicant.account, partyid: String(approval.departmentId) },
    sp_record: steps.map(record),
    notifyer: notified.map(({ account }) => ({ userid: account })),
    apply_data: {
      contents: contents.map(({ control, id, title, value }) => ({
        control,
        id,
        title: [{ text: title, lang: 'zh_CN' }],
        value,
      })),
    },
    comments: comments.map(({ id, person, at, content }) => ({
      commentUserInfo: { userid: person.account },
      commenttime: at,
      commentcontent: content,
      commentid: id,
      media_id: [],
    })),
    ...(world.facts.approvalProcessList ? { process_list: { node_list: steps.map(node) } } : {}),
  };
}

function record({ status, attr, approvers, speech, decidedAt }: ApprovalStep): Record<string, unknown> {
  const details = approvers.map(({ account }) => ({
    approver: { userid: account },
    speech,
    sp_status: status,
    sptime: decidedAt,
    media_id: [],
  }));
  return { sp_status: status, approverattr: attr, details };
}

function node({ status, attr, approvers, speech, decidedAt }: ApprovalStep): Record<string, unknown> {
  const sub = approvers.map(({ account }) => ({
    userid: account,
    speech,
    sp_yj: status,
    sptime: decidedAt,
    media_ids: [],
  }));
  return { node_type: 1, sp_status: status, apv_rel: attr, sub_node_list: sub };
}

/** Seconds since the epoch, as a number or in digits; milliseconds are refused. */
function seconds(value: unknown): number {
  if (typeof value === 'string' && /^\d{1,10}$/.test(value)) return Number(value);
  return wholeNumber(value, 0, lastSecond);
}

function wholeNumber(value: unknown, least: number, most: number): number {
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > most)
    throw new WecomApiError(refused);
  return value as number;
}

function offsetOf(cursor: unknown, kind: string, world: WecomWorld): number {
  if (cursor === undefined || cursor === '') return 0;
  if (typeof cursor !== 'string') throw new WecomApiError(refused);
  return world.seal.openOffset(kind, cursor);
}

function filterOf(filters: unknown): (approval: Approval) => boolean {
  if (filters === undefined) return () => true;
  if (!Array.isArray(filters)) throw new WecomApiError(refused);
  const wanted = (filters as unknown[]).map((filter) => {
    const { key, value } = isRecord(filter) ? filter : {};
    const known = filterKeys.find((name) => name === key);
    if (known === undefined || typeof value !== 'string' || value === '') throw new WecomApiError(refused);
    return { key: known, value };
  });
  return (approval) => wanted.every(({ key, value }) => fieldOf(approval, key) === value.toLowerCase());
}

/** What a filter compares, in lower case: userids compare without case. */
function fieldOf(approval: Approval, key: FilterKey): string | undefined {
  switch (key) {
    case 'template_id':
      return approval.template.id.toLowerCase();
    case 'creator':
      return approval.applicant.account.toLowerCase();
    case 'department':
      return String(approval.departmentId);
    case 'sp_status':
      return String(approval.status);
    case 'record_type':
      // Kinds the vendor built in (leave, travel…); none of these forms is one.
      return undefined;
  }
}
