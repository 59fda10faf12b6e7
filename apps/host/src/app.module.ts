import { Module, type DynamicModule } from '@nestjs/common';
import { AccessModule } from '@trainbridge/access';
import { AssignmentsModule } from '@trainbridge/assignments';
import { ConnectionsModule } from '@trainbridge/connections';
import { DeliveriesModule } from '@trainbridge/deliveries';
import { DirectoryModule } from '@trainbridge/directory';
import { HttpApiModule } from '@trainbridge/http-api';
import { IdentityModule } from '@trainbridge/identity';
import { JobsModule } from '@trainbridge/jobs';
import { LearningEventsModule } from '@trainbridge/learning-events';
import { PersistenceModule, type PersistenceLog } from '@trainbridge/persistence';
import { PlatformEventsModule } from '@trainbridge/platform-events';
import { DocsController } from './docs/docs.controller.js';
import { HealthController } from './health/health.controller.js';
import type { HostSettings } from './settings/settings.js';

/** The settings with the secrets in hand, given by the deployer or kept from an earlier start. */
export interface ResolvedSettings extends HostSettings {
  adminToken: string;
  secretKey: Buffer;
}

/** Connections of the pool: enough that a run, deliveries and events do not wait for each other. */
const POOL_SIZE = 20;

/** The whole product: one line per feature. */
@Module({})
export class AppModule {
  static forRoot(settings: ResolvedSettings, persistenceLog?: PersistenceLog): DynamicModule {
    const { databaseUrl, dataDir, publicUrl, secretKey, connectors, allowedNetworks, outboundProxy } =
      settings;
    const location = databaseUrl === null ? { dataDir } : { url: databaseUrl, dataDir };
    return {
      module: AppModule,
      controllers: [HealthController, DocsController],
      imports: [
        PersistenceModule.forRoot({ ...location, poolSize: POOL_SIZE, log: persistenceLog }),
        JobsModule.forRoot(),
        HttpApiModule,
        AccessModule.forRoot({ adminToken: settings.adminToken }),
        ConnectionsModule.forRoot({ publicUrl, secretKey, connectors, allowedNetworks, outboundProxy }),
        PlatformEventsModule,
        DirectoryModule,
        IdentityModule,
        LearningEventsModule.forRoot(),
        AssignmentsModule.forRoot({ alone: databaseUrl === null }),
        DeliveriesModule.forRoot({
          allowedNetworks,
          production: settings.production,
          sends: true,
          alone: databaseUrl === null,
        }),
      ],
    };
  }
}
