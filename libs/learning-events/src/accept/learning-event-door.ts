import { Injectable } from '@nestjs/common';
import type { Actor } from '@trainbridge/access';
import type { Language } from '@trainbridge/http-api';
import { OutgoingEvents } from '@trainbridge/persistence';
import { DataSource } from 'typeorm';
import type { AcceptedLearningEventsDto } from '../learning-event.dto.js';
import { acceptBatch, type IncomingEvent } from './accept-batch.js';
import { checkEvent, type EventProblem } from './check-event.js';
import { LearnerLookup } from './learner-lookup.js';

/** Measured: two transactions at once use the database fully; more only wait for each other. */
const TRANSACTIONS = 2;
const LARGEST_GROUP = 1_000;

interface Submission {
  incoming: IncomingEvent[];
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Where learning events come in. Requests that arrive while transactions are under way share the next one, so many small
 * requests cost what a few batches cost. Nobody is answered before his events are committed.
 */
@Injectable()
export class LearningEventDoor {
  private waiting: Submission[] = [];
  private running = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly outgoing: OutgoingEvents,
    private readonly lookup: LearnerLookup,
  ) {}

  async accept(
    items: readonly unknown[],
    actor: Actor,
    language: Language,
  ): Promise<AcceptedLearningEventsDto> {
    const outcomes: (IncomingEvent | EventProblem)[] = items.map((item) => {
      const checked = checkEvent(item, language);
      return 'code' in checked ? checked : { ...checked, actor, language, outcome: null };
    });
    const incoming = outcomes.filter((outcome): outcome is IncomingEvent => 'event' in outcome);
    if (incoming.length > 0) await this.submit(incoming);
    return summarize(outcomes);
  }

  private submit(incoming: IncomingEvent[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ incoming, resolve, reject });
      if (this.running < TRANSACTIONS) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running += 1;
    try {
      while (this.waiting.length > 0) await this.commitTogether(this.takeGroup());
    } finally {
      this.running -= 1;
    }
  }

  private takeGroup(): Submission[] {
    let events = 0;
    let count = 0;
    for (const { incoming } of this.waiting) {
      if (count > 0 && events + incoming.length > LARGEST_GROUP) break;
      events += incoming.length;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  /** A group that fails is tried again one by one: nobody is refused for his neighbour's sake. */
  private async commitTogether(group: readonly Submission[]): Promise<void> {
    try {
      await this.commit(group.flatMap(({ incoming }) => incoming));
      for (const { resolve } of group) resolve();
    } catch (error) {
      const [only] = group;
      if (group.length === 1) return only!.reject(error);
      for (const submission of group) await this.commitTogether([submission]);
    }
  }

  private async commit(incoming: readonly IncomingEvent[]): Promise<void> {
    await this.dataSource.transaction((manager) =>
      acceptBatch(manager, this.lookup, this.outgoing, incoming),
    );
  }
}

function summarize(outcomes: readonly (IncomingEvent | EventProblem)[]): AcceptedLearningEventsDto {
  const summary: AcceptedLearningEventsDto = { accepted: 0, duplicates: 0, held: 0, rejected: [] };
  for (const [index, one] of outcomes.entries()) {
    const outcome = 'event' in one ? one.outcome : one;
    if (outcome === 'accepted') summary.accepted += 1;
    else if (outcome === 'held') summary.held += 1;
    else if (outcome === 'duplicate') summary.duplicates += 1;
    else if (outcome !== null) summary.rejected.push({ index, code: outcome.code, detail: outcome.detail });
  }
  return summary;
}
