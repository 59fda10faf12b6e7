import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { problemCatalogue, type ProblemCode } from './catalogue.js';
import { PROBLEM_MEDIA_TYPE, Problem, problemType } from './problem-document.js';

const CODES = Symbol('trainbridge:problem-codes');

/**
 * Documents the problems a route (or every route of a controller) may answer with. Several of these decorators on one
 * handler add up; `internal` need not be named.
 */
export function ApiProblems(...codes: ProblemCode[]): MethodDecorator & ClassDecorator {
  const decorator = (target: object, key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    const holder = (descriptor?.value ?? target) as object;
    const known = (Reflect.getOwnMetadata(CODES, holder) as ProblemCode[] | undefined) ?? [];
    const all = [...new Set<ProblemCode>([...known, ...codes, 'internal'])];
    Reflect.defineMetadata(CODES, all, holder);
    const decorate = (swagger: MethodDecorator & ClassDecorator): void => {
      if (descriptor && key !== undefined) swagger(target, key, descriptor);
      else swagger(target as never);
    };
    decorate(ApiExtraModels(Problem));
    for (const [status, ofStatus] of byStatus(all)) decorate(ApiResponse(problemResponse(status, ofStatus)));
  };
  return decorator;
}

/** The codes declared with `@ApiProblems` on a handler or controller. */
export function declaredProblems(holder: object): ProblemCode[] {
  return (Reflect.getOwnMetadata(CODES, holder) as ProblemCode[] | undefined) ?? [];
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
