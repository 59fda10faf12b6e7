import {
  ConnectorError,
  isConnectorError,
  isJsonObject,
  isRetryable,
  type ItemOutcome,
  type JsonObject,
  type JsonValue,
  type ResultItem,
} from '@trainbridge/connector-kit';
import type { FeishuContext } from '../api.js';
import { createRows, tableFields, type Table } from '../api/bitable.js';
import { usersByIds } from '../api/directory.js';
import { repeatUuid } from '../repeat-key.js';
import { PERSON, toCell, usualKinds, type Locale, type Part, type RowSource } from './cells.js';

/** Where each part goes when the options do not say: to the column of the table that bears one of these names. */
const usualNames: Readonly<Record<Part, readonly string[]>> = {
  learner: ['学员', '姓名', 'Learner', 'Name'],
  course: ['课程', '课程或考试', 'Course'],
  result: ['结果', 'Result'],
  score: ['成绩', '分数', '得分', 'Score'],
  time: ['时间', '完成时间', 'Time', 'Completed at'],
};
const PARTS = Object.keys(usualNames) as Part[];

interface Column {
  part: Part;
  name: string;
  /** Number of the kind (bitable-v1/app-table-field). */
  type: number;
}

/** Names of columns and their kinds; null where the app may add rows and not look at the columns. */
type Kinds = ReadonlyMap<string, number> | null;

/**
 * One row of a Bitable (多维表格) per result. A table takes one write at a time, so a batch is one call, and one key makes it
 * single: the same items in the same order are the same batch.
 */
export async function addRows(
  context: FeishuContext,
  options: JsonObject,
  items: readonly ResultItem[],
): Promise<ItemOutcome[]> {
  if (items.length === 0) return [];
  const table = { appToken: textOf(options.appToken), tableId: textOf(options.tableId) };
  const columns = columnsOf(await readColumns(context, table), options);
  const names = await namesFor(context, columns, items);
  const sourceOf = (item: ResultItem): RowSource => {
    const { externalId } = item.recipient;
    return { item, learner: names.get(externalId) ?? externalId };
  };
  return addAll((batch) => addBatch(context, table, columns, batch), items.map(sourceOf));
}

/** One value the table does not take refuses the whole batch: halved and tried again, it costs only its own row. */
async function addAll(
  add: (batch: readonly RowSource[]) => Promise<ItemOutcome[]>,
  batch: readonly RowSource[],
): Promise<ItemOutcome[]> {
  try {
    return await add(batch);
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    if (batch.length === 1 || !AT_A_VALUE.has(error.data.vendorCode ?? ''))
      return batch.map(({ item }) => ({ key: item.key, status: 'failed', error: error.data }));
    const middle = batch.length >> 1;
    // One after the other: a table takes no two writes at a time.
    return [...(await addAll(add, batch.slice(0, middle))), ...(await addAll(add, batch.slice(middle)))];
  }
}

/** Errors that may be about a single row: values that cannot be converted, a cell too large, an unknown person. */
const AT_A_VALUE = new Set([
  '1254060', '1254061', '1254062', '1254063', '1254064', '1254065', '1254066', '1254067', '1254068', '1254069',
  '1254015', '1254130', '99992363', '99992381',
]); // prettier-ignore

async function addBatch(
  context: FeishuContext,
  table: Table,
  columns: readonly Column[],
  sources: readonly RowSource[],
): Promise<ItemOutcome[]> {
  const { locale } = context.connection;
  const rows = sources.map((source) => rowOf(columns, source, locale));
  const keys = sources.map(({ item }) => item.key);
  const added = await createRows(context, table, rows, repeatUuid(keys));
  return keys.map((key, index) => {
    const row = added[index];
    const rowId = isJsonObject(row) ? row.record_id : undefined;
    return typeof rowId === 'string' ? { key, status: 'done', externalRef: rowId } : { key, status: 'done' };
  });
}

function rowOf(columns: readonly Column[], source: RowSource, locale: Locale): JsonObject {
  const cells = columns.flatMap(({ part, name, type }) => {
    const cell = toCell(part, type, source, locale);
    return cell === null ? [] : [[name, cell] as const];
  });
  return Object.fromEntries(cells);
}

/** A column of people shows who it is; for one of text, their names are read: an id tells nobody anything. */
async function namesFor(
  context: FeishuContext,
  columns: readonly Column[],
  items: readonly ResultItem[],
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  if (!columns.some(({ part, type }) => part === 'learner' && type !== PERSON)) return names;
  const ids = [...new Set(items.map(({ recipient }) => recipient.externalId))];
  try {
    for (const person of await usersByIds(context, ids)) {
      if (isJsonObject(person) && typeof person.union_id === 'string' && typeof person.name === 'string')
        names.set(person.union_id, person.name);
    }
  } catch (error) {
    // Not permitted: the row matters more than the name in it.
    if (!isConnectorError(error) || isRetryable(error)) throw error;
  }
  return names;
}

/** What tells that columns cannot be looked at, which does not yet mean that nothing can be written. */
const NOT_SHOWN = new Set(['permission_denied', 'not_found', 'bad_response', 'internal']);

/** A base with advanced permissions shows an app without a role nothing at all, sometimes without an error. */
async function readColumns(context: FeishuContext, table: Table): Promise<Kinds> {
  let fields: readonly JsonValue[];
  try {
    fields = await tableFields(context, table);
  } catch (error) {
    if (isConnectorError(error) && NOT_SHOWN.has(error.code)) return null;
    throw error;
  }
  const kinds = new Map<string, number>();
  for (const field of fields) {
    if (isJsonObject(field) && typeof field.field_name === 'string' && typeof field.type === 'number')
      kinds.set(field.field_name, field.type);
  }
  return kinds.size > 0 ? kinds : null;
}

/**
 * The columns to fill: those the options name, which must be there, and for the other parts those that bear a usual name.
 * Where the columns cannot be seen, all parts go to their usual columns, and the platform says what it does not take.
 *
 * @throws ConnectorError `config_invalid` naming what is missing.
 */
function columnsOf(kinds: Kinds, options: JsonObject): Column[] {
  const columns = PARTS.flatMap((part): Column[] => {
    const wanted = textOf(options[`${part}Field`]);
    const usual = kinds ? usualNames[part].find((known) => kinds.has(known)) : usualNames[part][0];
    const name = wanted === '' ? usual : wanted;
    if (name === undefined) return [];
    const type = kinds ? kinds.get(name) : usualKinds[part];
    if (type === undefined) throw noColumn(`The table has no column "${name.slice(0, 100)}".`);
    return [{ part, name, type }];
  });
  if (columns.length === 0) throw noColumn('The table has no column to write to.');
  return columns;
}

function noColumn(message: string): ConnectorError {
  return new ConnectorError('config_invalid', message, {
    advice: {
      en: 'Add the columns 学员 (person), 课程 (text), 结果 (text), 成绩 (number) and 时间 (date) to the table, or name other ones in the options (learnerField, courseField, resultField, scoreField, timeField).',
      'zh-CN':
        '请在数据表中添加字段：学员（人员）、课程（文本）、结果（文本）、成绩（数字）、时间（日期），或在配置中指定其他字段（learnerField、courseField、resultField、scoreField、timeField）。',
    },
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}
