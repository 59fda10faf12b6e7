import { Injectable } from '@nestjs/common';
import type { ExternalId, UserStatus } from '@trainbridge/connector-kit';
import { rows, type Sql } from '../sync/sql.js';
import { keyOf } from '../sync/stage/fields.js';
import { otherIdOf } from './conditions.js';

/**
 * One way to name a learner: `userId`; `connectionId` and `externalId` (which may be `type:value`); or `employeeNumber`,
 * with `connectionId` only within that connection.
 */
export interface LearnerReference {
  userId?: string;
  connectionId?: string;
  externalId?: string;
  employeeNumber?: string;
}

export interface ResolvedUser {
  userId: string;
  connectionId: string;
  personId: string;
}

/** One way to name a customer: `customerId`; or `connectionId` and `externalId`, which may be `type:value`. */
export interface CustomerReference {
  customerId?: string;
  connectionId?: string;
  externalId?: string;
}

export interface ResolvedCustomer {
  customerId: string;
  connectionId: string;
}

/** A customer as other features need one. */
export interface DirectoryCustomer {
  id: string;
  connectionId: string;
  externalId: string;
  externalIds: ExternalId[];
  displayName: string | null;
  /** As the platform names them, whether the directory knows them or not. */
  ownerExternalIds: string[];
  /** False: the platform has them no more. */
  exists: boolean;
}

/** A user as other features need one: who it is here and on the platform, and how to speak of and to them. */
export interface DirectoryUser {
  id: string;
  personId: string;
  connectionId: string;
  externalId: string;
  externalIds: ExternalId[];
  displayName: string | null;
  employeeNumber: string | null;
  jobTitle: string | null;
  workEmail: string | null;
  /** E.164. */
  mobile: string | null;
  avatarUrl: string | null;
  status: UserStatus;
  /** Primary first. */
  departments: {
    id: string;
    externalId: string;
    name: string | null;
    isPrimary: boolean;
    isLeader: boolean;
  }[];
}

/** What other features may ask the directory. */
@Injectable()
export class DirectoryReader {
  /**
   * Who is meant by each reference, in order; null: nobody here, or more than one. One statement however many. The
   * platform's own id comes before other ids, people who are not disabled before those who are; among equals there is
   * no guess.
   *
   * @param connectionIds the only connections to look in; null for all
   */
  async resolveLearners(
    manager: Sql,
    references: readonly LearnerReference[],
    connectionIds: readonly string[] | null = null,
  ): Promise<(ResolvedUser | null)[]> {
    if (references.length === 0) return [];
    const asked = references.map(({ userId, connectionId, externalId, employeeNumber }, position) => {
      if (userId !== undefined) return { position, userId };
      if (externalId === undefined) return { position, connectionId, employeeNumber };
      return { position, connectionId, key: keyOf(externalId), other: otherIds(externalId) };
    });
    const found = await rows<ResolvedUser & { position: number }>(manager, RESOLVE, [
      JSON.stringify(asked),
      connectionIds,
    ]);
    const answers: (ResolvedUser | null)[] = references.map(() => null);
    for (const { position, ...learner } of found) answers[position] = learner;
    return answers;
  }

  /**
   * As `resolveLearners`, for customers: who is meant by each reference, in order. Customers whom the platform has no more
   * are found too; of several with the same other id, none.
   */
  async resolveCustomers(
    manager: Sql,
    references: readonly CustomerReference[],
    connectionIds: readonly string[] | null = null,
  ): Promise<(ResolvedCustomer | null)[]> {
    if (references.length === 0) return [];
    const asked = references.map(({ externalId, ...reference }, position) =>
      externalId === undefined
        ? { position, ...reference }
        : { position, ...reference, externalId, other: otherIds(externalId) },
    );
    const found = await rows<ResolvedCustomer & { position: number }>(manager, RESOLVE_CUSTOMERS, [
      JSON.stringify(asked),
      connectionIds,
    ]);
    const answers: (ResolvedCustomer | null)[] = references.map(() => null);
    for (const { position, ...customer } of found) answers[position] = customer;
    return answers;
  }

