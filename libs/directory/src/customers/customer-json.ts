import { isoTime } from '../sync/apply/record-json.js';

/** SQL of a customer as the API and the feed show them, from a row `alias` of `customers` or shaped like one. */
export function customerJson(alias: string): string {
  return `jsonb_build_object('id', ${alias}.id, 'connectionId', ${alias}.connection_id,
    'externalId', ${alias}.external_id, 'externalIds', ${alias}.external_ids, 'displayName', ${alias}.display_name,
    'ownerUserIds', to_jsonb(${alias}.owner_user_ids), 'tags', ${alias}.tags,
    'createdAt', ${isoTime(`${alias}.created_at`)}, 'updatedAt', ${isoTime(`${alias}.updated_at`)})`;
}
