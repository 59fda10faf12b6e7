import type { ActivityLog } from '../activity-log.js';
import type { CompanyChange, Person } from '../company/index.js';
import type { Approval } from './approvals/approvals.js';
import { approvalChanged, type ApprovalAction } from './approvals/events.js';
import type { CallbackSender } from './callback-sender.js';
import type { CallbackTarget } from './callback.js';
import { contactEvents, subscriptionEvent, tagEvent, type EventContext } from './contact-events.js';
import type { VisibleRange, WecomApp } from './credentials.js';
import { customerChanged, tagChanged, type CustomerChange, type TagChange } from './customers/events.js';
import type { PlainEvent } from './event-xml.js';
import type { WecomTag } from './visibility.js';
import type { WecomWorld } from './world.js';

/** Turns what happens in the company into the events of the configured callbacks. */
export class WecomAnnouncer {
  /** Contacts sync: `change_contact`. */
  contacts: CallbackTarget | undefined;
  /** The default app: who enters and leaves its view, customers, approvals, pressed cards. */
  app: CallbackTarget | undefined;

  constructor(
    private readonly world: WecomWorld,
    private readonly defaultApp: () => WecomApp,
    private readonly sender: CallbackSender,
    private readonly log: ActivityLog,
  ) {}

  /** Something changed in the company. */
  tell(change: CompanyChange): void {
    if (this.contacts !== undefined) {
      const events = contactEvents(change, this.context(this.contacts));
      this.sender.send(this.contacts, events);
      if (events.length === 0) {
        const detail = 'the platform stays silent 平台不推送';
        this.log.add({ source: 'callback', title: change.kind, outcome: 'ok', detail });
      }
    }
    if (this.app === undefined || !('person' in change)) return;
    const before = this.wasInView(change);
    const after = change.kind !== 'person.removed' && this.isInView(change.person);
    if (before !== after) this.sendSubscription(this.app, change.person.account, after);
  }

  /** The default app's visible range changed. */
  tellRange(before: VisibleRange, after: VisibleRange): void {
    if (this.app === undefined) return;
    const was = this.world.optics.rangeLens(before);
    const is = this.world.optics.rangeLens(after);
    for (const person of this.world.company.people()) {
      const sees = is.seesPerson(person);
      if (was.seesPerson(person) !== sees) this.sendSubscription(this.app, person.account, sees);
    }
  }

  /** A tag was created or filled anew. */
  tellTag(tag: WecomTag, before: WecomTag | undefined): void {
    if (this.contacts === undefined) return;
    const accounts = (ids: number[]): string[] =>
      ids.flatMap((id) => this.world.company.personById(id)?.account ?? []);
    const added = <T>(now: Set<T>, then: Set<T> | undefined): T[] =>
      [...now].filter((item) => !then?.has(item));
    const items = {
      addUsers: accounts(added(tag.personIds, before?.personIds)),
      delUsers: accounts(added(before?.personIds ?? new Set<number>(), tag.personIds)),
      addParties: added(tag.parties, before?.parties),
      delParties: added(before?.parties ?? new Set<number>(), tag.parties),
    };
    this.sender.send(this.contacts, [tagEvent(tag, items, this.context(this.contacts))]);
  }

  /** Something happened between a member and a customer; told of members in view (sheet 4.5). */
  tellCustomer(person: Person, change: CustomerChange): void {
    if (this.defaultApp().customers && this.isInView(person))
      this.tellApp((context) =>
        customerChanged(change, { ...context, tagTypes: this.world.facts.customerTagTypes }),
      );
  }

  /** A corp tag changed in the console. */
  tellCorpTag(change: TagChange): void {
    if (this.defaultApp().customers)
      this.tellApp((context) =>
        tagChanged(change, { ...context, tagTypes: this.world.facts.customerTagTypes }),
      );
  }

  /** Something happened to an approval; told of applicants in view. */
  tellApproval(approval: Approval, action: ApprovalAction): void {
    const { facts } = this.world;
    if (this.defaultApp().approvals && this.isInView(approval.applicant))
      this.tellApp((context) => approvalChanged(approval, action, { ...context, facts }));
  }

  /** Tells the app's own callback, if there is one. */
  tellApp(eventAt: (context: { corpId: string; at: number }) => PlainEvent): void {
    if (this.app === undefined) return;
    const { corpId } = this.world;
    this.sender.send(this.app, [eventAt({ corpId, at: this.world.now() })]);
  }

  private isInView(person: Person): boolean {
    return (
      person.status !== 'disabled' && this.world.optics.rangeLens(this.defaultApp().range).seesPerson(person)
    );
  }

  private wasInView(change: Extract<CompanyChange, { person: Person }>): boolean {
    if (change.kind === 'person.created') return false;
    const { person } = change;
    const updated = change.kind === 'person.updated';
    const wasDisabled = (person.status === 'disabled') !== (updated && change.changed.includes('status'));
    if (wasDisabled) return false;
    const { range } = this.defaultApp();
    const account = (updated ? change.previousAccount : person.account).toLowerCase();
    const departmentIds = updated ? change.previousDepartmentIds : person.departmentIds;
    const lens = this.world.optics.rangeLens(range);
    return (
      range.users.some((userid) => userid.toLowerCase() === account) ||
      range.tags.some((id) => this.world.tags.get(id)?.personIds.has(person.id)) ||
      departmentIds.some((id) => lens.seesDepartment(id))
    );
  }

  private sendSubscription(target: CallbackTarget, userid: string, enters: boolean): void {
    const { corpId } = this.world;
    const event = enters ? 'subscribe' : 'unsubscribe';
    const context = { corpId, at: this.world.now() };
    this.sender.send(target, [subscriptionEvent(event, userid, this.defaultApp().agentId, context)]);
  }

  private context(target: CallbackTarget): EventContext {
    const { corpId, company, facts } = this.world;
    const { createAs } = this.sender.switches;
    return { corpId, company, facts, form: target.form, at: this.world.now(), createAs };
  }
}
