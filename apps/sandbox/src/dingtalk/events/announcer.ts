import type { CompanyChange } from '../../company/index.js';
import type { DingtalkFacts } from '../facts.js';
import type { HttpCallbacks } from './http-callbacks.js';
import { bundled, contactEvents, type PlainEvent } from './plain-event.js';
import type { StreamGateway } from './stream-gateway.js';

/** How announcements misbehave, on whichever channel. */
export interface AnnouncementSwitches {
  /** Extra copies of each event, with the same event id. */
  duplicates: number;
  /** Events of one moment arrive in reverse order. */
  reorder: boolean;
  /** The next events that are lost. */
  dropNext: number;
  /** Events of one kind and moment arrive as one with several ids, as after a bulk edit. */
  bundle: boolean;
}

export const defaultSwitches: AnnouncementSwitches = {
  duplicates: 0,
  reorder: false,
  dropNext: 0,
  bundle: false,
};

/** Turns what happens in the company into events, and tells them on whichever channel is on. */
export class Announcer {
  readonly switches: AnnouncementSwitches = { ...defaultSwitches };
  private held: PlainEvent[] = [];
  private released: Promise<void> | undefined;

  constructor(
    private readonly facts: DingtalkFacts,
    private readonly callbacks: HttpCallbacks,
    private readonly stream: StreamGateway,
    private readonly now: () => number,
  ) {}

  /** Something changed in the company. */
  tellChange(change: CompanyChange): void {
    if (change.origin === 'api' && !this.facts.announcesApiChanges) return;
    this.tell(contactEvents(change, this.now()));
  }

  tell(events: readonly PlainEvent[]): void {
    for (const event of events) {
      if (this.switches.dropNext > 0) this.switches.dropNext -= 1;
      else this.held.push(event);
    }
    if (this.switches.reorder || this.switches.bundle) {
      // What happens in one turn of the event loop is one moment.
      this.released ??= new Promise((resolve) => setImmediate(resolve)).then(() => this.release());
    } else this.release();
  }

  /** Resolves when nothing is held back. */
  async idle(): Promise<void> {
    await this.released;
  }

  private release(): void {
    const events = this.switches.bundle ? bundled(this.held) : this.held;
    this.held = [];
    this.released = undefined;
    for (const event of this.switches.reorder ? [...events].reverse() : events) {
      for (let copy = 0; copy <= this.switches.duplicates; copy += 1) {
        this.callbacks.send(event);
        if (copy === 0) this.stream.send(event);
        else this.stream.repeat(event);
      }
    }
  }
}
