import { TokenError, type TrainbridgeClient } from '@trainbridge/api-client';
import { setTimeout as sleep } from 'node:timers/promises';

/** What senders wrote down outside of the system, to hold it to afterwards. */
export class Journal {
  /** Ids of all events that were ever on their way. */
  readonly sent = new Set<string>();
  /** Ids of events that were answered with a 2xx. */
  readonly acknowledged = new Set<string>();
  /** Posts that got no answer, or one that says to try again. */
  failedPosts = 0;
  /** Events the host said it had taken before: answers that a kill had swallowed. */
  repeated = 0;
}

/** One post on its way. */
interface Post {
  beganAt: number;
}

export interface SenderOptions {
  /** Begins the ids of the events; differs from one lot of senders to the next. */
  name: string;
  senders: number;
  /** Events per post. */
  batch: number;
}

const RETRY_MS = 20;
/** A post needs so long to be in the host's hands; until then it may be cut off like one that was never made. */
const ARRIVED_AFTER_MS = 50;

/**
 * Systems that post learning events without pause, each one batch after the other, and post a batch again, with the same
 * ids, until it is acknowledged: as CONTRACT asks of an LMS.
 */
export class LearningSenders {
  /** Posts without an answer yet. */
  private readonly underWay = new Set<Post>();
  private readonly unanswered = new Set<Post>();
  private readonly stopping = new AbortController();
  private readonly working: Promise<void>[] = [];
  private failure: unknown = null;
  private abandoned = false;

  constructor(
    private readonly client: TrainbridgeClient,
    private readonly options: SenderOptions,
    /** Of earlier senders to the same host, to be gone on with. */
    readonly journal = new Journal(),
  ) {}

  start(): void {
    for (let sender = 0; sender < this.options.senders; sender += 1) {
      this.working.push(this.work(sender).catch((error: unknown) => void (this.failure ??= error)));
    }
  }

  /** No new batches; resolves when the last ones are acknowledged. @throws what a sender stumbled over. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.working);
    this.check();
  }

  /** After a test that failed: no more tries either. */
  async abandon(): Promise<void> {
    this.abandoned = true;
    this.stopping.abort();
    await Promise.all(this.working);
  }

  /** @throws what a sender stumbled over: an answer that is neither a yes nor "later". */
  check(): void {
    if (this.failure) throw this.failure as Error;
  }

  /** What the host is working on at this moment; answers later how many of them it never answered. */
  inTheHostsHands(): { posts: number; unanswered: () => number } {
    const now = performance.now();
    const posts = [...this.underWay].filter(({ beganAt }) => now - beganAt > ARRIVED_AFTER_MS);
    return {
      posts: posts.length,
      unanswered: () => posts.filter((post) => this.unanswered.has(post)).length,
    };
  }

  private async work(sender: number): Promise<void> {
    for (let number = 0; !this.stopping.signal.aborted; number += 1) {
      const ids = Array.from(
        { length: this.options.batch },
        (_, index) => `${this.options.name}-${sender}-${number}-${index}`,
      );
      for (const id of ids) this.journal.sent.add(id);
      while (!(await this.post(ids))) {
        if (this.abandoned) return;
        this.journal.failedPosts += 1;
        await sleep(RETRY_MS);
      }
      for (const id of ids) this.journal.acknowledged.add(id);
    }
  }

  /** True when the whole batch was acknowledged, false when that is not known. */
  private async post(ids: readonly string[]): Promise<boolean> {
    const post: Post = { beganAt: performance.now() };
    this.underWay.add(post);
    try {
      const answer = await this.client.POST('/api/v1/learning-events', {
        body: { events: ids.map(eventOf) },
      });
      if (answer.response.status >= 500) return false;
      const { data } = answer;
      if (!data || data.rejected.length > 0) {
        throw new Refused(`${answer.response.status}: ${JSON.stringify(answer.error ?? data)}`);
      }
      this.journal.repeated += data.duplicates;
      return true;
    } catch (error) {
      if (error instanceof Refused || (error instanceof TokenError && error.status < 500)) throw error;
      this.unanswered.add(post);
      return false;
    } finally {
      this.underWay.delete(post);
    }
  }
}

class Refused extends Error {}

function eventOf(id: string) {
  return {
    id,
    type: 'course.completed' as const,
    learner: { employeeNumber: `E${id}` },
    course: { id: 'safety-2026', title: '安全生产 2026' },
    result: { completion: true, progress: 1 },
    occurredAt: '2026-03-02T08:00:00.000Z',
  };
}
