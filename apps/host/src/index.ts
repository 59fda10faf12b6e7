export { AppModule, type ResolvedSettings } from './app.module.js';
export { createHost, type RunningHost } from './create-host.js';
export { createPino } from './logging/host-logger.js';
export { SettingError } from './settings/setting-error.js';
export { readSettings, type HostSettings } from './settings/settings.js';
