import { randomBytes } from 'node:crypto';
import type { DingtalkFacts } from './facts.js';

/** A to-do task; people by union id. */
export interface TodoTask {
  id: string;
  /** The app that made it: others may not touch it. */
  bizTag: string;
  sourceId: string;
  subject: string;
  description: string;
  dueTime: number | undefined;
  detailUrl: { appUrl: string; pcUrl: string } | undefined;
  priority: number;
  creator: string;
  /** In whose list it was made: the `unionId` of the path. */
  owner: string;
  participants: string[];
  /** Executor → whether they finished it. */
  executors: Map<string, boolean>;
  done: boolean;
  removed: boolean;
  createdTime: number;
  modifiedTime: number;
}

/** All to-dos, oldest first; removed ones are kept, as people saw them. */
export class Todos {
  private readonly byId = new Map<string, TodoTask>();
  private readonly bySource = new Map<string, TodoTask>();

  constructor(
    private readonly facts: DingtalkFacts,
    private readonly now: () => number,
  ) {}

  /** `undefined` when the app used the source id before. */
  create(
    task: Omit<TodoTask, 'id' | 'done' | 'removed' | 'createdTime' | 'modifiedTime'>,
  ): TodoTask | undefined {
    const source = sourceKey(task.bizTag, task.sourceId);
    const twin = task.sourceId === '' ? undefined : this.bySource.get(source);
    if (twin !== undefined && !(twin.removed && this.facts.todoSourceFreedByDelete)) return undefined;
    const now = this.now();
    const full: TodoTask = {
      ...task,
      id: `task${randomBytes(12).toString('hex')}`,
      done: false,
      removed: false,
      createdTime: now,
      modifiedTime: now,
    };
    this.byId.set(full.id, full);
    if (full.sourceId !== '') this.bySource.set(source, full);
    return full;
  }

  /** One that was not removed. */
  get(id: string): TodoTask | undefined {
    const task = this.byId.get(id);
    return task?.removed === true ? undefined : task;
  }

  bySourceId(bizTag: string, sourceId: string): TodoTask | undefined {
    const task = this.bySource.get(sourceKey(bizTag, sourceId));
    return task?.removed === true ? undefined : task;
  }

  all(): TodoTask[] {
    return [...this.byId.values()];
  }

  /** `done` for everybody, or per executor; a task all finished is done. */
  mark(task: TodoTask, done: boolean | ReadonlyMap<string, boolean>): void {
    for (const executor of task.executors.keys())
      task.executors.set(
        executor,
        typeof done === 'boolean' ? done : (done.get(executor) ?? task.executors.get(executor) ?? false),
      );
    task.done =
      typeof done === 'boolean'
        ? done
        : task.executors.size > 0 && [...task.executors.values()].every((finished) => finished);
    this.touch(task);
  }

  touch(task: TodoTask): void {
    task.modifiedTime = this.now();
  }

  remove(task: TodoTask): void {
    task.removed = true;
    this.touch(task);
  }
}

function sourceKey(bizTag: string, sourceId: string): string {
  return JSON.stringify([bizTag, sourceId]);
}
