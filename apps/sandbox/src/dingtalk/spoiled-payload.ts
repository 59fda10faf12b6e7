import type { Fault } from '../faults/faults.js';
import { spoilRecords } from '../faults/spoil-records.js';

type Payload = Record<string, unknown>;

/**
 * Applies what faults do to records where DingTalk keeps them: in a list at the top or below `result`, in
 * `result.list`, or in a `result` that is one record.
 */
export function spoiledPayload(payload: Payload, faults: readonly Fault[]): Payload {
  const relevant = faults.filter(({ kind }) => kind === 'missing_fields' || kind === 'duplicate_records');
  if (relevant.length === 0) return payload;
  const result = payload.result;
  if (typeof result !== 'object' || result === null || Array.isArray(result))
    return spoilRecords(structuredClone(payload), relevant);
  const object = structuredClone(result) as Payload;
  if (Array.isArray(object.list)) return { ...payload, result: spoilRecords(object, relevant) };
  // The lists inside of a person are not lists of records.
  for (const fault of relevant)
    if (fault.kind === 'missing_fields') for (const field of fault.fields) delete object[field];
  return { ...payload, result: object };
}
