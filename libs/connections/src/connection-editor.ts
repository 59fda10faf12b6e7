import { Injectable } from '@nestjs/common';
import { AuditLog, type Caller } from '@trainbridge/access';
import type { Connector, JsonObject } from '@trainbridge/connector-kit';
import { validateConfig } from '@trainbridge/connector-runtime';
import { Expressions } from '@trainbridge/expressions';
import { invalid, ProblemError } from '@trainbridge/http-api';
import { newId } from '@trainbridge/persistence';
import { DataSource } from 'typeorm';
import type { Connection } from './connection.js';
import { ConnectionStore, type StoredConnection } from './connection-store.js';
import { Connectors } from './connectors/connectors.js';
import type { CreateConnectionBody, UpdateConnectionBody } from './dto/connection.dto.js';
import type { ConnectionSettingsBody } from './dto/connection-settings.dto.js';
import { ConnectionChanges } from './hooks/connection-changes.js';
import { ConnectionDeletion, type PeopleDecision } from './hooks/connection-deletion.js';
import { ConnectionStatsSources } from './hooks/connection-stats.js';
import { changedIdentity, joinConfig, mergePatch, splitConfig } from './secrets/split-config.js';
import { maskedProxyUrl, type StoredSettings } from './settings/connection-settings.js';
import { checkMapping } from './settings/mapping-check.js';
import { checkResults, checkTodos } from './settings/write-back-check.js';

/** Settings that travel and are stored as they were given. */
export const STORED_SETTINGS = [
  'timezone',
  'locale',
  'mapping',
  'guard',
  'todos',
  'results',
  'detailCalls',
  'listen',
] as const satisfies readonly (keyof StoredSettings)[];

/** Creates, changes and deletes connections; every change is audited in its own transaction. */
@Injectable()
export class ConnectionEditor {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: ConnectionStore,
    private readonly connectors: Connectors,
    private readonly expressions: Expressions,
    private readonly deletion: ConnectionDeletion,
    private readonly stats: ConnectionStatsSources,
    private readonly changes: ConnectionChanges,
    private readonly audit: AuditLog,
  ) {}

  /** @throws {ProblemError} 400 naming the path of what is wrong, such as `/config/corpId`. */
  async create(caller: Caller, body: CreateConnectionBody): Promise<Connection> {
    const connector = this.connectors.find(body.connector);
    if (!connector) throw invalid([unknownConnector()]);
    const { open, secret } = this.validated(connector, body.config);
    const id = newId('con');
    const settings = this.mergedSettings(connector, {}, body);
    const secrets = { config: secret, proxyUrl: newProxyUrl(null, body.proxyUrl) };
    const created = await this.dataSource.transaction(async (manager) => {
      await this.store.insert(manager, {
        id,
        name: body.name,
        connector: body.connector,
        config: open,
        secrets,
        settings,
      });
      const stored = await this.store.require(id, { manager });
      await this.audit.record(manager, {
        ...caller,
        action: 'connection.created',
        subject: { type: 'connection', id },
        connectionId: id,
        after: auditView(stored),
      });
      return this.store.toConnection(stored);
    });
    await this.changes.tell(id);
    return created;
  }

  /**
   * Merges the body into what is stored; with `replace` the settings become the body's, defaults where it says nothing.
   * @throws {ProblemError} 409 `identity_immutable` when it would point the connection at another tenant.
   */
  async update(
    caller: Caller,
    id: string,
    body: UpdateConnectionBody,
    settings: 'merge' | 'replace' = 'merge',
  ): Promise<Connection> {
    const changed = await this.dataSource.transaction(async (manager) => {
      const before = await this.store.require(id, { manager, lock: true });
      const parts = body.config
        ? this.changedConfig(before, body.config)
        : { open: before.config, secret: before.secrets.config };
      await this.store.update(manager, {
        id,
        name: body.name ?? before.name,
        config: parts.open,
        secrets: { config: parts.secret, proxyUrl: newProxyUrl(before.secrets.proxyUrl, body.proxyUrl) },
        settings: this.mergedSettings(
          this.connectors.find(before.connector),
          settings === 'merge' ? before.settings : {},
          body,
        ),
      });
      const after = await this.store.require(id, { manager });
      await this.audit.record(manager, {
        ...caller,
        action: 'connection.updated',
        subject: { type: 'connection', id },
        connectionId: id,
        before: auditView(before),
        after: auditView(after),
      });
      return this.store.toConnection(after);
    });
    await this.changes.tell(id);
    return changed;
  }

  /** @throws {ProblemError} 400 when the connection has people and nobody said what becomes of them. */
  async remove(caller: Caller, id: string, people: PeopleDecision | undefined): Promise<void> {
    await this.store.require(id);
    if (people === undefined && (await this.hasPeople(id))) throw undecidedPeople();
    await this.dataSource.transaction(async (manager) => {
      const before = await this.store.require(id, { manager, lock: true });
      await this.deletion.run(manager, id, people ?? 'erase');
      await this.store.remove(manager, id);
      await this.audit.record(manager, {
        ...caller,
        action: 'connection.deleted',
        subject: { type: 'connection', id },
        connectionId: id,
        before: { ...auditView(before), people: people ?? 'none' },
      });
    });
    await this.changes.tell(id);
  }

  private changedConfig(
    before: StoredConnection,
    patch: JsonObject,
  ): { open: JsonObject; secret: JsonObject } {
    const connector = this.connectors.require(before.connector);
    const whole = joinConfig(before.config, before.secrets.config);
    const merged = mergePatch(whole, patch);
    const changed = changedIdentity(connector.configSchema, whole, merged);
    if (changed.length === 0) return this.validated(connector, merged);
    throw new ProblemError('identity_immutable', {
      errors: changed.map((name) => ({
        path: `/config/${name}`,
        message: { en: 'cannot be changed', 'zh-CN': '不可修改' },
      })),
    });
  }

  /** What is stored is what was given: defaults are filled in at each use, so that a better default reaches everybody. */
  private validated(connector: Connector, config: JsonObject): { open: JsonObject; secret: JsonObject } {
    const result = validateConfig(connector, config);
    if (!result.ok) throw invalid(result.errors);
    return splitConfig(connector.configSchema, config);
  }

  private mergedSettings(
    connector: Connector | null,
    before: StoredSettings,
    body: ConnectionSettingsBody,
  ): StoredSettings {
    const patch: Record<string, unknown> = {};
    for (const name of STORED_SETTINGS) {
      const value = body[name];
      if (value !== undefined) patch[name] = JSON.parse(JSON.stringify(value)) as unknown;
    }
    const merged = mergePatch(before, patch as JsonObject);
    if (patch.mapping) checkMapping(this.expressions, (merged.mapping ?? {}) as JsonObject);
    if (body.results) checkResults(connector, body.results);
    if (body.todos?.enabled) checkTodos(connector);
    return merged;
  }

  private async hasPeople(id: string): Promise<boolean> {
    const { users } = await this.stats.collect(id);
    return users.active + users.pending + users.disabled > 0;
  }
}

