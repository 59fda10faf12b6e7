import { Injectable } from '@nestjs/common';
import { hasScope, type Actor } from '@trainbridge/access';
import type { JsonObject } from '@trainbridge/connector-kit';
import { DataSource } from 'typeorm';
import { departmentJson, isoTime, storedLeaders, storedMemberships, userJson } from '../sync/apply/record-json.js';
import { rows } from '../sync/sql.js';
import { keyOf } from '../sync/stage/fields.js';
import type { DepartmentDto, DepartmentsQuery, DirectoryChangeDto, UserDto, UsersQuery } from './directory.dto.js';

/** The directory as the API shows it: only the actor's connections, contact data only with its scope. */
@Injectable()
export class DirectoryQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One more than `limit`, in the order of ids. */
  async users(query: UsersQuery, after: string | null, actor: Actor): Promise<UserDto[]> {
    const { externalId } = query;
    const found = await rows<{ user: UserDto }>(
      this.dataSource,
      `select ${userJson('u', storedMemberships('u.id'))} as user from users u
       where ($1::text[] is null or u.connection_id = any($1))
         and ($2::text is null or u.connection_id = $2)
         and ($3::text is null or u.id > $3)
         and ($4::text is null or u.status = $4)
         and ($5::text is null or u.employee_number = $5)
         and ($6::timestamptz is null or u.updated_at >= $6)
         and ($7::text is null or u.external_key = $7 or (u.external_ids <> '[]' and u.external_ids @> $8::jsonb))
         and ($9::text is null or u.id in (
           select m.user_id from memberships m join departments d on d.id = m.department_id
           where d.id = $9 or ($10::boolean and d.path_ids @> array[$9::text])))
       order by u.id limit $11`,
      [
        actor.connectionIds,
        query.connectionId ?? null,
        after,
        query.status ?? null,
        query.employeeNumber ?? null,
        query.updatedSince ?? null,
        externalId === undefined ? null : keyOf(externalId),
        otherId(externalId ?? ''),
        query.departmentId ?? null,
        query.includeDescendants ?? false,
        query.limit + 1,
      ],
    );
    return found.map(({ user }) => forActor(user, actor));
  }

  async user(id: string, actor: Actor): Promise<UserDto | null> {
    const [found] = await rows<{ user: UserDto }>(
      this.dataSource,
      `select ${userJson('u', storedMemberships('u.id'))} as user from users u
       where u.id = $1 and ($2::text[] is null or u.connection_id = any($2))`,
      [id, actor.connectionIds],
    );
    return found ? forActor(found.user, actor) : null;
  }

  async departments(query: DepartmentsQuery, after: string | null, actor: Actor): Promise<DepartmentDto[]> {
    const found = await rows<{ department: DepartmentDto }>(
      this.dataSource,
      `select ${departmentJson('d', storedLeaders('d'))} as department from departments d
       where ($1::text[] is null or d.connection_id = any($1))
         and ($2::text is null or d.connection_id = $2)
         and ($3::text is null or d.id > $3)
         and ($4::text is null or d.status = $4)
         and ($5::text is null or d.parent_id = $5)
         and ($6::timestamptz is null or d.updated_at >= $6)
         and ($7::text is null or d.external_id = $7 or d.external_ids @> $8::jsonb)
       order by d.id limit $9`,
      [
        actor.connectionIds,
        query.connectionId ?? null,
        after,
        query.status ?? null,
        query.parentId ?? null,
        query.updatedSince ?? null,
        query.externalId ?? null,
        otherId(query.externalId ?? ''),
        query.limit + 1,
      ],
    );
    return found.map(({ department }) => department);
  }

  async department(id: string, actor: Actor): Promise<DepartmentDto | null> {
    const [found] = await rows<{ department: DepartmentDto }>(
      this.dataSource,
      `select ${departmentJson('d', storedLeaders('d'))} as department from departments d
       where d.id = $1 and ($2::text[] is null or d.connection_id = any($2))`,
      [id, actor.connectionIds],
    );
    return found?.department ?? null;
  }

  /** Changes after a sequence number, in order; complete up to the last one answered (change-feed.ts). */
  async changes(
    after: number,
    filter: { connectionId?: string; subjectId?: string; limit: number },
    actor: Actor,
  ): Promise<DirectoryChangeDto[]> {
    const found = await rows<DirectoryChangeDto & { sequence: string }>(
      this.dataSource,
      `select sequence, type, subject_id as subject, connection_id as "connectionId", before, after, ${isoTime('at')} as at, cause
       from directory_changes
       where sequence > $1 and ($2::text[] is null or connection_id = any($2)) and ($3::text is null or connection_id = $3)
         and ($4::text is null or subject_id = $4)
       order by sequence limit $5`,
      [after, actor.connectionIds, filter.connectionId ?? null, filter.subjectId ?? null, filter.limit],
    );
    return found.map((change) => ({
      ...change,
      sequence: Number(change.sequence),
      before: change.before && forActor(change.before, actor),
      after: forActor(change.after, actor),
    }));
  }

  /** The last change there is: everything later is news to who reads the records from here on. */
  async lastSequence(): Promise<number> {
    const [found] = await rows<{ last: string }>(this.dataSource, `select coalesce(max(sequence), 0) as last from directory_changes`);
    return Number(found!.last);
  }
}

/** `type:value` as the list that contains it. */
function otherId(externalId: string): string {
  const colon = externalId.indexOf(':');
  if (colon < 1) return '[{"type": null}]';
  return JSON.stringify([{ type: externalId.slice(0, colon), value: externalId.slice(colon + 1) }]);
}

/** Takes out what needs scope directory:contact. */
function forActor<T extends object>(record: T, actor: Actor): T {
  if (hasScope(actor, 'directory:contact')) return record;
  const shown = { ...record } as JsonObject;
  for (const field of ['mobile', 'workEmail']) if (field in shown) shown[field] = null;
  return shown as T;
}
