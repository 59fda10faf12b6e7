import type { JsonObject, JsonValue, TaskRecord } from '@trainbridge/connector-kit';
import { idOf, objects, text } from '../values.js';

/**
 * An approval as `processInstances` shows it, or null when it has no usable time. `kind`: the form's processCode, which the
 * answer itself leaves out.
 */
export function readInstance(externalId: string, kind: string, instance: JsonObject): TaskRecord | null {
  const times = [
    instance.createTime,
    instance.finishTime,
    ...objects(instance.operationRecords).map(({ date }) => date),
  ].flatMap((value) => timeOf(value) ?? []);
  if (times.length === 0) return null;
  return {
    externalId,
    kind,
    title: (text(instance.title) ?? externalId).slice(0, 500),
    status: statusOf(instance),
    applicantExternalId: idOf(instance.originatorUserId),
    form: formOf(instance.formComponentValues),
    updatedAt: new Date(times.reduce((latest, time) => Math.max(latest, time))).toISOString(),
    raw: instance,
  };
}

/**
 * Approved means completed and agreed to. An approval whose action is REVOKE asks to take another one back: what was agreed
 * to there is that nothing is wanted any more.
 */
function statusOf(instance: JsonObject): TaskRecord['status'] {
  const status = text(instance.status)?.toUpperCase();
  const result = text(instance.result)?.toLowerCase();
  if (status === 'TERMINATED' || status === 'CANCELED') return 'withdrawn';
  if (status !== 'COMPLETED') return 'open';
  if (text(instance.bizAction)?.toUpperCase() === 'REVOKE') return 'withdrawn';
  if (result === 'agree') return 'approved';
  return result === 'refuse' ? 'rejected' : 'open';
}

/** Values by label; each is text, with JSON inside where the field is more than that. Of two same labels the first wins. */
function formOf(components: JsonValue | undefined): JsonObject {
  const form = new Map<string, JsonValue>();
  for (const component of objects(components)) {
    const name = text(component.name);
    if (typeof name === 'string' && !form.has(name)) form.set(name, component.value ?? null);
  }
  return Object.fromEntries(form);
}

/** `2022-08-31T11:52Z`, to the minute; milliseconds in older answers. */
function timeOf(value: JsonValue | undefined): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : value;
  return typeof time === 'number' && time > 0 && time < 8.64e15 ? time : undefined;
}
