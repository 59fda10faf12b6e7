import { Injectable } from '@nestjs/common';
import { DirectoryReader, type CustomerReference, type LearnerReference } from '@trainbridge/directory';
import type { EntityManager } from 'typeorm';
import type { LearnerDto } from '../learning-event.dto.js';
import { LearnerLookup, type ResolvedLearner } from './learner-lookup.js';

/** Finds learners among the directory's users, and whoever is not among them among its customers. */
@Injectable()
export class DirectoryLearnerLookup extends LearnerLookup {
  constructor(private readonly directory: DirectoryReader) {
    super();
  }

  async resolve(
    manager: EntityManager,
    learners: readonly LearnerDto[],
    connectionIds: readonly string[] | null,
  ): Promise<(ResolvedLearner | null)[]> {
    const answers: (ResolvedLearner | null)[] = learners.map(() => null);
    const people = places(learners, toUserReference);
    const users = await this.directory.resolveLearners(
      manager,
      people.map(({ reference }) => reference),
      connectionIds,
    );
    for (const [index, { position }] of people.entries()) {
      const user = users[index];
      if (user)
        answers[position] = { userId: user.userId, customerId: null, connectionId: user.connectionId };
    }
    const contacts = places(learners, (learner, position) =>
      answers[position] === null ? toCustomerReference(learner) : null,
    );
    const customers = await this.directory.resolveCustomers(
      manager,
      contacts.map(({ reference }) => reference),
      connectionIds,
    );
    for (const [index, { position }] of contacts.entries()) {
      const customer = customers[index];
      if (customer) answers[position] = { userId: null, ...customer };
    }
    return answers;
  }
}

/** Those of the learners that can be asked for this way, and where they stand. */
function places<T>(
  learners: readonly LearnerDto[],
  toReference: (learner: LearnerDto, position: number) => T | null,
): { position: number; reference: T }[] {
  return learners.flatMap((learner, position) => {
    const reference = toReference(learner, position);
    return reference === null ? [] : [{ position, reference }];
  });
}

function toUserReference({
  userId,
  connectionId,
  externalId,
  employeeNumber,
}: LearnerDto): LearnerReference | null {
  if (userId !== undefined) return { userId };
  if (employeeNumber !== undefined)
    return connectionId === undefined ? { employeeNumber } : { employeeNumber, connectionId };
  return connectionId !== undefined && externalId !== undefined ? { connectionId, externalId } : null;
}

function toCustomerReference({ customerId, connectionId, externalId }: LearnerDto): CustomerReference | null {
  if (customerId !== undefined) return { customerId };
  return connectionId !== undefined && externalId !== undefined ? { connectionId, externalId } : null;
}
