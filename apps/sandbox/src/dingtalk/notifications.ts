import { createHash } from 'node:crypto';

/** Why a recipient did not get a notification, as `getsendresult` tells it (asynchronous-sending-of-enterprise-session-messages). */
export type ForbiddenCode = '143103' | '143105' | '143106';

/** A work notification that was accepted. */
export interface Notification {
  taskId: number;
  at: number;
  msg: Record<string, unknown>;
  /** Userids it reached. */
  reached: string[];
  forbidden: { userid: string; code: ForbiddenCode }[];
  invalidUsers: string[];
  invalidDepartments: number[];
  recalled: boolean;
}

/** How many notifications people and the app may get (asynchronous-sending-of-enterprise-session-messages). 0 = no limit. */
export interface NotificationLimits {
  perPersonAndDay: number;
  recipientsPerMinute: number;
}

const defaultNotificationLimits: NotificationLimits = { perPersonAndDay: 500, recipientsPerMinute: 5000 };

const minute = 60_000;
const chinaOffset = 8 * 3_600_000;
const day = 24 * 3_600_000;

/** Accepts notifications. Whoever is over a limit is dropped in silence: the call still answers success. */
export class Notifications {
  readonly sent: Notification[] = [];
  readonly limits = { ...defaultNotificationLimits };
  private readonly byTask = new Map<number, Notification>();
  private readonly today = { day: -1, perPerson: new Map<string, number>(), contents: new Set<string>() };
  private readonly thisMinute = { startedAt: 0, recipients: 0 };

  constructor(private readonly now: () => number) {}

  send(
    msg: Record<string, unknown>,
    recipients: readonly string[],
    invalid: { users: string[]; departments: number[] },
  ): Notification {
    const content = createHash('sha1').update(JSON.stringify(msg)).digest('hex');
    const notification: Notification = {
      taskId: 5_000_000_000 + this.sent.length + 1,
      at: this.now(),
      msg,
      reached: [],
      forbidden: [],
      invalidUsers: invalid.users,
      invalidDepartments: invalid.departments,
      recalled: false,
    };
    this.turnPages();
    for (const userid of recipients) {
      const code = this.refusal(userid, content);
      if (code === undefined) notification.reached.push(userid);
      else notification.forbidden.push({ userid, code });
    }
    this.sent.push(notification);
    this.byTask.set(notification.taskId, notification);
    return notification;
  }

  get(taskId: number): Notification | undefined {
    return this.byTask.get(taskId);
  }

  /** Why this person does not get it; counts it when they do. */
  private refusal(userid: string, content: string): ForbiddenCode | undefined {
    const { perPersonAndDay, recipientsPerMinute } = this.limits;
    const got = this.today.perPerson.get(userid) ?? 0;
    if (this.today.contents.has(`${userid} ${content}`)) return '143106';
    if (perPersonAndDay > 0 && got >= perPersonAndDay) return '143105';
    if (recipientsPerMinute > 0 && this.thisMinute.recipients >= recipientsPerMinute) return '143103';
    this.today.contents.add(`${userid} ${content}`);
    this.today.perPerson.set(userid, got + 1);
    this.thisMinute.recipients += 1;
    return undefined;
  }

  private turnPages(): void {
    const now = this.now();
    const date = Math.floor((now + chinaOffset) / day);
    if (date !== this.today.day) {
      this.today.day = date;
      this.today.perPerson.clear();
      this.today.contents.clear();
    }
    if (now >= this.thisMinute.startedAt + minute)
      Object.assign(this.thisMinute, { startedAt: now, recipients: 0 });
  }
}

/** What a person reads of a message: the texts of its kind, one below the other. */
export function textOf(msg: Record<string, unknown>): string {
  const kind = String(msg.msgtype);
  const content = (msg[kind] ?? {}) as Record<string, unknown>;
  const body = (content.body ?? {}) as Record<string, unknown>;
  return [content.title, content.content, content.text, content.markdown, body.title, body.content]
    .filter((piece): piece is string => typeof piece === 'string' && piece !== '')
    .join('\n');
}
