import type { Fault } from './faults.js';

/** Applies what faults do to records to the lists of an answer; returns the same object, changed. */
export function spoilRecords(
  payload: Record<string, unknown>,
  faults: readonly Fault[],
): Record<string, unknown> {
  for (const fault of faults) {
    if (fault.kind === 'missing_fields') {
      const every = Math.max(1, fault.every ?? 1);
      eachRecord(payload, (record, index) => {
        if ((index + 1) % every === 0) for (const field of fault.fields) delete record[field];
      });
    } else if (fault.kind === 'duplicate_records') {
      for (const [key, value] of Object.entries(payload)) {
        if (isRecordList(value)) payload[key] = value.flatMap((record) => [record, record]);
      }
    }
  }
  return payload;
}

function eachRecord(
  payload: Record<string, unknown>,
  visit: (record: Record<string, unknown>, index: number) => void,
): void {
  const lists = Object.values(payload).filter(isRecordList);
  for (const list of lists) list.forEach(visit);
  // An answer about a single person or department is a record itself.
  if (lists.length === 0) visit(payload, 0);
}

function isRecordList(value: unknown): value is Record<string, unknown>[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => typeof item === 'object' && item !== null)
  );
}
