import { Injectable } from '@nestjs/common';
import { DirectoryReader, type LearnerReference } from '@trainbridge/directory';
import type { EntityManager } from 'typeorm';
import type { LearnerDto } from '../learning-event.dto.js';
import { LearnerLookup, type ResolvedLearner } from './learner-lookup.js';

/** Finds learners among the directory's users. Customers are not kept yet: theirs are held. */
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
    const askable = learners.flatMap((learner, position) => {
      const reference = toReference(learner);
      return reference ? [{ position, reference }] : [];
    });
    const found = await this.directory.resolveLearners(
      manager,
      askable.map(({ reference }) => reference),
      connectionIds,
    );
    const answers: (ResolvedLearner | null)[] = learners.map(() => null);
    for (const [index, { position }] of askable.entries()) {
      const user = found[index];
      if (user)
        answers[position] = { userId: user.userId, customerId: null, connectionId: user.connectionId };
    }
    return answers;
  }
}

function toReference({
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
