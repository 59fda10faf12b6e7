import { createHash } from 'node:crypto';
import type { ExternalId, TodoItem } from '@trainbridge/connector-kit';
import type { ConnectionSettings } from '@trainbridge/connections';
import { isWebAddress } from '../fields.js';
import { OPEN_STATUSES, type EnrollmentStatus } from '../enrollments/enrollment-status.js';
import type { TodoStatus } from '../enrollments/enrollment.dto.js';

/** A due to-do with all it takes to tell the platform. */
export interface DueTodo {
  enrollmentId: string;
  status: TodoStatus;
  externalRef: string | null;
  generation: number;
  wantedNo: number;
  attempts: number;
  shownHash: string | null;
  enrollmentStatus: EnrollmentStatus;
  dueAt: Date | null;
  assignmentId: string;
  courseId: string;
  userId: string;
  title: string;
  url: string | null;
  isMandatory: boolean;
  /** Whether the connection has to-dos, read together with this one: settings read before may be older than the to-do. */
  isEnabled: boolean;
  /** Null when the directory does not know the person any more. */
  recipientExternalId: string | null;
  recipientExternalIds: ExternalId[] | null;
}

export interface CloseItem {
  key: string;
  externalRef: string;
  recipientExternalId: string;
  outcome: 'completed' | 'withdrawn';
}

/** What has to be done about a due to-do. */
export type TodoStep =
  | { kind: 'upsert'; item: TodoItem; hash: string; generation: number }
  | { kind: 'close'; item: CloseItem }
  /** The platform shows what it should. */
  | { kind: 'settled' }
  /** It ended before the platform ever heard of it. */
  | { kind: 'forget' }
  /** It cannot be shown, and why. */
  | { kind: 'impossible'; message: string };

type Settings = Pick<ConnectionSettings, 'todos' | 'locale' | 'timezone'>;

export function stepFor(todo: DueTodo, settings: Settings): TodoStep {
  const { externalRef, recipientExternalId } = todo;
  if (!OPEN_STATUSES.includes(todo.enrollmentStatus)) {
    if (externalRef === null) return todo.status === 'pending' ? { kind: 'forget' } : { kind: 'settled' };
    if (todo.status === 'closed' || recipientExternalId === null) return { kind: 'settled' };
    const outcome = ['completed', 'passed'].includes(todo.enrollmentStatus) ? 'completed' : 'withdrawn';
    return {
      kind: 'close',
      item: { key: keyOf(todo.enrollmentId, todo.generation), externalRef, recipientExternalId, outcome },
    };
  }
  if (!todo.isEnabled) return externalRef === null ? { kind: 'forget' } : { kind: 'settled' };
  if (recipientExternalId === null)
    return { kind: 'impossible', message: 'the directory does not know this person any more' };
  const url = addressOf(todo, settings.todos.urlTemplate);
  if (url === null) {
    return {
      kind: 'impossible',
      message:
        'there is no address to lead to: give the course or the assignment a url, or set todos.urlTemplate',
    };
  }
  // A to-do that was closed is not opened again by platforms: the person gets a new one, under a new key.
  const isAnew = todo.status === 'closed';
  const generation = todo.generation + (isAnew ? 1 : 0);
  const item: TodoItem = {
    key: keyOf(todo.enrollmentId, generation),
    ...(externalRef !== null && !isAnew && { externalRef }),
    recipientExternalId,
    recipientExternalIds: todo.recipientExternalIds ?? [],
    title: todo.title,
    description: describe(todo, settings),
    url,
    ...(todo.dueAt && { dueAt: todo.dueAt.toISOString() }),
  };
  const hash = createHash('md5')
    .update(JSON.stringify([item.title, item.description, url, item.dueAt]))
    .digest('hex');
  if (todo.status === 'open' && todo.shownHash === hash) return { kind: 'settled' };
  return { kind: 'upsert', item, hash, generation };
}

/** Letters, digits, underscores: what every platform takes as a key. */
function keyOf(enrollmentId: string, generation: number): string {
  return generation === 0 ? enrollmentId : `${enrollmentId}_${generation}`;
}

/** `{enrollmentId}`, `{courseId}`, `{assignmentId}` and `{userId}` of the template are filled in; without one, the assignment's. */
function addressOf(todo: DueTodo, template: string | null): string | null {
  if (template === null) return todo.url;
  const values: Record<string, string> = {
    enrollmentId: todo.enrollmentId,
    courseId: todo.courseId,
    assignmentId: todo.assignmentId,
    userId: todo.userId,
  };
  const url = template.replace(/\{(\w+)\}/g, (text, name: string) =>
    Object.hasOwn(values, name) ? encodeURIComponent(values[name]!) : text,
  );
  return isWebAddress(url) ? url : null;
}

/** Two or three short facts in the connection's language, the date as people there read it. */
function describe({ dueAt, isMandatory }: DueTodo, { locale, timezone }: Settings): string {
  const due = dueAt?.toLocaleString(locale === 'en' ? 'en-GB' : 'zh-CN', {
    timeZone: timezone,
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  if (locale === 'en') {
    const what = isMandatory ? 'Mandatory course' : 'Course';
    return due === undefined ? what : `${what}, due ${due}`;
  }
  const what = isMandatory ? '必修课程' : '学习课程';
  return due === undefined ? what : `${what}，截止时间：${due}`;
}
