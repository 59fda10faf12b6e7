import type { Person } from '../../company/index.js';
import { WecomApiError } from '../api-error.js';
import type { ApprovalTemplate, Content } from '../approvals/templates.js';
import { isRecord } from '../messages/shape.js';
import { requireApprovals, type WecomCall, type WecomEndpoint, type WecomWorld } from '../world.js';

// D-91982, D-91853: forms, and submitting one in somebody's name.

const refused = 301025;
const mostSummaries = 3;
const longestSummary = 20;

/** The controls of a form. */
export const templateDetail: WecomEndpoint = {
  method: 'POST',
  wrongMethodCode: refused,
  handle(call, world) {
    requireApprovals(call.principal);
    const { name, controls } = knownTemplate(call, world);
    return {
      template_names: [chinese(name)],
      template_content: {
        controls: controls.map(({ control, id, title, required, options }) => ({
          property: { control, id, title: [chinese(title)], require: required ? 1 : 0, un_print: 0 },
          config:
            options === undefined
              ? {}
              : {
                  selector: {
                    type: 'single',
                    options: options.map(({ key, text }) => ({ key, value: [chinese(text)] })),
                  },
                },
        })),
      },
    };
  },
};

/** Submits an approval; people in it must be in view, controls those of the form. */
export const approvalApply: WecomEndpoint = {
  method: 'POST',
  wrongMethodCode: refused,
  handle(call, world) {
    requireApprovals(call.principal);
    const { body } = call;
    const template = knownTemplate(call, world);
    const applicant = memberOf(body.creator_userid, call, world);
    checkSummaries(body.summary_list);
    const contents = contentsOf(body.apply_data, template);
    const { use_template_approver: byTemplate } = body;
    if (byTemplate !== 0 && byTemplate !== 1) throw new WecomApiError(refused);
    const steps = byTemplate === 1 ? {} : { steps: stepsOf(call, world) };
    const notified = list(body.notifyer ?? []).map((userid) => memberOf(userid, call, world));
    return { sp_no: world.approvals.submit({ template, applicant, contents, notified, ...steps }).number };
  },
};

function knownTemplate({ body }: WecomCall, world: WecomWorld): ApprovalTemplate {
  const template =
    typeof body.template_id === 'string' ? world.approvals.template(body.template_id) : undefined;
  if (template === undefined) throw new WecomApiError(refused);
  return template;
}

/** Somebody out of view is one more wrong parameter here ("creator_userid not in app visiable range"). */
function memberOf(userid: unknown, call: WecomCall, world: WecomWorld): Person {
  const person = typeof userid === 'string' ? world.company.person(userid) : undefined;
  if (person === undefined || !call.lens.seesPerson(person)) throw new WecomApiError(refused);
  return person;
}

/** `approver`, or the `process` of recent pages in its place. */
function stepsOf(call: WecomCall, world: WecomWorld): { attr: 1 | 2; approvers: Person[] }[] {
  const { approver, process } = call.body;
  const nodes = approver ?? (isRecord(process) ? process.node_list : undefined);
  const steps = list(nodes ?? []).map((step): { attr: 1 | 2; approvers: Person[] } => {
    const { attr, apv_rel: rel, userid } = isRecord(step) ? step : {};
    const rule = attr ?? rel;
    if (rule !== 1 && rule !== 2) throw new WecomApiError(refused);
    return { attr: rule, approvers: list(userid).map((one) => memberOf(one, call, world)) };
  });
  if (steps.length === 0 || steps.some(({ approvers }) => approvers.length === 0))
    throw new WecomApiError(refused);
  return steps;
}

function contentsOf(data: unknown, template: ApprovalTemplate): Content[] {
  const contents = list(isRecord(data) ? data.contents : undefined).map((content) => {
    const { control, id, value } = isRecord(content) ? content : {};
    const known = template.controls.find((one) => one.id === id && one.control === control);
    if (known === undefined || !isRecord(value)) throw new WecomApiError(refused);
    return { control: known.control, id: known.id, title: known.title, value };
  });
  const isMissing = template.controls.some(
    ({ id, required }) => required && !contents.some((one) => one.id === id),
  );
  if (isMissing) throw new WecomApiError(refused);
  return contents;
}

function checkSummaries(value: unknown): void {
  const summaries = list(value);
  if (summaries.length === 0 || summaries.length > mostSummaries) throw new WecomApiError(refused);
  for (const summary of summaries) {
    for (const info of list(isRecord(summary) ? summary.summary_info : undefined)) {
      const { text, lang } = isRecord(info) ? info : {};
      const fits = typeof text === 'string' && [...text].length <= longestSummary;
      if (!fits || lang !== 'zh_CN') throw new WecomApiError(refused);
    }
  }
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new WecomApiError(refused);
  return value as unknown[];
}

function chinese(text: string): { text: string; lang: string } {
  return { text, lang: 'zh_CN' };
}
