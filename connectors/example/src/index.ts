/**
 * The shortest complete connector, written to be read: a home-grown OA ("Acme OA") with one flat list of employees, each
 * with the name of a department. Start here, then read the files in this order:
 *
 *   manifest.ts   what the host must know before it runs anything
 *   config.ts     what a deployer fills in
 *   errors.ts     what the platform's answers mean
 *   api.ts        how its API is called, and the token
 *   check.ts      "does it work?", step by step
 *   directory.ts  departments and people
 *   events.ts     what the platform tells us by itself
 *
 * Every connector has these files under these names. A capability the platform lacks is simply not there: this OA has no
 * customers and no to-dos, so the object below has no such keys.
 */
import { defineConnector } from '@trainbridge/connector-kit';
import { apiToken } from './api.js';
import { check } from './check.js';
import { configSchema } from './config.js';
import { directory } from './directory.js';
import { classify } from './errors.js';
import { events } from './events.js';
import { manifest } from './manifest.js';

export default defineConnector({
  manifest,
  configSchema,
  tokens: { api: apiToken },
  classify,
  check,
  directory,
  events,
});
