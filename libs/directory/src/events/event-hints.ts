import type { DuePlatformEvent } from '@trainbridge/connections';
import { storable } from '../sync/sql.js';
import { keyOf } from '../sync/stage/fields.js';

const MAX_ID_LENGTH = 256;

/** One person or department to be read again. */
export interface Hint {
  /** As an event spelled it first. */
  id: string;
  /** The platform said that it left or was removed, and nothing later about it. */
  left: boolean;
}

export interface Rename {
  eventId: string;
  previousId: string;
  newId: string;
}

/** What a batch of events asks for, everything once. */
export interface EventHints {
  /** By the id without case: the way platforms compare ids of people. */
  users: Map<string, Hint>;
  departments: Map<string, Hint>;
  /** In the order they happened. */
  renames: Rename[];
}

/** The ids of an event that can be ids at all; callbacks are hostile. */
export function idsOf(event: Pick<DuePlatformEvent, 'ids'>): string[] {
  return event.ids.filter(isId);
}

/** Merges what many events say about the same people and departments, in whatever order and however often they came. */
export function hintsOf(events: readonly DuePlatformEvent[]): EventHints {
  const users = new Map<string, Hint>();
  const departments = new Map<string, Hint>();
  const renames: Rename[] = [];
  // By the platform's clock, and as they came within its second.
  const inOrder = [...events].sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime());
  const saidToHaveLeft = latestLeaves(inOrder);
  for (const event of inOrder) {
    const isUser = event.kind.startsWith('user.');
    const isDepartment = event.kind === 'department.changed' || event.kind === 'department.removed';
    if (!isUser && !isDepartment) continue;
    for (const id of idsOf(event)) {
      const [hints, key] = isUser ? [users, keyOf(id)] : [departments, id];
      if (!hints.has(key)) hints.set(key, { id, left: saidToHaveLeft.has(`${isUser}:${key}`) });
    }
    const [newId] = idsOf(event);
    if (
      event.kind === 'user.renamed' &&
      newId !== undefined &&
      event.previousId !== null &&
      isId(event.previousId)
    ) {
      renames.push({ eventId: event.id, previousId: event.previousId, newId });
    }
  }
  return { users, departments, renames };
}

/** Whom a leave event is about, unless a change happened in a later second: then the leaver is back, or was never gone. */
function latestLeaves(inOrder: readonly DuePlatformEvent[]): Set<string> {
  const leftAt = new Map<string, number>();
  for (const event of inOrder) {
    const isUser = event.kind.startsWith('user.');
    const at = event.occurredAt.getTime();
    for (const id of idsOf(event)) {
      const key = `${isUser}:${isUser ? keyOf(id) : id}`;
      if (event.kind === 'user.left' || event.kind === 'department.removed') leftAt.set(key, at);
      else if (at > (leftAt.get(key) ?? at)) leftAt.delete(key);
    }
  }
  return new Set(leftAt.keys());
}

function isId(id: unknown): id is string {
  return typeof id === 'string' && id.trim() !== '' && id.length <= MAX_ID_LENGTH && storable(id) === id;
}
