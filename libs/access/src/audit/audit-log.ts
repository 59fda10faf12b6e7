import { Injectable } from '@nestjs/common';
import type { JsonObject } from '@trainbridge/connector-kit';
import { newId } from '@trainbridge/persistence';
import type { EntityManager } from 'typeorm';
import type { Caller } from '../actor.js';
import { changedFields, withoutSecrets } from './redact.js';

export interface AuditEntry extends Partial<Pick<Caller, 'ip' | 'requestId'>> {
  /** Who did it; `system` for what the host does by itself. */
  actor: { kind: 'admin' | 'client' | 'system'; clientId: string | null; name: string };
  /** What was done, such as `client.created`. */
  action: string;
  subject: { type: string; id: string };
  /** The connection it concerns: clients limited to some connections see only entries of those. */
  connectionId?: string | null;
  /** Plain JSON (or what becomes it). With both sides, only the fields that differ are kept. */
  before?: object;
  after?: object;
}

/** Who changed what, from where. Written in the transaction of the change, so neither exists without the other. */
@Injectable()
export class AuditLog {
  /** Secrets are left out whatever is handed in. */
  async record(manager: EntityManager, entry: AuditEntry): Promise<void> {
    const { before, after } = sides(entry);
    await manager.query(
      `insert into audit_entries
         (id, actor_kind, client_id, actor_name, action, subject_type, subject_id, connection_id, before, after, ip, request_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10::jsonb, $11, $12)`,
      [
        newId('aud'),
        entry.actor.kind,
        entry.actor.clientId,
        entry.actor.name,
        entry.action,
        entry.subject.type,
        entry.subject.id,
        entry.connectionId ?? null,
        before && JSON.stringify(before),
        after && JSON.stringify(after),
        entry.ip ?? null,
        entry.requestId ?? null,
      ],
    );
  }
}

function sides(entry: AuditEntry): { before: JsonObject | null; after: JsonObject | null } {
  const before = entry.before ? toJson(entry.before) : null;
  const after = entry.after ? toJson(entry.after) : null;
  // Compared before redaction: that a secret was changed is worth knowing.
  const shown = before && after ? changedFields(before, after) : { before, after };
  return {
    before: shown.before && withoutSecrets(shown.before),
    after: shown.after && withoutSecrets(shown.after),
  };
}

function toJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
