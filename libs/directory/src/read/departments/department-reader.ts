import { Injectable } from '@nestjs/common';
import type { Actor } from '@trainbridge/access';
import { decodeCursor, listAnswer, notFound, type ListAnswer } from '@trainbridge/http-api';
import { DataSource } from 'typeorm';
import { departmentJson, storedLeaders } from '../../sync/apply/record-json.js';
import { rows } from '../../sync/sql.js';
import { Conditions, connectionsOf, otherIdOf, pageOfConnections, timeOf } from '../conditions.js';
import { departmentInOrder } from '../record-order.js';
import type { DepartmentDto, DepartmentsQuery } from './department.dto.js';

const DEPARTMENT = departmentJson('d', storedLeaders('d'));

/** Departments as the API shows them: one statement per page, however deep. */
@Injectable()
export class DepartmentReader {
  constructor(private readonly dataSource: DataSource) {}

  async list(
    { limit, cursor, ...filters }: DepartmentsQuery,
    actor: Actor,
  ): Promise<ListAnswer<DepartmentDto>> {
    const scope = { list: 'departments', filters };
    const [after] = decodeCursor(scope, cursor) ?? [];
    const where = new Conditions();
    where.andIf(filters.parentId, (id) => `r.parent_id = ${id}`);
    where.andIf(filters.departmentId, (id) => `r.path_ids @> array[${id}::text]`);
    where.andIf(filters.status, (status) => `r.status = ${status}`);
    where.andIf(timeOf(filters.updatedSince, '/updatedSince'), (time) => `r.updated_at >= ${time}`);
    if (filters.externalId !== undefined) where.and(namedBy(filters.externalId, where));
    const connections = connectionsOf(actor, filters.connectionId);
    const places = { after: where.value(after ?? ''), limit: where.value(limit + 1) };
    const source =
      connections === null
        ? `select r.* from departments r where r.id > ${places.after} and ${where.sql} order by r.id limit ${places.limit}`
        : pageOfConnections(
            { table: 'departments', key: 'id', where: where.sql },
            { ...places, connections: where.value(connections) },
          );
    const found = await rows<{ department: DepartmentDto }>(
      this.dataSource,
      `select ${DEPARTMENT} as department from (${source}) d order by d.id`,
      where.values,
    );
    return listAnswer(
      scope,
      found,
      limit,
      ({ department }) => [department.id],
      ({ department }) => departmentInOrder(department),
    );
  }

  /** @throws {ProblemError} 404, also for departments of connections the caller may not see. */
  async require(id: string, actor: Actor): Promise<DepartmentDto> {
    const [found] = await rows<{ department: DepartmentDto }>(
      this.dataSource,
      `select ${DEPARTMENT} as department from departments d
       where d.id = $1 and ($2::text[] is null or d.connection_id = any($2))`,
      [id, actor.connectionIds],
    );
    if (!found) throw notFound('department', id);
    return departmentInOrder(found.department);
  }
}

function namedBy(externalId: string, where: Conditions): string {
  const other = otherIdOf(externalId);
  const byId = `r.external_id = ${where.value(externalId)}`;
  return other ? `(${byId} or r.external_ids @> ${where.value(JSON.stringify([other]))}::jsonb)` : byId;
}
