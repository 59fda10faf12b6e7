import { defineConnector } from '@trainbridge/connector-kit';
import { tokens } from './api.js';
import { check } from './check.js';
import { configSchema } from './config.js';
import { directory } from './directory.js';
import { classify } from './errors.js';
import { events } from './events.js';
import { identity } from './identity.js';
import { manifest } from './manifest.js';
import { results } from './results.js';
import { tasks } from './tasks.js';
import { todos } from './todos.js';

/** Feishu (飞书) and Lark, for a self-built app of one company (企业自建应用); verified on a live tenant: not yet. */
export default defineConnector({
  manifest,
  configSchema,
  tokens,
  classify,
  check,
  identity,
  directory,
  events,
  tasks,
  todos,
  results,
});