  /** The customers of these ids, in any order; ids nobody has are left out. One statement however many. */
  async customersById(manager: Sql, ids: readonly string[]): Promise<DirectoryCustomer[]> {
    return ids.length === 0 ? [] : rows<DirectoryCustomer>(manager, CUSTOMERS, [ids]);
  }

  /** The users of these ids, in any order; ids nobody has are left out. One statement however many. */
  async usersById(manager: Sql, ids: readonly string[]): Promise<DirectoryUser[]> {
    return ids.length === 0 ? [] : rows<DirectoryUser>(manager, USERS, [ids]);
  }
}

function otherIds(externalId: string): { type: string; value: string }[] | null {
  const other = otherIdOf(externalId);
  return other && [other];
}

const USERS = `
  select u.id, u.person_id as "personId", u.connection_id as "connectionId", u.external_id as "externalId",
    u.external_ids as "externalIds", u.display_name as "displayName", u.employee_number as "employeeNumber",
    u.job_title as "jobTitle", u.work_email as "workEmail", u.mobile, u.avatar_url as "avatarUrl", u.status,
    coalesce((
      select jsonb_agg(jsonb_build_object('id', d.id, 'externalId', d.external_id, 'name', d.name,
        'isPrimary', m.is_primary, 'isLeader', m.is_leader) order by m.is_primary desc, d.id)
      from memberships m join departments d on d.id = m.department_id where m.user_id = u.id), '[]') as departments
  from users u where u.id = any($1)`;

const CUSTOMERS = `
  select id, connection_id as "connectionId", external_id as "externalId", external_ids as "externalIds",
    display_name as "displayName", owner_external_ids as "ownerExternalIds", removed_at is null as exists
  from customers where id = any($1)`;

const RESOLVE_CUSTOMERS = `
  with asked as materialized (
    select * from jsonb_to_recordset($1::jsonb) as r(
      position int, "customerId" text, "connectionId" text, "externalId" text, other jsonb)
  ), candidates as (
    select r.position, 1 as preference, c.id from asked r join customers c on c.id = r."customerId"
    union all
    select r.position, 1, c.id from asked r
    join customers c on c.connection_id = r."connectionId" and c.external_id = r."externalId"
    union all
    select r.position, 2, c.id from asked r
    join customers c on c.external_ids <> '[]' and c.external_ids @> r.other and c.connection_id = r."connectionId"
    where jsonb_typeof(r.other) = 'array'
  ), ranked as (
    select k.position, c.id, c.connection_id,
      rank() over (partition by k.position order by k.preference, c.removed_at is not null) as place,
      count(*) over (partition by k.position, k.preference, c.removed_at is not null) as equals
    from candidates k join customers c on c.id = k.id
    where $2::text[] is null or c.connection_id = any($2)
  )
  select position, id as "customerId", connection_id as "connectionId" from ranked where place = 1 and equals = 1`;

const RESOLVE = `
  with asked as materialized (
    select * from jsonb_to_recordset($1::jsonb) as r(
      position int, "userId" text, "connectionId" text, key text, other jsonb, "employeeNumber" text)
  ), candidates as (
    select r.position, 1 as preference, u.id from asked r join users u on u.id = r."userId"
    union all
    select r.position, 1, u.id from asked r
    join users u on u.connection_id = r."connectionId" and u.external_key = r.key
    union all
    select r.position, 2, u.id from asked r
    join users u on u.external_ids <> '[]' and u.external_ids @> r.other and u.connection_id = r."connectionId"
    where jsonb_typeof(r.other) = 'array'
    union all
    select r.position, 1, u.id from asked r
    join users u on u.employee_number = r."employeeNumber" and (r."connectionId" is null or u.connection_id = r."connectionId")
    where r."employeeNumber" is not null
  ), ranked as (
    select c.position, u.id, u.connection_id, u.person_id,
      rank() over (partition by c.position order by c.preference, u.status = 'disabled') as place,
      count(*) over (partition by c.position, c.preference, u.status = 'disabled') as equals
    from candidates c join users u on u.id = c.id
    where $2::text[] is null or u.connection_id = any($2)
  )
  select position, id as "userId", connection_id as "connectionId", person_id as "personId"
  from ranked where place = 1 and equals = 1`;