/** A masked password that comes back from a form means the stored one. */
function newProxyUrl(current: string | null, given: string | null | undefined): string | null {
  if (given === undefined) return current;
  if (given === null) return null;
  const url = URL.canParse(given) ? new URL(given) : null;
  if (!url || !isDecodable(url))
    throw invalid([{ path: '/proxyUrl', message: { en: 'must be a URL', 'zh-CN': '必须是 URL' } }]);
  if (url.password !== '***') return url.href;
  if (url.href === maskedProxyUrl(current)) return current;
  throw invalid([
    {
      path: '/proxyUrl',
      message: { en: 'has a masked password; write the real one', 'zh-CN': '密码为掩码，请填写真实密码' },
    },
  ]);
}

/** Whoever speaks to the proxy decodes what stands before the `@`, and must be able to. */
function isDecodable({ username, password }: URL): boolean {
  try {
    return decodeURIComponent(username + password) !== null;
  } catch {
    return false;
  }
}

function unknownConnector(): { path: string; message: { en: string; 'zh-CN': string } } {
  return {
    path: '/connector',
    message: { en: 'is not an available connector of this host', 'zh-CN': '本系统没有可用的该连接器' },
  };
}

function undecidedPeople(): ProblemError {
  return invalid([
    {
      path: '/people',
      message: {
        en: 'is required, because this connection has people: keep or erase',
        'zh-CN': '该连接下有人员，请指定 keep（保留）或 erase（清除）',
      },
    },
  ]);
}

/** What the audit shows: no secret, but which ones are set and the revision that tells they were replaced. */
function auditView(stored: StoredConnection): JsonObject {
  return {
    name: stored.name,
    connector: stored.connector,
    config: stored.config,
    settings: stored.settings,
    proxyUrl: maskedProxyUrl(stored.secrets.proxyUrl),
    revision: stored.revision,
  };
}
