import type { ConfigSchema, Connector, JsonObject, LocalizedText } from '@trainbridge/connector-kit';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

/** One thing wrong with a configuration; `path` is a JSON pointer from the request body, such as `/config/corpId`. */
export interface ConfigIssue {
  path: string;
  message: LocalizedText;
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
  const copy = withoutTrailingSlashes(schema, structuredClone(value));
  if (validate(copy)) return { ok: true, config: copy as JsonObject };
  return { ok: false, errors: (validate.errors ?? []).map((error) => describe(error, root)) };
}

/** People paste `https://host/` from browsers, and mean the origin. */
function withoutTrailingSlashes({ properties }: ConfigSchema, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const given = value as Record<string, unknown>;
  for (const [name, property] of Object.entries(properties)) {
    const text = given[name];
    if (property.type === 'string' && property.format === 'origin' && typeof text === 'string') {
      given[name] = text.replace(/\/$/, '');
    }
  }
  return value;
}

function describe(error: ErrorObject, root: string): ConfigIssue {
  const at = root + error.instancePath;
  const params = error.params as Record<string, unknown>;
  const limit = String(params['limit']);
  const issue = (en: string, zh: string, path = at): ConfigIssue => ({ path, message: { en, 'zh-CN': zh } });
  switch (error.keyword) {
    case 'required':
      return issue('is required', '必填', `${at}/${pointer(params['missingProperty'])}`);
    case 'additionalProperties':
      return issue('is not known', '未知字段', `${at}/${pointer(params['additionalProperty'])}`);
    case 'enum': {
      const values = (params['allowedValues'] as unknown[]).join(', ');
      return issue(`must be one of ${values}`, `必须是以下值之一：${values}`);
    }
    case 'format':
      return { path: at, message: FORMAT_MESSAGES[String(params['format'])] ?? WRONG_FORM };
    case 'pattern':
      return { path: at, message: WRONG_FORM };
    case 'type': {
      const type = params['type'] === 'array' ? 'a list' : `of type ${String(params['type'])}`;
      return issue(`must be ${type}`, `类型必须是 ${String(params['type'])}`);
    }
    case 'minLength':
      return issue(`must have at least ${limit} characters`, `至少 ${limit} 个字符`);
    case 'maxLength':
      return issue(`must have at most ${limit} characters`, `最多 ${limit} 个字符`);
    case 'minimum':
      return issue(`must not be less than ${limit}`, `不能小于 ${limit}`);
    case 'maximum':
      return issue(`must not be greater than ${limit}`, `不能大于 ${limit}`);
    case 'maxItems':
      return issue(`must have at most ${limit} elements`, `最多 ${limit} 个元素`);
    default:
      return issue(error.message ?? 'is not valid', '无效');
  }
}

const WRONG_FORM: LocalizedText = { en: 'has the wrong form', 'zh-CN': '格式不正确' };
const FORMAT_MESSAGES: Record<string, LocalizedText> = {
  origin: {
    en: 'must be a scheme and a host only, such as https://api.example.com: no path',
    'zh-CN': '只能包含协议和主机，例如 https://api.example.com：不带路径',
  },
  uri: { en: 'must be an absolute URL', 'zh-CN': '必须是完整的 URL' },
  email: { en: 'must be an email address', 'zh-CN': '必须是邮箱地址' },
};

function pointer(name: unknown): string {
  return String(name).replaceAll('~', '~0').replaceAll('/', '~1');
}

function isOrigin(value: string): boolean {
  if (!/^https?:\/\/[^/?#@\\\s]+$/i.test(value) || !URL.canParse(value)) return false;
  const { origin, pathname, search, hash } = new URL(value);
  return origin !== 'null' && pathname === '/' && search === '' && hash === '';
}
