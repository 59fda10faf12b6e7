import { Module, type DynamicModule, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ConnectorRuntime } from '@trainbridge/connector-runtime';
import { Expressions } from '@trainbridge/expressions';
import { ConnectionCheck } from './check/connection-check.js';
import { ConnectionEditor } from './connection-editor.js';
import { ConnectionStore } from './connection-store.js';
import { Connections } from './connections.js';
import { ConnectionsController } from './connections.controller.js';
import { ConnectionsOptions } from './connections-options.js';
import { Connectors } from './connectors/connectors.js';
import { ConnectorsController } from './connectors/connectors.controller.js';
import { ExchangeLog } from './exchanges/exchange-log.js';
import { ExchangeRetention } from './exchanges/exchange-retention.js';
import { ExchangesController } from './exchanges/exchanges.controller.js';
import { ConnectionChanges } from './hooks/connection-changes.js';
import { ConnectionChecks } from './hooks/connection-checks.js';
import { ConnectionDeletion } from './hooks/connection-deletion.js';
import { ConnectionStatsSources } from './hooks/connection-stats.js';
import { SecretBox, SecretUnreadableError } from './secrets/secret-box.js';
import { ServedFiles } from './served-files/served-files.js';
import { ServedFilesController } from './served-files/served-files.controller.js';
import { ConnectionTransfer } from './transfer/connection-transfer.js';
import { ConnectionTransferController } from './transfer/connection-transfer.controller.js';

/** Needs PersistenceModule, JobsModule, HttpApiModule and AccessModule; provides `Connections`, hooks and Expressions to everybody. */
@Module({})
export class ConnectionsModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly store: ConnectionStore,
    private readonly runtime: ConnectorRuntime,
  ) {}

  static forRoot(options: ConnectionsOptions): DynamicModule {
    return {
      module: ConnectionsModule,
      global: true,
      controllers: [
        ConnectionsController,
        ConnectionTransferController,
        ConnectorsController,
        ExchangesController,
        ServedFilesController,
      ],
      providers: [
        { provide: ConnectionsOptions, useValue: options },
        { provide: SecretBox, useValue: new SecretBox(options.secretKey) },
        {
          provide: ConnectorRuntime,
          inject: [ExchangeLog],
          useFactory: (log: ExchangeLog) =>
            new ConnectorRuntime({
              allowedNetworks: options.allowedNetworks,
              defaultProxyUrl: options.outboundProxy ?? undefined,
              onExchange: ({ responseExcerpt, ...exchange }) =>
                log.record({ ...exchange, responseBody: responseExcerpt ?? null }),
            }),
        },
        { provide: Expressions, useFactory: () => new Expressions() },
        ConnectionStore,
        Connectors,
        Connections,
        ConnectionEditor,
        ConnectionTransfer,
        ConnectionCheck,
        ConnectionChanges,
        ConnectionChecks,
        ConnectionDeletion,
        ConnectionStatsSources,
        ExchangeLog,
        ExchangeRetention,
        ServedFiles,
      ],
      exports: [
        Connections,
        ConnectionsOptions,
        ConnectionChanges,
        ConnectionChecks,
        ConnectionDeletion,
        ConnectionStatsSources,
        Connectors,
        ConnectorRuntime,
        ExchangeLog,
        Expressions,
        SecretBox,
      ],
    };
  }

  /** A host with the wrong key must not start: it would call every platform without its secrets. */
  async onModuleInit(): Promise<void> {
    const id = await this.store.encryptedWithAnotherKey();
    if (id === null) return;
    throw new SecretUnreadableError(
      `TRAINBRIDGE_SECRET_KEY is not the key that the secrets of connection ${id} were encrypted with; start with the old one`,
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.runtime.close();
  }
}
