import { Injectable } from '@nestjs/common';
import type { Caller } from '@trainbridge/access';
import type { JsonObject } from '@trainbridge/connector-kit';
import { invalid, type FieldProblem } from '@trainbridge/http-api';
import type { Connection } from '../connection.js';
import { ConnectionEditor, STORED_SETTINGS } from '../connection-editor.js';
import { ConnectionStore } from '../connection-store.js';
import { Connectors } from '../connectors/connectors.js';
import { mergePatch, secretNames } from '../secrets/split-config.js';
import type { ConnectionDocument, ImportConnectionBody } from './connection-document.dto.js';

/** Takes a connection's configuration from one host to another, such as from test to production. */
@Injectable()
export class ConnectionTransfer {
  constructor(
    private readonly store: ConnectionStore,
    private readonly connectors: Connectors,
    private readonly editor: ConnectionEditor,
  ) {}

  /**
   * What was set, without secrets; defaults are left out, so that the other host's hold. The proxy belongs to the
   * environment and may hold a password: it stays.
   * @throws {ProblemError} `not_found`.
   */
  async export(id: string): Promise<ConnectionDocument> {
    const { name, connector, config, secrets, settings } = await this.store.require(id);
    return {
      format: 1,
      exportedAt: new Date().toISOString(),
      name,
      connector,
      config,
      ...settings,
      secretsToFill: secretNames(secrets.config),
    };
  }

  /** @throws {ProblemError} 400 naming what is missing, secrets included; `not_found`. */
  async import(
    caller: Caller,
    { document, config, name, connectionId }: ImportConnectionBody,
  ): Promise<Connection> {
    const settings = Object.fromEntries(
      STORED_SETTINGS.map((setting) => [setting, document[setting] ?? undefined]),
    );
    const merged = mergePatch(document.config, config ?? {});
    if (connectionId === undefined) {
      return this.editor.create(caller, {
        name: name ?? document.name,
        connector: document.connector,
        config: merged,
        ...settings,
      });
    }
    const target = await this.store.require(connectionId);
    if (target.connector !== document.connector) throw invalid([otherConnector(target.connector)]);
    const { properties } = this.connectors.require(target.connector).configSchema;
    // The target's tenant is its own. What the document does not have goes; secrets are in neither, and stay.
    const patch: JsonObject = {};
    for (const key of [...Object.keys(target.config), ...Object.keys(document.config)]) {
      if (!properties[key]?.['x-identity']) patch[key] = document.config[key] ?? null;
    }
    return this.editor.update(
      caller,
      connectionId,
      { ...(name === undefined ? {} : { name }), config: { ...patch, ...config }, ...settings },
      'replace',
    );
  }
}

function otherConnector(id: string): FieldProblem {
  return {
    path: '/document/connector',
    message: {
      en: `must be "${id}", as of the connection it is imported into`,
      'zh-CN': `必须是 "${id}"，与目标连接一致`,
    },
  };
}
