import type { MigrationInterface } from 'typeorm';
import { Foundation } from './0001-foundation.js';
import { Access } from './0002-access.js';
import { Connections } from './0003-connections.js';
import { Directory } from './0004-directory.js';
import { PlatformEvents } from './0005-platform-events.js';
import { LearningEvents } from './0006-learning-events.js';
import { Deliveries } from './0007-deliveries.js';
import { DirectoryLists } from './0008-directory-lists.js';
import { Customers } from './0009-customers.js';
import { Identity } from './0010-identity.js';
import { Assignments } from './0011-assignments.js';
import { PlatformWriteBack } from './0012-platform-write-back.js';
import { EventActivations } from './0013-event-activations.js';

/**
 * Every migration, in order. One file per feature, plain SQL, PostgreSQL 15 and later. A class's `name` ends in 13
 * digits (TypeORM orders by them): `Foundation0000000000001`. A migration that has been released is never edited.
 */
export const MIGRATIONS: (new () => MigrationInterface)[] = [
  Foundation,
  Access,
  Connections,
  Directory,
  PlatformEvents,
  LearningEvents,
  Deliveries,
  DirectoryLists,
  Customers,
  Identity,
  Assignments,
  PlatformWriteBack,
  EventActivations,
];
