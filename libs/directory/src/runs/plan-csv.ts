import type { JsonValue } from '@trainbridge/connector-kit';
import type { PlanLineDto } from './run.dto.js';

const COLUMNS = [
  'line',
  'kind',
  'action',
  'externalId',
  'name',
  'reason',
  'field',
  'before',
  'after',
] as const;

/** The byte order mark makes spreadsheet programs read Chinese text as UTF-8. */
export const CSV_HEAD = `\uFEFF${COLUMNS.join(',')}\r\n`;

/** One row per changed field; a line without changes is one row. */
export function csvRows(line: PlanLineDto): string {
  const changes = line.changes.length > 0 ? line.changes : [{ field: '', before: null, after: null }];
  return changes
    .map(({ field, before, after }) =>
      [line.line, line.kind, line.action, line.externalId, line.name, line.reason, field, before, after]
        .map(csvCell)
        .join(','),
    )
    .join('\r\n')
    .concat('\r\n');
}

/**
 * A cell that a spreadsheet shows and never runs: names and titles come from outside, and what begins like a formula
 * gets an apostrophe before it.
 */
export function csvCell(value: JsonValue): string {
  if (value === null) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const harmless = typeof value === 'string' && /^[\s]*[=+\-@\t\r\n|%]/.test(text) ? `'${text}` : text;
  return /[",\r\n\t]/.test(harmless) || harmless !== text ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
