import type { LocalizedText } from './json.js';

/**
 * The subset of JSON Schema a connector may describe its configuration with. It is the only description:
 * the host validates with it, the API publishes it, forms are drawn from it and `ConfigOf` infers the type.
 */
export interface ConfigSchema {
  type: 'object';
  properties: Record<string, ConfigProperty>;
  required?: readonly string[];
  additionalProperties: false;
}

interface PropertyText {
  title: string;
  description?: string;
  /** Chinese title and help text; `title` and `description` above are English. */
  'x-zh-CN'?: { title: string; description?: string };
  /** True on what defines the tenant: it cannot be changed on an existing connection. */
  'x-identity'?: true;
}

export interface StringProperty extends PropertyText {
  type: 'string';
  enum?: readonly string[];
  default?: string;
  /** `origin`: scheme and host only, no path; checked by the host. */
  format?: 'uri' | 'email' | 'origin';
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  /** A secret: encrypted at rest, redacted everywhere, never returned. */
  writeOnly?: true;
}

export interface NumberProperty extends PropertyText {
  type: 'number' | 'integer';
  minimum?: number;
  maximum?: number;
  default?: number;
}

/**
 * An id that platforms print as a number and people paste as either: `1000002` and `"1000002"` are both accepted, and
 * the connector gets what was given. `pattern` applies to text, `minimum` to numbers.
 */
export interface IdentifierProperty extends PropertyText {
  type: readonly ['string', 'integer'];
  pattern?: string;
  minimum?: number;
}

export interface BooleanProperty extends PropertyText {
  type: 'boolean';
  default?: boolean;
}

export interface StringListProperty extends PropertyText {
  type: 'array';
  items: { type: 'string' };
  maxItems?: number;
}

/** One level of nesting; properties of a nested object are strings. */
export interface ObjectProperty extends PropertyText {
  type: 'object';
  properties: Record<string, StringProperty>;
  required?: readonly string[];
  additionalProperties: false;
}

export type ConfigProperty =
  | StringProperty
  | NumberProperty
  | IdentifierProperty
  | BooleanProperty
  | StringListProperty
  | ObjectProperty;

type PropertyValue<P> = P extends { type: 'string'; enum: readonly (infer E)[] }
  ? E
  : P extends { type: 'string' }
    ? string
    : P extends { type: readonly ['string', 'integer'] }
      ? string | number
      : P extends { type: 'number' | 'integer' }
        ? number
        : P extends { type: 'boolean' }
          ? boolean
          : P extends { type: 'array' }
            ? string[]
            : P extends { type: 'object' }
              ? ConfigOf<P>
              : never;

type RequiredKeys<S> = S extends { required: readonly (infer K)[] } ? K : never;
type DefaultedKeys<S> = S extends { properties: infer P }
  ? { [K in keyof P]: P[K] extends { default: unknown } ? K : never }[keyof P]
  : never;

/** The TypeScript type of a configuration, inferred from its schema. The host fills defaults in before a call. */
export type ConfigOf<S> = S extends { properties: infer P }
  ? {
      [K in keyof P as K extends RequiredKeys<S> | DefaultedKeys<S> ? K : never]: PropertyValue<P[K]>;
    } & {
      [K in keyof P as K extends RequiredKeys<S> | DefaultedKeys<S> ? never : K]?: PropertyValue<P[K]>;
    }
  : never;

/** A title and a description in one call, English and Chinese beside each other. */
export function label(
  text: LocalizedText,
  help?: LocalizedText,
): { title: string; description?: string; 'x-zh-CN': { title: string; description?: string } } {
  return {
    title: text.en,
    ...(help ? { description: help.en } : {}),
    'x-zh-CN': { title: text['zh-CN'], ...(help ? { description: help['zh-CN'] } : {}) },
  };
}
