import { FeishuApiError } from './api-error.js';

/** `type` of a column, as far as the sandbox has them. */
export const fieldTypes = {
  text: 1, number: 2, single: 3, multi: 4, date: 5, checkbox: 7, person: 11, phone: 13, link: 15,
} as const; // prettier-ignore

export type FieldKind = keyof typeof fieldTypes;

export interface TableField {
  id: string;
  name: string;
  kind: FieldKind;
}

/** A row: values by the name of their column. */
export interface TableRecord {
  record_id: string;
  fields: Record<string, unknown>;
}

export interface Table {
  tableId: string;
  name: string;
  fields: TableField[];
  records: Map<string, TableRecord>;
  /** Answers of creations by their client token. */
  created: Map<string, TableRecord[]>;
  /** A write is under way. */
  busy: boolean;
}

/** A base (多维表格). */
export interface Base {
  appToken: string;
  name: string;
  /** The app was added to the document, without which its scope opens nothing. */
  collaborator: boolean;
  tables: Table[];
}

/** A table with columns of the given kinds, the first being the primary one. */
export function newTable(tableId: string, name: string, columns: Readonly<Record<string, FieldKind>>): Table {
  const fields = Object.entries(columns).map(([field, kind], index) => ({
    id: `fld${tableId.slice(3, 7)}${String(index + 1).padStart(4, '0')}`,
    name: field,
    kind,
  }));
  return { tableId, name, fields, records: new Map(), created: new Map(), busy: false };
}

/** Puts a table into a base, or an empty one in the place of the table with that id. */
export function putTable(base: Base, table: Table): void {
  const at = base.tables.findIndex(({ tableId }) => tableId === table.tableId);
  base.tables.splice(at < 0 ? base.tables.length : at, 1, table);
}

/** @throws FeishuApiError 1254045 for a column that is not there, 1254060 and on for a value of another kind. */
export function checkFields(table: Table, fields: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(fields)) {
    const field = table.fields.find((column) => column.name === name);
    if (field === undefined) throw new FeishuApiError(1254045);
    const { fits, code } = rules[field.kind];
    if (value !== null && !fits(value)) throw new FeishuApiError(code);
  }
}

/** A value as a search shows it: texts as lists of pieces. */
export function shownFields(table: Table, record: TableRecord): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record.fields).map(([name, value]) => {
      const isText = table.fields.find((field) => field.name === name)?.kind === 'text';
      return [name, isText ? [{ type: 'text', text: value }] : value];
    }),
  );
}

/** A condition of a search. @throws FeishuApiError for a column or an operator that is not there. */
export function matches(table: Table, record: TableRecord, condition: Record<string, unknown>): boolean {
  const name = String(condition.field_name);
  if (!table.fields.some((field) => field.name === name)) throw new FeishuApiError(1254045);
  const value = record.fields[name];
  const wanted: unknown[] = Array.isArray(condition.value) ? condition.value : [];
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? '');
  switch (condition.operator) {
    case 'is':
      return wanted.some((item) => String(item) === text);
    case 'isNot':
      return !wanted.some((item) => String(item) === text);
    case 'contains':
      return wanted.some((item) => text.includes(String(item)));
    case 'isEmpty':
      return value === undefined;
    case 'isNotEmpty':
      return value !== undefined;
    default:
      throw new FeishuApiError(1254001, { msg: 'InvalidFilter' });
  }
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
const listOf =
  (fits: (item: unknown) => boolean) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.every(fits);
const has =
  (...names: string[]) =>
  (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    names.every((name) => isText((value as Record<string, unknown>)[name]));

/** What each kind takes, and the code for what it does not take. */
const rules: Readonly<Record<FieldKind, { fits: (value: unknown) => boolean; code: number }>> = {
  text: { fits: isText, code: 1254060 },
  number: { fits: isNumber, code: 1254061 },
  single: { fits: isText, code: 1254062 },
  multi: { fits: listOf(isText), code: 1254063 },
  date: { fits: isNumber, code: 1254064 },
  checkbox: { fits: (value) => typeof value === 'boolean', code: 1254065 },
  person: { fits: listOf(has('id')), code: 1254066 },
  phone: { fits: isText, code: 1254067 },
  link: { fits: has('text', 'link'), code: 1254068 },
};
