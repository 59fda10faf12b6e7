import { Injectable } from '@nestjs/common';
import type { Actor } from '@trainbridge/access';
import { decodeCursor, listAnswer, notFound, type ListAnswer } from '@trainbridge/http-api';
import { DataSource } from 'typeorm';
import { customerJson } from '../../customers/customer-json.js';
import { rows } from '../../sync/sql.js';
import { Conditions, connectionsOf, otherIdOf, pageOfConnections, timeOf } from '../conditions.js';
import { customerInOrder } from '../record-order.js';
import type { CustomerDto, CustomersQuery } from './customer.dto.js';

const CUSTOMER = customerJson('c');

/** Customers as the API shows them: one statement per page, however deep. */
@Injectable()
export class CustomerReader {
  constructor(private readonly dataSource: DataSource) {}

  async list({ limit, cursor, ...filters }: CustomersQuery, actor: Actor): Promise<ListAnswer<CustomerDto>> {
    const scope = { list: 'customers', filters };
    const [after] = decodeCursor(scope, cursor) ?? [];
    const where = new Conditions();
    where.and('r.removed_at is null');
    where.andIf(filters.ownerUserId, (id) => `r.owner_user_ids @> array[${id}::text]`);
    where.andIf(filters.tagId && JSON.stringify([{ id: filters.tagId }]), (tag) => `r.tags @> ${tag}::jsonb`);
    where.andIf(timeOf(filters.updatedSince, '/updatedSince'), (time) => `r.updated_at >= ${time}`);
    if (filters.externalId !== undefined) where.and(namedBy(filters.externalId, where));
    const connections = connectionsOf(actor, filters.connectionId);
    const places = { after: where.value(after ?? ''), limit: where.value(limit + 1) };
    const source =
      connections === null
        ? `select r.* from customers r where r.id > ${places.after} and ${where.sql} order by r.id limit ${places.limit}`
        : pageOfConnections(
            { table: 'customers', key: 'id', where: where.sql },
            { ...places, connections: where.value(connections) },
          );
    const found = await rows<{ customer: CustomerDto }>(
      this.dataSource,
      `select ${CUSTOMER} as customer from (${source}) c order by c.id`,
      where.values,
    );
    return listAnswer(
      scope,
      found,
      limit,
      ({ customer }) => [customer.id],
      ({ customer }) => customerInOrder(customer),
    );
  }

  /** @throws {ProblemError} 404, also for customers who are gone and those of connections the caller may not see. */
  async require(id: string, actor: Actor): Promise<CustomerDto> {
    const [found] = await rows<{ customer: CustomerDto }>(
      this.dataSource,
      `select ${CUSTOMER} as customer from customers c
       where c.id = $1 and c.removed_at is null and ($2::text[] is null or c.connection_id = any($2))`,
      [id, actor.connectionIds],
    );
    if (!found) throw notFound('customer', id);
    return customerInOrder(found.customer);
  }
}

function namedBy(externalId: string, where: Conditions): string {
  const byId = `r.external_id = ${where.value(externalId)}`;
  const other = otherIdOf(externalId);
  // The first half is what the index is limited to.
  return other
    ? `(${byId} or (r.external_ids <> '[]' and r.external_ids @> ${where.value(JSON.stringify([other]))}::jsonb))`
    : byId;
}
