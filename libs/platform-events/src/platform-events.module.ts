import { Global, Module, type MiddlewareConsumer, type NestModule, type OnModuleInit } from '@nestjs/common';
import { ConnectionDeletion, ConnectionStatsSources, PlatformEventConsumers } from '@trainbridge/connections';
import { EventActivation } from './activation/event-activation.js';
import { CallbackInbox } from './callback-inbox.js';
import { CallbackMiddleware } from './callback.middleware.js';
import { PlatformEventDrain } from './drain.js';
import { Listeners, ListenersOptions } from './listeners/listeners.js';
import { PlatformEventStore } from './platform-event-store.js';
import { PlatformEventsController } from './platform-events.controller.js';

/** The inbox. Needs ConnectionsModule, JobsModule and AccessModule; provides PlatformEventConsumers to everybody. */
@Global()
@Module({
  controllers: [PlatformEventsController],
  providers: [
    PlatformEventStore,
    CallbackInbox,
    CallbackMiddleware,
    PlatformEventDrain,
    EventActivation,
    ListenersOptions,
    Listeners,
    { provide: PlatformEventConsumers, useExisting: PlatformEventDrain },
  ],
  exports: [PlatformEventConsumers, ListenersOptions],
})
export class PlatformEventsModule implements NestModule, OnModuleInit {
  constructor(
    private readonly store: PlatformEventStore,
    private readonly stats: ConnectionStatsSources,
    private readonly deletion: ConnectionDeletion,
  ) {}

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(CallbackMiddleware).forRoutes('callbacks/*path');
  }

  onModuleInit(): void {
    this.stats.register(async (connectionId) => ({
      lastEventAt: await this.store.lastReceivedAt(connectionId),
    }));
    this.deletion.register(async (manager, connectionId) => {
      await manager.query(`delete from platform_events where connection_id = $1`, [connectionId]);
      await manager.query(`delete from platform_messages where connection_id = $1`, [connectionId]);
    });
  }
}
