import type { Case } from '../case.js';
import { customerCases } from './customers.js';
import { directoryCases } from './directory.js';
import { eventCases } from './events.js';
import { hostilityCases } from './hostility.js';
import { identityCases } from './identity.js';
import { resultCases } from './results.js';
import { shapeCases } from './shape.js';
import { taskCases } from './tasks.js';
import { todoCases } from './todos.js';
import { tokenCases } from './tokens.js';

export const CASES: readonly Case[] = [
  ...shapeCases,
  ...tokenCases,
  ...identityCases,
  ...directoryCases,
  ...customerCases,
  ...eventCases,
  ...taskCases,
  ...todoCases,
  ...resultCases,
  ...hostilityCases,
];
