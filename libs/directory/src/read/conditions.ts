import type { Actor } from '@trainbridge/access';
import { invalid } from '@trainbridge/http-api';

/** Conditions of one statement, joined by `and`, and the values they name as `$1`, `$2` … */
export class Conditions {
  readonly values: unknown[] = [];
  private readonly all: string[] = [];

  /** A value's place in the statement, such as `$3`. */
  value(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  and(condition: string): void {
    this.all.push(condition);
  }

  /** Adds what `condition` says about the value's place; nothing when there is no value. */
  andIf(value: unknown, condition: (place: string) => string): void {
    if (value !== undefined) this.and(condition(this.value(value)));
  }

  get sql(): string {
    return this.all.length === 0 ? 'true' : this.all.join(' and ');
  }
}

/** The connections a list is about: those the caller may see, or the one of them that was asked for; null for all. */
export function connectionsOf(actor: Actor, asked: string | undefined): string[] | null {
  const allowed = actor.connectionIds;
  if (asked === undefined) return allowed === null ? null : [...new Set(allowed)];
  return allowed === null || allowed.includes(asked) ? [asked] : [];
}

/**
 * SQL of a page of the records `r` of some connections, in order of `key`, from `after` on. Only stretches of those
 * connections in the index (connection_id, key) are read, however many records of others lie between. The bounds are
 * written as they are because with a plain `connection_id = …` the planner would rather walk all records by key and
 * skip those of others, believing that they are evenly mixed.
 */
export function pageOfConnections(
  { table, key, where }: { table: string; key: string; where: string },
  places: { connections: string; after: string; limit: string },
): string {
  return `select r.* from unnest(${places.connections}::text[]) c(id) cross join lateral (
      select r.* from ${table} r
      where (r.connection_id, r.${key}) > (c.id, ${places.after}) and r.connection_id <= c.id and ${where}
      order by r.connection_id, r.${key} limit ${places.limit}) r
    order by r.${key} limit ${places.limit}`;
}

/** `open_id:ou_1` names another id of a kind the platform has; any text may also be a platform's main id. */
export function otherIdOf(externalId: string): { type: string; value: string } | null {
  const colon = externalId.indexOf(':');
  return colon < 1 ? null : { type: externalId.slice(0, colon), value: externalId.slice(colon + 1) };
}

/** @throws {ProblemError} 400 for what is no time of this millennium or the last one. */
export function timeOf(text: string | undefined, path: string): string | undefined {
  if (text === undefined) return undefined;
  const time = new Date(text);
  const readable = !Number.isNaN(time.getTime()) && /^[12]\d{3}-/.test(text);
  if (readable) return time.toISOString();
  throw invalid([{ path, message: { en: 'must be an ISO 8601 time', 'zh-CN': '必须是 ISO 8601 时间' } }]);
}
