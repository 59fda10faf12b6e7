import { Module, type DynamicModule } from '@nestjs/common';
import { CommitWatch } from './commit-watch.js';
import { ConnectionHooks } from './connection-hooks.js';
import { DeliveriesController } from './deliveries/deliveries.controller.js';
import { DeliveryReader } from './deliveries/delivery-reader.js';
import { Redelivery } from './deliveries/redelivery.js';
import { DeliveriesOptions } from './deliveries-options.js';
import { DeliverySender } from './delivery-sender.js';
import { PlatformRedelivery } from './platform/platform-redelivery.js';
import { PlatformSender } from './platform/platform-sender.js';
import { ReceiverAddresses } from './receiver/receiver-addresses.js';
import { LaneSettingsLoader } from './subscriptions/lane-settings-loader.js';
import { Subscriptions } from './subscriptions/subscriptions.js';
import { SubscriptionsController } from './subscriptions/subscriptions.controller.js';

/**
 * Webhook subscriptions, and deliveries to them and to platforms. Needs persistence, jobs, http-api, access, connections and
 * the directory.
 */
@Module({})
export class DeliveriesModule {
  static forRoot(options: DeliveriesOptions): DynamicModule {
    return {
      module: DeliveriesModule,
      controllers: [SubscriptionsController, DeliveriesController],
      providers: [
        { provide: DeliveriesOptions, useValue: options },
        { provide: ReceiverAddresses, useValue: new ReceiverAddresses(options) },
        CommitWatch,
        ConnectionHooks,
        DeliveryReader,
        DeliverySender,
        LaneSettingsLoader,
        PlatformRedelivery,
        PlatformSender,
        Redelivery,
        Subscriptions,
      ],
      exports: [DeliveryReader],
    };
  }
}
