import { ProblemError } from '@trainbridge/http-api';
import type { FastifyRequest } from 'fastify';
import type { Caller } from './actor.js';

const CALLER = Symbol('trainbridge:caller');

/** A request the guard has seen. */
export type AccessRequest = FastifyRequest & { [CALLER]?: Caller };

export function setCaller(request: AccessRequest, caller: Caller): void {
  request[CALLER] = caller;
}

/** @throws {ProblemError} 401 on a route that let the caller in without asking who it is. */
export function callerOf(request: AccessRequest): Caller {
  const caller = request[CALLER];
  if (!caller) throw new ProblemError('unauthorized');
  return caller;
}

export function callerIfAny(request: AccessRequest): Caller | null {
  return request[CALLER] ?? null;
}
