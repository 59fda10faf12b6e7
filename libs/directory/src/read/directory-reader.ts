import { Injectable } from '@nestjs/common';
import { rows, type Sql } from '../sync/sql.js';
import { keyOf } from '../sync/stage/fields.js';

/** One way to name a learner. `externalId` may be `type:value`. */
export type LearnerReference =
  | { userId: string }
  | { connectionId: string; externalId: string }
  /** With `connectionId` only within that connection. */
  | { employeeNumber: string; connectionId?: string };

export interface ResolvedUser {
  userId: string;
  connectionId: string;
}

/** What other features may ask the directory. */
@Injectable()
export class DirectoryReader {
  /**
   * Who is meant by each reference, in order; null: nobody here, or more than one. One statement however many. An employee
   * number means the one person who has it and is not disabled; if all who have it are disabled, the only one of them.
   */
  async resolveLearners(manager: Sql, references: readonly LearnerReference[]): Promise<(ResolvedUser | null)[]> {
    if (references.length === 0) return [];
    const asked = references.map((reference, position) => {
      if ('userId' in reference) return { position, userId: reference.userId };
      if ('employeeNumber' in reference) return { position, ...reference };
      const { connectionId, externalId } = reference;
      const colon = externalId.indexOf(':');
      const other = colon > 0 ? [{ type: externalId.slice(0, colon), value: externalId.slice(colon + 1) }] : null;
      return { position, connectionId, key: keyOf(externalId), other };
    });
    const found = await rows<ResolvedUser & { position: number }>(manager, RESOLVE, [JSON.stringify(asked)]);
    const answers: (ResolvedUser | null)[] = references.map(() => null);
    for (const { position, userId, connectionId } of found) answers[position] = { userId, connectionId };
    return answers;
  }
}

const RESOLVE = `
  with asked as materialized (
    select * from jsonb_to_recordset($1::jsonb) as r(
      position int, "userId" text, "connectionId" text, key text, other jsonb, "employeeNumber" text)
  ), candidates as (
    select r.position, u.id, u.connection_id, u.status = 'disabled' as disabled from asked r join users u on u.id = r."userId"
    union
    select r.position, u.id, u.connection_id, false from asked r
    join users u on u.connection_id = r."connectionId" and u.external_key = r.key
    union
    select r.position, u.id, u.connection_id, u.status = 'disabled' from asked r
    join users u on u.external_ids <> '[]' and u.external_ids @> r.other and u.connection_id = r."connectionId"
    where r.other is not null
    union
    select r.position, u.id, u.connection_id, u.status = 'disabled' from asked r
    join users u on u.employee_number = r."employeeNumber" and (r."connectionId" is null or u.connection_id = r."connectionId")
    where r."employeeNumber" is not null
  )
  select position, id as "userId", connection_id as "connectionId"
  from (select *, rank() over best as place, count(*) over (partition by position, disabled) as equals
        from candidates window best as (partition by position order by disabled)) c
  where place = 1 and equals = 1`;
