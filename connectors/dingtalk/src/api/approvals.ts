import type { JsonObject, JsonValue } from '@trainbridge/connector-kit';
import { call, listOf, objectOf, read, type DingtalkContext } from '../api.js';
import { missing } from '../errors.js';
import { whole } from '../values.js';

/** The most ids per page. */
const PAGE = 20;

export interface InstanceWindow {
  processCode: string;
  /** Milliseconds since the epoch; at most 120 days apart, `from` at most 365 days ago. */
  from: number;
  to: number;
}

export interface InstancePage {
  ids: JsonValue[];
  next: number | null;
}

/** Ids of approvals of one form that were submitted within a window (page obtain-an-approval-list-of-instance-ids). */
export async function listInstances(
  context: DingtalkContext,
  { processCode, from, to }: InstanceWindow,
  token: number,
  maxResults = PAGE,
): Promise<InstancePage> {
  const path = '/v1.0/workflow/processes/instanceIds/query';
  const json = { processCode, startTime: from, endTime: to, nextToken: token, maxResults };
  const result = objectOf(await read(context, path, json), 'result', path);
  const ids = listOf(result, 'list', path);
  // Asked with a number, answered with text; absent is the end.
  if (result.nextToken === undefined || result.nextToken === null || result.nextToken === '')
    return { ids, next: null };
  const next = whole(result.nextToken);
  if (next === undefined) throw missing(path, 'a usable nextToken');
  return { ids, next };
}

export async function getInstance(context: DingtalkContext, id: string): Promise<JsonObject> {
  const path = '/v1.0/workflow/processInstances';
  const payload = await call(context, 'GET', path, { query: { processInstanceId: id } });
  return objectOf(payload, 'result', path);
}
