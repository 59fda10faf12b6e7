import type { MigrationInterface } from 'typeorm';
import { Foundation } from './0001-foundation.js';

/**
 * Every migration, in order. One file per feature, plain SQL, PostgreSQL 15 and later. A class's `name` ends in 13
 * digits (TypeORM orders by them): `Foundation0000000000001`. A migration that has been released is never edited.
 */
export const MIGRATIONS: (new () => MigrationInterface)[] = [Foundation];
