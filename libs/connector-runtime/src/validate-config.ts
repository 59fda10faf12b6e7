import type { ConfigSchema, Connector, JsonObject } from '@trainbridge/connector-kit';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

/** One thing wrong with a configuration; `path` is a JSON pointer from the request body, such as `/config/corpId`. */
export interface ConfigIssue {
  path: string;
  message: string;
}

export type ConfigValidation = { ok: true; config: JsonObject } | { ok: false; errors: ConfigIssue[] };

const ajv = new Ajv({ allErrors: true, useDefaults: true, strict: false, validateFormats: true });
ajv.addFormat('origin', isOrigin);
ajv.addFormat('uri', (value) => URL.canParse(value));
ajv.addFormat('email', /^[^\s@]+@[^\s@]+\.[^\s@]+$/);

/** Compiled once per schema object; a schema lives as long as its connector. */
const compiled = new WeakMap<ConfigSchema, ValidateFunction>();

/**
 * Checks a configuration against the connector's schema and fills defaults in. The input is not changed, and no message
 * repeats a value: it may be a secret.
 */
export function validateConfig(
  connector: Pick<Connector, 'configSchema'>,
  config: unknown,
  root = '/config',
): ConfigValidation {
  return validateAgainst(connector.configSchema, config, root);
}

/** The same for any schema of the subset, such as the options of a result action. */
export function validateAgainst(schema: ConfigSchema, value: unknown, root: string): ConfigValidation {
  let validate = compiled.get(schema);
  if (!validate) {
    validate = ajv.compile(schema);
    compiled.set(schema, validate);
  }
  const copy: unknown = structuredClone(value);
  if (validate(copy)) return { ok: true, config: copy as JsonObject };
  return { ok: false, errors: (validate.errors ?? []).map((error) => describe(error, root)) };
}

function describe(error: ErrorObject, root: string): ConfigIssue {
  const at = root + error.instancePath;
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'required':
      return { path: `${at}/${pointer(params['missingProperty'])}`, message: 'is required' };
    case 'additionalProperties':
      return { path: `${at}/${pointer(params['additionalProperty'])}`, message: 'is not known' };
    case 'enum':
      return { path: at, message: `must be one of ${(params['allowedValues'] as unknown[]).join(', ')}` };
    case 'format':
      return { path: at, message: FORMAT_MESSAGES[String(params['format'])] ?? 'has the wrong form' };
    case 'pattern':
      return { path: at, message: 'has the wrong form' };
    case 'type':
      return {
        path: at,
        message: `must be ${params['type'] === 'array' ? 'a list' : `of type ${String(params['type'])}`}`,
      };
    default:
      return { path: at, message: error.message ?? 'is not valid' };
  }
}

const FORMAT_MESSAGES: Record<string, string> = {
  origin: 'must be a scheme and a host only, such as https://api.example.com: no path, no trailing slash',
  uri: 'must be an absolute URL',
  email: 'must be an email address',
};

function pointer(name: unknown): string {
  return String(name).replaceAll('~', '~0').replaceAll('/', '~1');
}

function isOrigin(value: string): boolean {
  if (!/^https?:\/\/[^/?#@\\\s]+$/i.test(value) || !URL.canParse(value)) return false;
  const { origin, pathname, search, hash } = new URL(value);
  return origin !== 'null' && pathname === '/' && search === '' && hash === '';
}
