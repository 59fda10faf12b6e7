import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { FeishuApiError } from '../api-error.js';
import {
  checkFields,
  fieldTypes,
  matches,
  shownFields,
  type Base,
  type Table,
  type TableRecord,
} from '../bitable.js';
import { tiers } from '../limits.js';
import { cutPage, shownItems } from '../paging.js';
import { objectsOf, type FeishuCall, type FeishuEndpoint, type FeishuWorld } from '../world.js';

const scopes = ['bitable:app', 'base:record:create'];
const records = 'bitable/v1/apps/:app_token/tables/:table_id/records';
const uuidV4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

type Fields = Record<string, unknown>;

/** bitable-v1/app-table-record/create. */
export const recordCreate: FeishuEndpoint = {
  method: 'POST',
  path: records,
  token: 'tenant',
  scopes,
  rate: tiers.fiftyPerSecond,
  async handle(call, world) {
    const [record] = await createAll(call, world, [{ fields: call.body.fields }]);
    return { record: { ...record, id: record?.record_id } };
  },
};

/** bitable-v1/app-table-record/batch_create. */
export const recordBatchCreate: FeishuEndpoint = {
  method: 'POST',
  path: `${records}/batch_create`,
  token: 'tenant',
  scopes,
  rate: tiers.fiftyPerSecond,
  async handle(call, world) {
    const created = await createAll(call, world, call.body.records);
    return { records: created };
  },
};

/** bitable-v1/app-table-record/update: only named columns change, `null` clears. */
export const recordUpdate: FeishuEndpoint = {
  method: 'PUT',
  path: `${records}/:record_id`,
  token: 'tenant',
  scopes,
  rate: tiers.fiftyPerSecond,
  handle(call, world) {
    const table = tableOf(call, world);
    const edit = { record_id: call.params.record_id, fields: call.body.fields };
    return exclusively(table, world, () => ({ record: applyAll(table, [edit])[0] }));
  },
};

/** bitable-v1/app-table-record/batch_update. */
export const recordBatchUpdate: FeishuEndpoint = {
  method: 'POST',
  path: `${records}/batch_update`,
  token: 'tenant',
  scopes,
  rate: tiers.fiftyPerSecond,
  handle(call, world) {
    const table = tableOf(call, world);
    const list = batchOf(call.body.records, world.facts.bitableBatchMax);
    return exclusively(table, world, () => ({ records: applyAll(table, list) }));
  },
};

/** bitable-v1/app-table-record/batch_delete. */
export const recordBatchDelete: FeishuEndpoint = {
  method: 'POST',
  path: `${records}/batch_delete`,
  token: 'tenant',
  scopes,
  rate: tiers.fiftyPerSecond,
  handle(call, world) {
    const table = tableOf(call, world);
    const ids = batchOf(call.body.records, 500).map(String);
    if (ids.some((id) => !table.records.has(id))) throw new FeishuApiError(1254043);
    return exclusively(table, world, () => {
      for (const id of ids) table.records.delete(id);
      return { records: ids.map((record_id) => ({ deleted: true, record_id })) };
    });
  },
};

/** bitable-v1/app-table-record/search. */
export const recordSearch: FeishuEndpoint = {
  method: 'POST',
  path: `${records}/search`,
  token: 'tenant',
  scopes: [...scopes, 'base:record:retrieve'],
  rate: tiers.twentyPerSecond,
  handle(call, world) {
    const table = tableOf(call, world);
    const filter = (call.body.filter ?? {}) as { conjunction?: unknown; conditions?: unknown };
    const conditions = objectsOf(filter.conditions ?? [], 1254001);
    const found = [...table.records.values()]
      .map((record, index) => ({ record, index }))
      .filter(({ record }) => {
        const results = conditions.map((condition) => matches(table, record, condition));
        return (
          results.length === 0 ||
          (filter.conjunction === 'or' ? results.some(Boolean) : results.every(Boolean))
        );
      });
    const rule = { standard: 20, largest: 500, sizeCode: 1254001, tokenCode: 1254001 };
    const { items, fields } = cutPage(call, world, found, ({ index }) => index, rule);
    const shown = items.map(({ record }) => ({
      record_id: record.record_id,
      fields: shownFields(table, record),
    }));
    return { ...fields, total: found.length, ...shownItems(shown, world) };
  },
};

