import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { ConnectorError, type Connector } from '@trainbridge/connector-kit';
import { loadConnectors, type LoadedConnector } from '@trainbridge/connector-runtime';
import { ConnectionsOptions } from '../connections-options.js';

/** The connectors this host was told to load. One that cannot be used is isolated and says why; the others go on. */
@Injectable()
export class Connectors implements OnModuleInit {
  private readonly logger = new Logger('Connectors');
  private loaded: LoadedConnector[] = [];
  private byId = new Map<string, { connector: Connector; version: string | null }>();

  constructor(private readonly options: ConnectionsOptions) {}

  async onModuleInit(): Promise<void> {
    this.loaded = await loadConnectors(this.options.connectors);
    for (const entry of this.loaded) {
      if (entry.status === 'available') this.byId.set(entry.id, entry);
      else this.logger.error(`connector ${entry.packageName} cannot be used: ${entry.reason}`);
    }
  }

  /** In the order of the list. */
  list(): readonly LoadedConnector[] {
    return this.loaded;
  }

  find(id: string): Connector | null {
    return this.byId.get(id)?.connector ?? null;
  }

  /** @throws {ConnectorError} `unavailable` when no package of that id was loaded. */
  require(id: string): Connector {
    const connector = this.find(id);
    if (connector) return connector;
    throw new ConnectorError('unavailable', `Connector "${id}" is not loaded on this host.`, {
      advice: {
        en: 'GET /api/v1/connectors says why; the package must be installed and listed in TRAINBRIDGE_CONNECTORS.',
        'zh-CN': 'GET /api/v1/connectors 中有原因；该连接器包须已安装并列入 TRAINBRIDGE_CONNECTORS。',
      },
    });
  }
}
