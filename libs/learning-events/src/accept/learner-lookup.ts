import type { EntityManager } from 'typeorm';
import type { LearnerDto } from '../learning-event.dto.js';

/** Who a learner is to the directory. */
export interface ResolvedLearner {
  userId: string | null;
  customerId: string | null;
  connectionId: string | null;
}

/** Finds learners in the directory; injectable by this class. */
export abstract class LearnerLookup {
  /** One answer for each reference, in order; null: nobody, or more than one, is meant by it. */
  abstract resolve(
    manager: EntityManager,
    learners: readonly LearnerDto[],
  ): Promise<(ResolvedLearner | null)[]>;
}