/** bitable-v1/app-table-field/list. */
export const fieldList: FeishuEndpoint = {
  method: 'GET',
  path: 'bitable/v1/apps/:app_token/tables/:table_id/fields',
  token: 'tenant',
  scopes: [...scopes, 'base:field:read'],
  rate: tiers.twentyPerSecond,
  handle(call, world) {
    const table = tableOf(call, world);
    const rule = { standard: 20, largest: 100, sizeCode: 1254001, tokenCode: 1254001 };
    const { items, fields } = cutPage(call, world, table.fields, (_field, index) => index, rule);
    const shown = items.map(({ id, name, kind }) => ({
      field_id: id,
      field_name: name,
      type: fieldTypes[kind],
      is_primary: table.fields[0]?.id === id,
      property: null,
    }));
    return { ...fields, total: table.fields.length, ...shownItems(shown, world) };
  },
};

function tableOf(call: FeishuCall, world: FeishuWorld): Table {
  const base: Base | undefined = world.bases.find(({ appToken }) => appToken === call.params.app_token);
  if (base === undefined) throw new FeishuApiError(1254003);
  if (!base.collaborator) throw new FeishuApiError(91403);
  const table = base.tables.find(({ tableId }) => tableId === call.params.table_id);
  if (table === undefined) throw new FeishuApiError(1254004);
  return table;
}

/** The same client token answers what it created before. */
async function createAll(call: FeishuCall, world: FeishuWorld, list: unknown): Promise<TableRecord[]> {
  const table = tableOf(call, world);
  const token = call.query.get('client_token');
  if (token !== null && !uuidV4.test(token)) throw new FeishuApiError(1254037);
  const batch = batchOf(list, world.facts.bitableBatchMax).map((item) => fieldsOf(item));
  for (const fields of batch) checkFields(table, fields);
  const known = token === null ? undefined : table.created.get(token);
  if (known !== undefined) return known;
  return exclusively(table, world, () => {
    const created = batch.map((fields) => ({ record_id: `rec${randomBytes(6).toString('hex')}`, fields }));
    for (const record of created) table.records.set(record.record_id, record);
    if (token !== null) table.created.set(token, created);
    return created;
  });
}

function applyAll(table: Table, list: unknown[]): TableRecord[] {
  const edits = list.map((item) => {
    const record = table.records.get(String((item as { record_id?: unknown } | null)?.record_id));
    if (record === undefined) throw new FeishuApiError(1254043);
    const fields = fieldsOf(item);
    checkFields(table, fields);
    return { record, fields };
  });
  return edits.map(({ record, fields }) => {
    for (const [name, value] of Object.entries(fields)) {
      if (value === null) delete record.fields[name];
      else record.fields[name] = value;
    }
    return record;
  });
}

function batchOf(list: unknown, most: number): unknown[] {
  if (!Array.isArray(list) || list.length === 0) throw new FeishuApiError(1254001);
  if (list.length > most) throw new FeishuApiError(1254104);
  return list;
}

function fieldsOf(item: unknown): Fields {
  const { fields } = (item ?? {}) as { fields?: unknown };
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
    throw new FeishuApiError(1254001);
  return fields as Fields;
}

/** A table takes one write at a time; who comes while another is under way is refused. */
async function exclusively<T>(table: Table, world: FeishuWorld, write: () => T): Promise<T> {
  if (table.busy) throw new FeishuApiError(1254291);
  table.busy = true;
  try {
    await wait(world.limits.tableWriteMs);
    return write();
  } finally {
    table.busy = false;
  }
}
