import {
  operationsOf,
  type ApiDocument,
  type ApiMedia,
  type ApiOperation,
  type ApiParameter,
  type ApiReference,
  type ApiResponse,
  type ApiSchema,
} from './openapi-types.js';

/** `request`: what callers send. `response`: what they read. What breaks one may be harmless in the other. */
type Direction = 'request' | 'response';

/**
 * What a client written against `released` could trip over in `current`, one line each: paths, methods, fields and answers
 * that are gone, types that changed, values no longer taken or newly answered, things newly required.
 */
export function breakingChanges(released: ApiDocument, current: ApiDocument): string[] {
  const found: string[] = [];
  for (const { method, path, operation } of operationsOf(released.paths)) {
    const where = `${method.toUpperCase()} ${path}`;
    const now = current.paths[path]?.[method];
    if (!now) found.push(`${where} is gone`);
    else compareOperations(where, operation, now, new Comparison(released, current, found));
  }
  for (const { method, path, operation } of operationsOf(released.webhooks ?? {})) {
    const now = current.webhooks?.[path]?.[method];
    const comparison = new Comparison(released, current, found);
    if (!now) found.push(`webhook ${path} is gone`);
    else
      comparison.bodies(
        `webhook ${path}`,
        operation.requestBody?.content,
        now.requestBody?.content,
        'response',
      );
  }
  return found;
}

function compareOperations(
  where: string,
  before: ApiOperation,
  now: ApiOperation,
  comparison: Comparison,
): void {
  comparison.parameters(where, before.parameters ?? [], now.parameters ?? []);
  if (!before.requestBody?.required && now.requestBody?.required)
    comparison.tell(`${where} needs a body now`);
  comparison.bodies(where, before.requestBody?.content, now.requestBody?.content, 'request');
  for (const [status, response] of Object.entries(before.responses)) {
    if (!status.startsWith('2')) continue;
    const answer = now.responses[status];
    if (!answer) comparison.tell(`${where} no longer answers ${status}`);
    else comparison.responses(`${where} ${status}`, response, answer);
  }
}

class Comparison {
  private readonly seen = new Set<string>();

  constructor(
    private readonly released: ApiDocument,
    private readonly current: ApiDocument,
    private readonly found: string[],
  ) {}

  tell(line: string): void {
    this.found.push(line);
  }

  parameters(
    where: string,
    before: (ApiParameter | ApiReference)[],
    now: (ApiParameter | ApiReference)[],
  ): void {
    const old = before.map((parameter) => resolve(this.released, parameter));
    for (const parameter of now.map((candidate) => resolve(this.current, candidate))) {
      const known = old.find(({ name, in: place }) => name === parameter.name && place === parameter.in);
      const at = `${where} parameter ${parameter.name}`;
      if (parameter.required && !known?.required) this.tell(`${at} is required now`);
      if (known) this.schemas(at, known.schema, parameter.schema, 'request');
    }
    for (const { name, in: place } of old) {
      const kept = now.some((candidate) => {
        const parameter = resolve(this.current, candidate);
        return parameter.name === name && parameter.in === place;
      });
      if (!kept) this.tell(`${where} parameter ${name} is gone`);
    }
  }

  responses(where: string, before: ApiResponse | ApiReference, now: ApiResponse | ApiReference): void {
    const [old, current] = [resolve(this.released, before), resolve(this.current, now)];
    this.bodies(where, old.content, current.content, 'response');
  }

  bodies(
    where: string,
    before: Record<string, ApiMedia> | undefined,
    now: Record<string, ApiMedia> | undefined,
    direction: Direction,
  ): void {
    for (const [type, media] of Object.entries(before ?? {})) {
      const current = now?.[type];
      if (!current)
        this.tell(`${where} no longer has ${direction === 'request' ? 'bodies' : 'answers'} of ${type}`);
      else this.schemas(where, media.schema, current.schema, direction);
    }
  }

  schemas(
    where: string,
    before: ApiSchema | undefined,
    now: ApiSchema | undefined,
    direction: Direction,
  ): void {
    if (!before || !now) return;
    const pair = `${before.$ref} ${now.$ref} ${direction}`;
    if (before.$ref && this.seen.has(pair)) return;
    if (before.$ref) this.seen.add(pair);
    const old = flat(this.released, before);
    const current = flat(this.current, now);
    this.types(where, old, current, direction);
    this.values(where, old, current, direction);
    this.properties(where, old, current, direction);
    this.schemas(`${where}[]`, old.items, current.items, direction);
  }

  private types(where: string, before: ApiSchema, now: ApiSchema, direction: Direction): void {
    const [old, current] = [typesOf(before), typesOf(now)];
    if (old.length === 0 || current.length === 0) return;
    const [must, may] = direction === 'request' ? [old, current] : [current, old];
    const missing = must.filter(
      (type) => !may.includes(type) && !(type === 'integer' && may.includes('number')),
    );
    if (missing.length > 0) this.tell(`${where} was ${old.join('|')} and is ${current.join('|')}`);
  }

  private values(where: string, before: ApiSchema, now: ApiSchema, direction: Direction): void {
    if (!now.enum || (direction === 'response' && !before.enum)) return;
    // New values in answers are announced as additive: clients must expect them.
    if (direction === 'response') return;
    if (!before.enum) return this.tell(`${where} takes only ${now.enum.join(', ')} now`);
    const gone = before.enum.filter((value) => !now.enum!.includes(value));
    if (gone.length > 0) this.tell(`${where} no longer takes ${gone.join(', ')}`);
  }

  private properties(where: string, before: ApiSchema, now: ApiSchema, direction: Direction): void {
    for (const [name, property] of Object.entries(before.properties ?? {})) {
      const current = now.properties?.[name];
      if (!current) {
        if (now.properties || now.additionalProperties === false) this.tell(`${where}.${name} is gone`);
        continue;
      }
      if (direction === 'response' && before.required?.includes(name) && !now.required?.includes(name)) {
        this.tell(`${where}.${name} may be missing now`);
      }
      this.schemas(`${where}.${name}`, property, current, direction);
    }
    if (direction === 'response') return;
    for (const name of now.required ?? []) {
      if (!before.required?.includes(name)) this.tell(`${where}.${name} is required now`);
    }
  }
}

/** References followed and `allOf` merged. */
function flat(document: ApiDocument, schema: ApiSchema): ApiSchema {
  const target = schema.$ref ? flat(document, resolve<ApiSchema>(document, { $ref: schema.$ref })) : schema;
  const parts = (target.allOf ?? []).map((part) => flat(document, part));
  if (parts.length === 0) return target;
  return [...parts, target].reduce<ApiSchema>(
    (merged, part) => ({
      ...merged,
      ...part,
      properties: { ...merged.properties, ...part.properties },
      required: [...(merged.required ?? []), ...(part.required ?? [])],
    }),
    {},
  );
}

function typesOf(schema: ApiSchema): string[] {
  return schema.type === undefined ? [] : [schema.type].flat();
}

function resolve<T extends object>(document: ApiDocument, value: T | ApiReference): T {
  if (!('$ref' in value) || typeof value.$ref !== 'string') return value as T;
  const steps = value.$ref.replace(/^#\//, '').split('/');
  let target: unknown = document;
  for (const step of steps) target = (target as Record<string, unknown> | undefined)?.[step];
  return (target ?? {}) as T;
}
