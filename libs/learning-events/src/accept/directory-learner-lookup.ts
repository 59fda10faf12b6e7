import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { LearnerDto } from '../learning-event.dto.js';
import { LearnerLookup, type ResolvedLearner } from './learner-lookup.js';

/** Finds learners among the directory's users: one statement however many. */
@Injectable()
export class DirectoryLearnerLookup extends LearnerLookup {
  async resolve(manager: EntityManager, learners: readonly LearnerDto[]): Promise<(ResolvedLearner | null)[]> {
    if (learners.length === 0) return [];
    const references = learners.map((learner, position) => ({ position, ...learner }));
    const found = await manager.query<{ position: number; id: string; connection_id: string }[]>(
      `with r as materialized (
         select * from jsonb_to_recordset($1::jsonb) as r(position int, "userId" text, "connectionId" text,
           "externalId" text, "employeeNumber" text))
       select r.position, u.id, u.connection_id from r join users u on u.id = r."userId"
       union all
       select r.position, u.id, u.connection_id from r
       join users u on u.connection_id = r."connectionId" and u.external_key = lower(r."externalId")
       union all
       select r.position, u.id, u.connection_id from r
       join users u on u.connection_id = r."connectionId"
         and u.external_ids @> jsonb_build_array(jsonb_build_object(
           'type', split_part(r."externalId", ':', 1), 'value', substr(r."externalId", strpos(r."externalId", ':') + 1)))
       where strpos(r."externalId", ':') > 1
       union all
       select r.position, min(u.id), min(u.connection_id) from r
       join users u on u.employee_number = r."employeeNumber"
         and (r."connectionId" is null or u.connection_id = r."connectionId") and u.status <> 'disabled'
       where r."employeeNumber" is not null
       group by r.position having count(*) = 1`,
      [JSON.stringify(references)],
    );
    const answers: (ResolvedLearner | null)[] = learners.map(() => null);
    for (const { position, id, connection_id } of found) {
      answers[position] ??= { userId: id, customerId: null, connectionId: connection_id };
    }
    return answers;
  }
}
