import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { problemCatalogue, type ProblemCode } from './catalogue.js';
import { PROBLEM_MEDIA_TYPE, Problem, problemType } from './problem-document.js';

const CODES = Symbol('trainbridge:problem-codes');
const RESPONSES = 'swagger/apiResponse';

/**
 * Documents the problems a route (or every route of a controller) may answer with. All such decorators on a handler and
 * its controller add up; `internal` need not be named.
 */
export function ApiProblems(...codes: ProblemCode[]): MethodDecorator & ClassDecorator {
  return (target: object, _key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    const handlers = descriptor ? [descriptor.value as object] : routesOf(target as ControllerClass);
    for (const handler of handlers) document(handler, codes);
  };
}

type ControllerClass = abstract new (...args: never[]) => unknown;

/** Class decorators run after those of the methods, so all routes are known. */
function routesOf(controller: ControllerClass): object[] {
  const members = Object.values(Object.getOwnPropertyDescriptors(controller.prototype));
  return members
    .map(({ value }) => value as unknown)
    .filter(
      (member): member is object =>
        typeof member === 'function' && Reflect.hasMetadata(METHOD_METADATA, member),
    );
}

/** Swagger would join descriptions of one status; what an earlier decorator wrote is replaced by the sum instead. */
function document(handler: object, codes: readonly ProblemCode[]): void {
  const known = declaredProblems(handler);
  const all = [...new Set<ProblemCode>([...known, ...codes, 'internal'])];
  Reflect.defineMetadata(CODES, all, handler);
  const responses = { ...(Reflect.getMetadata(RESPONSES, handler) as Record<string, unknown> | undefined) };
  for (const status of byStatus(known).keys()) delete responses[status];
  Reflect.defineMetadata(RESPONSES, responses, handler);
  const descriptor: PropertyDescriptor = { value: handler };
  const decorators = [
    ApiExtraModels(Problem),
    ...[...byStatus(all)].map(([status, of]) => ApiResponse(problemResponse(status, of))),
  ];
  for (const decorate of decorators) (decorate as MethodDecorator)({}, 'handler', descriptor);
}

/** The codes declared with `@ApiProblems` on a handler or its controller. */
export function declaredProblems(handler: object): ProblemCode[] {
  return (Reflect.getOwnMetadata(CODES, handler) as ProblemCode[] | undefined) ?? [];
}

function byStatus(codes: readonly ProblemCode[]): Map<number, ProblemCode[]> {
  const grouped = new Map<number, ProblemCode[]>();
  for (const code of codes) {
    const { status } = problemCatalogue[code];
    grouped.set(status, [...(grouped.get(status) ?? []), code]);
  }
  return grouped;
}

function problemResponse(status: number, codes: readonly ProblemCode[]): Parameters<typeof ApiResponse>[0] {
  const examples = codes.map((code) => {
    const { title, advice } = problemCatalogue[code];
    const value = {
      type: problemType(code),
      title: title.en,
      status,
      detail: advice.en,
      code,
      requestId: 'req_0198c2a4e2d0',
    };
    return [code, { summary: title.en, value }] as const;
  });
  return {
    status,
    description: codes.map((code) => `\`${code}\`: ${problemCatalogue[code].title.en}.`).join(' '),
    content: {
      [PROBLEM_MEDIA_TYPE]: {
        schema: { $ref: getSchemaPath(Problem) },
        examples: Object.fromEntries(examples),
      },
    },
  };
}
