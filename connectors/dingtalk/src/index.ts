import { defineConnector } from '@trainbridge/connector-kit';
import { tokens } from './api.js';
import { check } from './check.js';
import { configSchema } from './config.js';
import { customers } from './customers.js';
import { directory } from './directory.js';
import { classify } from './errors.js';
import { events } from './events.js';
import { identity } from './identity.js';
import { manifest } from './manifest.js';
import { results } from './results.js';
import { tasks } from './tasks.js';
import { todos } from './todos.js';

/** DingTalk (钉钉), internal apps; verified on a live tenant: not yet. */
export default defineConnector({
  manifest,
  configSchema,
  tokens,
  classify,
  check,
  identity,
  directory,
  customers,
  events,
  tasks,
  todos,
  results,
});
