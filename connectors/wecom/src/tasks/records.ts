import { isJsonObject, type JsonObject, type JsonValue, type TaskRecord } from '@trainbridge/connector-kit';
import { userId } from '../directory/records.js';

/** `sp_status`, the state after the last change; 6 is withdrawn after it was approved, 10 is paid (D-91983). */
const statuses: Readonly<Record<number, TaskRecord['status']>> = {
  1: 'open',
  2: 'approved',
  3: 'rejected',
  4: 'withdrawn',
  6: 'withdrawn',
  7: 'deleted',
  10: 'approved',
};

/** Most digits fit no 32-bit number, so the number of an approval stays text; a number in its place is taken as well. */
export function approvalNumber(value: JsonValue | undefined): string | null {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  return typeof text === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(text) ? text : null;
}

/** An approval as `oa/getapprovaldetail` tells it; null when it is not the one that was asked for. */
export function readApproval(info: JsonObject, externalId: string): TaskRecord | null {
  const { sp_no: number, sp_name: name, template_id: template, applyer } = info;
  if (number !== undefined && approvalNumber(number) !== externalId) return null;
  return {
    externalId,
    kind: typeof template === 'string' ? template : '',
    title: typeof name === 'string' ? name : '',
    // A state of a later year is looked at again until it is one we know.
    status: statuses[Number(info.sp_status)] ?? 'open',
    applicantExternalId: isJsonObject(applyer) ? userId(applyer.userid) : null,
    form: readForm(info.apply_data),
    updatedAt: new Date(lastTouched(info) * 1_000).toISOString(),
    raw: info,
  };
}

/** The form by label. Two fields of one label are told apart by their position: `课程`, `课程 (2)`. */
function readForm(data: JsonValue | undefined): JsonObject {
  const contents = isJsonObject(data) && Array.isArray(data.contents) ? data.contents : [];
  const form = new Map<string, JsonValue>();
  const copies = new Map<string, number>();
  for (const field of contents.filter(isJsonObject)) {
    const label = titleOf(field.title) ?? (typeof field.id === 'string' ? field.id : '');
    if (label === '') continue;
    const copy = (copies.get(label) ?? 0) + 1;
    copies.set(label, copy);
    form.set(copy === 1 ? label : `${label} (${copy})`, valueOf(field));
  }
  return Object.fromEntries(form);
}

/** Chinese where there are several languages: it is the one every administrator's form has. */
function titleOf(title: JsonValue | undefined): string | undefined {
  if (typeof title === 'string') return title;
  const texts = Array.isArray(title) ? title.filter(isJsonObject) : [];
  const chosen = texts.find(({ lang }) => lang === 'zh_CN') ?? texts[0];
  return typeof chosen?.text === 'string' && chosen.text !== '' ? chosen.text : undefined;
}

/**
 * What was entered. WeCom wraps every value in an object with a key per kind of control (D-91983); where that object holds
 * one text or number, or chosen options, it is unwrapped. Everything else stays as WeCom gives it.
 */
function valueOf({ control, value }: JsonObject): JsonValue {
  if (!isJsonObject(value)) return value ?? null;
  switch (control) {
    case 'Text':
    case 'Textarea':
      return value.text ?? null;
    case 'Number':
      return value.new_number ?? null;
    case 'Money':
      return value.new_money ?? null;
    case 'Selector':
      return isJsonObject(value.selector) ? chosenOptions(value.selector) : value;
    default:
      return value;
  }
}

/** The texts of chosen options, their keys where there is no text: one or none, or a list where several may be chosen. */
function chosenOptions({ type, options }: JsonObject): JsonValue {
  const chosen = listOf(options).map(({ key, value }) => titleOf(value) ?? key ?? null);
  return type === 'multi' ? chosen : (chosen[0] ?? null);
}

/** When something last happened to it, in seconds; WeCom has no field for it. */
function lastTouched(info: JsonObject): number {
  const records = listOf(info.sp_record);
  const nodes = isJsonObject(info.process_list) ? listOf(info.process_list.node_list) : [];
  const times = [
    info.apply_time,
    ...records.flatMap(({ details }) => listOf(details).map(({ sptime }) => sptime)),
    ...nodes.flatMap(({ sub_node_list: people }) => listOf(people).map(({ sptime }) => sptime)),
    ...listOf(info.comments).map(({ commenttime }) => commenttime),
  ];
  const known = times.map(Number).filter((time) => Number.isSafeInteger(time) && time > 0 && time < 1e11);
  return Math.max(0, ...known);
}

function listOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
