import { Injectable } from '@nestjs/common';
import type { Actor } from '@trainbridge/access';
import { decodeCursor, listAnswer, notFound } from '@trainbridge/http-api';
import { DataSource } from 'typeorm';
import { storedMemberships, userJson } from '../../sync/apply/record-json.js';
import { rows } from '../../sync/sql.js';
import { keyOf } from '../../sync/stage/fields.js';
import { feedCursor } from '../changes/feed-cursor.js';
import { Conditions, connectionsOf, otherIdOf, pageOfConnections, timeOf } from '../conditions.js';
import { maySeeContacts, withContactsHidden } from '../contact-fields.js';
import { userInOrder } from '../record-order.js';
import type { UserDto, UserListDto, UsersQuery } from './user.dto.js';

const USER = userJson('u', storedMemberships('u.id'));

/** People as the API shows them: one statement per page, however deep. */
@Injectable()
export class UserReader {
  constructor(private readonly dataSource: DataSource) {}

  async list({ limit, cursor, ...filters }: UsersQuery, actor: Actor): Promise<UserListDto> {
    const scope = { list: 'users', filters };
    const [after] = decodeCursor(scope, cursor) ?? [];
    const { statement, values } = pageOf(filters, actor, after as string | undefined, limit + 1);
    // The position is taken in the snapshot of the first page: what is committed later stands after it on the feed.
    const found = await rows<{ position: string | null; user: UserDto | null }>(
      this.dataSource,
      after === undefined
        ? `select f.position, p."user" from (select coalesce(max(sequence), 0) as position from directory_changes) f
           left join (${statement}) p on true order by p.id`
        : `select null as position, p."user" from (${statement}) p order by p.id`,
      values,
    );
    const users = found.flatMap(({ user }) => (user ? [visible(user, actor)] : []));
    const answer = listAnswer(
      scope,
      users,
      limit,
      ({ id }) => [id],
      (user) => user,
    );
    return after === undefined ? { ...answer, feedCursor: feedCursor(Number(found[0]!.position)) } : answer;
  }

  /** @throws {ProblemError} 404, also for people of connections the caller may not see. */
  async require(id: string, actor: Actor): Promise<UserDto> {
    const [found] = await rows<{ user: UserDto }>(
      this.dataSource,
      `select ${USER} as "user" from users u where u.id = $1 and ($2::text[] is null or u.connection_id = any($2))`,
      [id, actor.connectionIds],
    );
    if (!found) throw notFound('user', id);
    return visible(found.user, actor);
  }
}

function visible(user: UserDto, actor: Actor): UserDto {
  return userInOrder(maySeeContacts(actor) ? user : withContactsHidden(user));
}

type Filters = Omit<UsersQuery, 'limit' | 'cursor'>;

/** The statement of one page, in order of id. Each form walks an index from where the page begins. */
function pageOf(
  filters: Filters,
  actor: Actor,
  after: string | undefined,
  limit: number,
): { statement: string; values: unknown[] } {
  const where = new Conditions();
  where.andIf(filters.status, (status) => `r.status = ${status}`);
  where.andIf(filters.employeeNumber, (number) => `r.employee_number = ${number}`);
  where.andIf(timeOf(filters.updatedSince, '/updatedSince'), (time) => `r.updated_at >= ${time}`);
  if (filters.externalId !== undefined) where.and(namedBy(filters.externalId, where));
  const connections = connectionsOf(actor, filters.connectionId);
  const source = sourceOf(filters, connections, where, after ?? '', limit);
  return { statement: `select u.id, ${USER} as "user" from (${source}) u`, values: where.values };
}

function sourceOf(
  { departmentId, employeeNumber, externalId }: Filters,
  connections: string[] | null,
  where: Conditions,
  after: string,
  limit: number,
): string {
  const places = { after: where.value(after), limit: where.value(limit) };
  const isOne = employeeNumber !== undefined || externalId !== undefined;
  if (connections !== null && departmentId === undefined && !isOne) {
    const walk = { table: 'users', key: 'id', where: where.sql };
    return pageOfConnections(walk, { ...places, connections: where.value(connections) });
  }
  where.and(`r.id > ${places.after}`);
  where.andIf(connections ?? undefined, (ids) => `r.connection_id = any(${ids}::text[])`);
  if (departmentId === undefined) {
    return `select r.* from users r where ${where.sql} order by r.id limit ${places.limit}`;
  }
  // Bounds on both sides, or a merge join would read people from the first one on. Distinct, because a membership may
  // be known from both sides.
  return `select r.* from (
      select distinct user_id from memberships where department_id = ${where.value(departmentId)} and user_id > ${places.after}) m
    join users r on r.id = m.user_id where ${where.sql} order by m.user_id limit ${places.limit}`;
}

/** By the main id without case, or by another one as `type:value`. */
function namedBy(externalId: string, where: Conditions): string {
  const byKey = `r.external_key = ${where.value(keyOf(externalId))}`;
  const other = otherIdOf(externalId);
  if (!other) return byKey;
  // The first half is what the index is limited to.
  return `(${byKey} or (r.external_ids <> '[]' and r.external_ids @> ${where.value(JSON.stringify([other]))}::jsonb))`;
}
