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
  /**
   * One answer for each reference, in order; null: nobody, or more than one, is meant by it.
   *
   * @param connectionIds the only connections there are for whoever asks; null for all. The same employee number in two
   *   companies names one person for a client of one of them.
   */
  abstract resolve(
    manager: EntityManager,
    learners: readonly LearnerDto[],
    connectionIds: readonly string[] | null,
  ): Promise<(ResolvedLearner | null)[]>;
}

/** Items of one key together, in their order: one lookup for all who see the same connections. */
export function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}
