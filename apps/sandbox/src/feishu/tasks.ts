import type { Person } from '../company/index.js';
import { codeOf } from './approvals.js';
import type { PlainEvent } from './events/envelope.js';
import type { FeishuFacts } from './facts.js';

/** Somebody on a task; the app itself can be one too. */
export interface TaskMember {
  who: Person | 'app';
  role: 'assignee' | 'follower';
}

/** A point in time of a task, milliseconds as text. */
export interface TaskTime {
  timestamp: string;
  is_all_day: boolean;
}

/** A task the app created (task-v2/task). */
export interface Task {
  guid: string;
  taskId: string;
  summary: string;
  description: string;
  due: TaskTime | undefined;
  start: TaskTime | undefined;
  origin: unknown;
  extra: string;
  mode: number;
  members: TaskMember[];
  /** `0` while open. */
  completedAt: string;
  createdAt: number;
  updatedAt: number;
}

export type TaskChange =
  | 'task_create' | 'task_deleted' | 'task_summary_update' | 'task_desc_update' | 'task_assignees_update'
  | 'task_followers_update' | 'task_start_due_update' | 'task_completed_update'; // prettier-ignore

/** `obj_type` of the first generation of task events; a creation has none. */
const objectTypes: Readonly<Partial<Record<TaskChange, number>>> = {
  task_summary_update: 1,
  task_desc_update: 1,
  task_start_due_update: 1,
  task_assignees_update: 2,
  task_followers_update: 3,
  task_deleted: 7,
};

const completed = 5;
const reopened = 6;
const tokenLifetimeMs = 5 * 60_000;

/** Tasks, and the events of them. */
export class Tasks {
  /** Set by `task_subscription`: without it there are no events of the second generation. */
  subscribed = false;
  /** Tasks that were deleted: gone for the API, remembered for whoever looks at the sandbox. */
  readonly deleted: Task[] = [];
  private readonly byGuid = new Map<string, Task>();
  private readonly byToken = new Map<string, { task: Task; until: number }>();
  private created = 0;

  constructor(
    private readonly facts: FeishuFacts,
    private readonly now: () => number,
    private readonly announce: (event: PlainEvent) => void,
  ) {}

  get(guid: string): Task | undefined {
    return this.byGuid.get(guid);
  }

  all(): readonly Task[] {
    return [...this.byGuid.values()];
  }

  /** The same client token within five minutes of a success answers the same task. */
  create(
    draft: Omit<Task, 'guid' | 'taskId' | 'createdAt' | 'updatedAt'>,
    clientToken: string | undefined,
  ): Task {
    const now = this.now();
    const known = clientToken === undefined ? undefined : this.byToken.get(clientToken);
    if (known !== undefined && known.until > now) return known.task;
    this.created += 1;
    const guid = codeOf(`task ${this.created}`).toLowerCase();
    const taskId = `t${100_000 + this.created}`;
    const task: Task = { ...draft, guid, taskId, createdAt: now, updatedAt: now };
    this.byGuid.set(guid, task);
    if (clientToken !== undefined) this.byToken.set(clientToken, { task, until: now + tokenLifetimeMs });
    this.tell(task, ['task_create']);
    return task;
  }

  /** Applies a change and tells of it. */
  change(task: Task, edit: Partial<Task>, changes: TaskChange[]): void {
    Object.assign(task, edit, { updatedAt: this.now() });
    this.tell(task, changes);
  }

  remove(task: Task): void {
    this.byGuid.delete(task.guid);
    this.deleted.push(task);
    this.tell(task, ['task_deleted']);
  }

  private tell(task: Task, changes: TaskChange[]): void {
    const about = task.guid;
    const task_id = this.facts.taskEventId === 'guid' ? task.guid : task.taskId;
    for (const change of changes) {
      const done = task.completedAt === '0' ? reopened : completed;
      const obj_type = change === 'task_completed_update' ? done : objectTypes[change];
      if (obj_type === undefined) continue;
      this.announce({ type: 'task.task.updated_v1', about, version: 2, event: { task_id, obj_type } });
    }
    if (!this.subscribed) return;
    const event = { event_types: changes, task_guid: task.guid };
    this.announce({ type: 'task.task.update_user_access_v2', about, version: 2, event });
  }
}
