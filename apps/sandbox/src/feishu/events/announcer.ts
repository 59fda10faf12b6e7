import type { ActivityLog } from '../../activity-log.js';
import type { CompanyChange } from '../../company/index.js';
import type { ContactRange } from '../app.js';
import type { FeishuWorld } from '../world.js';
import { contactEvents, scopeEvent } from './contact-events.js';
import { Courier } from './courier.js';
import type { PlainEvent } from './envelope.js';
import { ConnectionChannel } from './long-connection.js';
import { Memory } from './memory.js';
import { UrlChannel, type RequestUrl, type VerificationResult } from './request-url.js';

/**
 * Tells what happens on the channel that is on: the request URL once one is saved, else the long connections once the
 * first was opened.
 */
export class FeishuAnnouncer {
  readonly courier: Courier;
  readonly connections: ConnectionChannel;
  private readonly requestUrl: UrlChannel;
  private memory: Memory | undefined;

  constructor(
    private readonly world: FeishuWorld,
    /** The app's own verification token; a request URL can be saved with another. */
    verificationToken: string,
    log: ActivityLog,
  ) {
    this.courier = new Courier(world, () => this.target?.verificationToken ?? verificationToken, log);
    const { switches } = this.courier;
    this.requestUrl = new UrlChannel(world.facts, switches, () => world.now(), log);
    this.connections = new ConnectionChannel(switches, log, () => this.remember());
  }

  /** The request URL events go to. */
  get target(): RequestUrl | undefined {
    return this.requestUrl.target;
  }

  /** Nothing happens without a channel, or when the app did not subscribe the type. */
  announce(event: PlainEvent): void {
    const connections = this.connections.chosen ? this.connections : undefined;
    const channel = this.target === undefined ? connections : this.requestUrl;
    const subscribed = this.world.app.events?.includes(event.type) ?? true;
    if (channel !== undefined && subscribed) this.courier.send(channel, event);
  }

  /** Something changed in the company. */
  tell(change: CompanyChange): void {
    if (this.memory === undefined) return;
    for (const event of contactEvents(change, this.world, this.memory)) this.announce(event);
  }

  /** The contact range is another one now. */
  tellRange(before: ContactRange, after: ContactRange): void {
    this.announce(scopeEvent(before, after, this.world));
  }

  /** Saves a request URL, as the console does: only when it passes the check. */
  async save(target: RequestUrl, verify: boolean): Promise<VerificationResult> {
    const result = verify ? await this.requestUrl.verify(target) : { ok: true, durationMs: 0 };
    if (result.ok) {
      this.requestUrl.target = target;
      this.remember();
    }
    return result;
  }

  forgetUrl(): void {
    this.requestUrl.target = undefined;
  }

  close(): void {
    this.forgetUrl();
    this.courier.close();
    this.requestUrl.close();
    this.connections.close();
  }

  /** Updates tell old values: they are kept from the first channel on. */
  private remember(): void {
    this.memory ??= new Memory(this.world.company);
  }
}
