import type { JsonObject, JsonValue } from '@trainbridge/connector-kit';
import { call, IDS, pageOf, part, type FeishuContext } from '../api.js';
import { missing } from '../errors.js';

export interface Table {
  appToken: string;
  tableId: string;
}

/** The columns of a table, its first hundred. */
export async function tableFields(context: FeishuContext, table: Table): Promise<JsonValue[]> {
  const endpoint = `${pathOf(table)}/fields`;
  return pageOf(await call(context, 'GET', endpoint, { query: { page_size: 100 } }), 'items', endpoint).items;
}

/** Adds rows, all or none; a repeat with the same `clientToken` adds nothing. Answers the rows in the same order. */
export async function createRows(
  context: FeishuContext,
  table: Table,
  rows: JsonObject[],
  clientToken: string,
): Promise<JsonValue[]> {
  const endpoint = `${pathOf(table)}/records/batch_create`;
  const data = await call(context, 'POST', endpoint, {
    query: { user_id_type: IDS.user_id_type, client_token: clientToken },
    json: { records: rows.map((fields) => ({ fields })) },
    retry: 'safe',
  });
  if (!Array.isArray(data.records)) throw missing(endpoint, 'the list "records"');
  return data.records;
}

function pathOf({ appToken, tableId }: Table): string {
  return `bitable/v1/apps/${part(appToken)}/tables/${part(tableId)}`;
}
