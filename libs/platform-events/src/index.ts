export { RETRY_PAUSES_MS } from './drain.js';
export { PlatformEventsModule } from './platform-events.module.js';
export { ListenersOptions } from './listeners/listeners.js';
