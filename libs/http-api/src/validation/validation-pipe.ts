import { Injectable, ValidationPipe, type ArgumentMetadata, type Type } from '@nestjs/common';
import { getMetadataStorage, type ValidationError } from 'class-validator';
import { ProblemError, type FieldProblem } from '../problems/problem-error.js';
import { compileDto, escapePointer, type CompiledDto, type DtoClass } from './compile-validator.js';
import { NOT_AN_OBJECT, REQUIRED, isKindCheck, messageFor } from './messages.js';

const PRIMITIVES: unknown[] = [String, Boolean, Number, Array, Object, Buffer];

/**
 * Every body, query and path parameter that is declared as a DTO class: unknown fields and wrong values become one 400 that
 * names each path. Bodies go through the compiled validator where their class allows it.
 */
@Injectable()
export class ApiValidationPipe extends ValidationPipe {
  private readonly compiled = new Map<Type<unknown>, CompiledDto | null>();

  constructor() {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      validationError: { target: true, value: true },
      exceptionFactory: (errors) => invalid(fieldProblems(errors, '')),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const { metatype, type } = metadata;
    if (type !== 'body' || !metatype || metadata.data || PRIMITIVES.includes(metatype)) {
      return (await super.transform(value, metadata)) as unknown;
    }
    if (value !== undefined && (typeof value !== 'object' || value === null || Array.isArray(value))) {
      throw invalid([{ path: '', message: NOT_AN_OBJECT }]);
    }
    const compiled = this.compiledFor(metatype);
    if (!compiled) return (await super.transform(value ?? {}, metadata)) as unknown;
    const problems = compiled.problems(value ?? {});
    if (problems.length > 0) throw invalid(problems);
    return compiled.instantiate(value ?? {});
  }

  private compiledFor(metatype: Type<unknown>): CompiledDto | null {
    let compiled = this.compiled.get(metatype);
    if (compiled === undefined) {
      try {
        compiled = compileDto(metatype as DtoClass);
      } catch {
        // It uses more than can be compiled: class-validator itself judges it, at its own pace.
        compiled = null;
      }
      this.compiled.set(metatype, compiled);
    }
    return compiled;
  }
}

const MOST_ERRORS = 100;

/** A 400 naming each path; the first hundred of them. */
export function invalid(errors: FieldProblem[]): ProblemError {
  return new ProblemError('invalid_request', { errors: errors.slice(0, MOST_ERRORS) });
}

function fieldProblems(errors: ValidationError[], prefix: string): FieldProblem[] {
  return errors.flatMap((error) => {
    const path = `${prefix}/${escapePointer(error.property)}`;
    const own = error.constraints ? [{ path, message: firstMessage(error, error.constraints) }] : [];
    return [...own, ...fieldProblems(error.children ?? [], path)];
  });
}

function firstMessage(error: ValidationError, constraints: Record<string, string>): FieldProblem['message'] {
  const names = Object.keys(constraints);
  if (error.value === undefined && !names.includes('whitelistValidation')) return REQUIRED;
  const name = names.find(isKindCheck) ?? names[0]!;
  const metadata = getMetadataStorage()
    .getTargetValidationMetadatas(error.target?.constructor ?? Object, '', false, false)
    .find((candidate) => candidate.propertyName === error.property && candidate.name === name);
  if (metadata?.message) return constraints[name]!;
  return messageFor(
    name,
    (metadata?.constraints ?? []) as unknown[],
    constraints[name]!.replace(`${error.property} `, ''),
  );
}
