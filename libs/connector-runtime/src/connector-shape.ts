import {
  CAPABILITIES,
  CONTRACT_VERSION,
  isJsonObject,
  type CapabilityName,
  type Connector,
} from '@trainbridge/connector-kit';

type Unknown = Record<string, unknown>;

const REQUIRED_FUNCTIONS: Record<CapabilityName, readonly string[]> = {
  identity: ['authorizationUrl', 'authenticate'],
  directory: ['visibility', 'listDepartments', 'listUsers', 'getUsers', 'getDepartments'],
  customers: ['get'],
  events: ['receive'],
  tasks: ['list', 'get'],
  todos: ['upsert', 'close'],
  results: ['report'],
};
/** Capabilities whose details stand in the manifest: one without the other is a mistake. */
const DESCRIBED = ['directory', 'events', 'tasks', 'todos', 'results'] as const;
const HOST_NAME = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(?::\d+)?$/;

class ShapeProblem extends Error {}

function demand(condition: unknown, problem: string): asserts condition {
  if (!condition) throw new ShapeProblem(problem);
}

/** Why this cannot be used as a connector, in words for its author; null when it can. Never throws. */
export function shapeProblem(candidate: unknown): string | null {
  try {
    checkConnector(candidate);
    return null;
  } catch (error) {
    return error instanceof ShapeProblem ? error.message : 'reading its default export failed';
  }
}

/** Before 1.0 every minor version may break; from then on a host serves older minors of its major. */
export function isCompatible(contract: string, host: string = CONTRACT_VERSION): boolean {
  const [major, minor] = contract.split('.').map(Number);
  const [hostMajor, hostMinor] = host.split('.').map(Number);
  if (major === undefined || minor === undefined || hostMinor === undefined || major !== hostMajor)
    return false;
  return major === 0 ? minor === hostMinor : minor <= hostMinor;
}

function checkConnector(candidate: unknown): asserts candidate is Connector {
  demand(
    isObject(candidate),
    'its default export is no connector; write `export default defineConnector({ … })`',
  );
  const properties = checkSchema(candidate['configSchema'], 'configSchema');
  checkManifest(candidate['manifest'], properties);
  const manifest = candidate['manifest'] as Unknown;
  for (const name of ['classify', 'check'])
    demand(typeof candidate[name] === 'function', `${name} is no function`);
  checkTokens(candidate['tokens'], properties);
  for (const name of CAPABILITIES) {
    const capability = candidate[name];
    if (capability === undefined) continue;
    demand(isObject(capability), `${name} is no object of functions`);
    for (const required of REQUIRED_FUNCTIONS[name]) {
      demand(typeof capability[required] === 'function', `${name}.${required} is no function`);
    }
    for (const [key, value] of Object.entries(capability)) {
      demand(typeof value === 'function', `${name}.${key} is no function`);
    }
  }
  for (const name of DESCRIBED) {
    const [has, described] = [candidate[name] !== undefined, manifest[name] !== undefined];
    demand(
      has === described,
      has ? `manifest.${name} is missing` : `manifest.${name} stands without the capability`,
    );
  }
}

function checkManifest(manifest: unknown, properties: Unknown): void {
  demand(isObject(manifest), 'manifest is missing');
  demand(
    typeof manifest['id'] === 'string' && /^[a-z][a-z0-9-]{0,39}$/.test(manifest['id']),
    'manifest.id must be lower-case letters, digits and dashes',
  );
  const contract = manifest['contractVersion'];
  demand(typeof contract === 'string' && /^\d+\.\d+$/.test(contract), 'manifest.contractVersion is missing');
  demand(
    isCompatible(contract),
    `it was written for contract ${contract}, and this host speaks ${CONTRACT_VERSION}`,
  );
  const name = manifest['name'];
  demand(isObject(name) && isText(name['en']) && isText(name['zh-CN']), 'manifest.name needs en and zh-CN');
  const concurrency = manifest['maxConcurrency'];
  demand(
    isPositiveInteger(concurrency) && concurrency <= 1_000,
    'manifest.maxConcurrency must be between 1 and 1000',
  );

  const hosts = manifest['allowedHosts'];
  demand(Array.isArray(hosts), 'manifest.allowedHosts must be a list');
  for (const host of hosts as unknown[]) {
    if (typeof host === 'string')
      demand(HOST_NAME.test(host), `manifest.allowedHosts holds "${host}", which is no host name`);
    else checkProperty(host, properties, 'manifest.allowedHosts', 'string');
  }
  if (manifest['webSocketsNamedBy'] !== undefined)
    checkProperty(manifest['webSocketsNamedBy'], properties, 'manifest.webSocketsNamedBy', 'string');
  const limits = manifest['rateLimits'];
  demand(Array.isArray(limits), 'manifest.rateLimits must be a list');
  for (const limit of limits as unknown[]) {
    demand(isObject(limit) && isText(limit['name']), 'a rate limit has no name');
    const { limit: count, perMs, keyFrom } = limit;
    demand(
      isPositiveInteger(count) && isPositiveInteger(perMs),
      `rate limit "${limit['name']}" needs limit and perMs above zero`,
    );
    demand(
      Array.isArray(keyFrom) && keyFrom.every((key) => Object.hasOwn(properties, key as string)),
      'keyFrom of a rate limit names an unknown property',
    );
  }
  for (const file of (manifest['servedFiles'] ?? []) as unknown[])
    checkProperty(file, properties, 'manifest.servedFiles', 'object');
  checkActions(manifest['results']);
}

function checkActions(results: unknown): void {
  if (results === undefined) return;
  demand(isObject(results) && Array.isArray(results['actions']), 'manifest.results.actions must be a list');
  for (const action of results['actions'] as unknown[]) {
    demand(isObject(action) && isText(action['name']), 'a result action has no name');
    demand(
      isPositiveInteger(action['maxBatch']),
      `result action "${action['name']}" needs a maxBatch above zero`,
    );
    checkSchema(action['optionsSchema'], `the options of result action "${action['name']}"`);
  }
}

function checkProperty(entry: unknown, properties: Unknown, where: string, type: string): void {
  const name = isObject(entry) ? entry['fromConfig'] : undefined;
  const property = typeof name === 'string' && Object.hasOwn(properties, name) ? properties[name] : undefined;
  demand(
    isObject(property) && property['type'] === type,
    `${where}: fromConfig must name a ${type} property of configSchema`,
  );
}

function checkTokens(tokens: unknown, properties: Unknown): void {
  demand(isObject(tokens), 'tokens is missing; a connector without any says `tokens: {}`');
  for (const [name, token] of Object.entries(tokens)) {
    demand(
      isObject(token) && typeof token['fetch'] === 'function' && typeof token['apply'] === 'function',
      `token "${name}" needs fetch and apply`,
    );
    const { credentials } = token;
    demand(
      Array.isArray(credentials) &&
        credentials.length > 0 &&
        credentials.every((key) => Object.hasOwn(properties, key as string)),
      `the credentials of token "${name}" must name properties of configSchema`,
    );
  }
}

const PROPERTY_TYPES = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object']);

/** The subset of JSON Schema, as far as a mistake would surprise the host; returns the properties. */
function checkSchema(schema: unknown, where: string): Unknown {
  demand(isJsonObject(schema) && schema['type'] === 'object', `${where} must be a schema of type object`);
  demand(schema['additionalProperties'] === false, `${where} must say additionalProperties: false`);
  const properties = schema['properties'];
  demand(isObject(properties), `${where} has no properties`);
  for (const [name, property] of Object.entries(properties)) {
    demand(
      isObject(property) &&
        (PROPERTY_TYPES.has(property['type'] as string) || isIdentifier(property['type'])),
      `${where}: "${name}" has a type outside the subset`,
    );
    demand(isText(property['title']), `${where}: "${name}" has no title`);
    if (property['type'] === 'object') {
      const nested = checkSchema(property, `${where}: "${name}"`);
      for (const [key, inner] of Object.entries(nested)) {
        demand(
          (inner as Unknown)['type'] === 'string',
          `${where}: "${name}.${key}" must be a string: one level of nesting holds strings`,
        );
      }
    }
  }
  const required = schema['required'] ?? [];
  demand(
    Array.isArray(required) && required.every((name) => Object.hasOwn(properties, name as string)),
    `${where}: required names an unknown property`,
  );
  return properties;
}

/** `IdentifierProperty`: the one union of the subset. */
function isIdentifier(type: unknown): boolean {
  return Array.isArray(type) && type.length === 2 && type[0] === 'string' && type[1] === 'integer';
}

function isObject(value: unknown): value is Unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function isPositiveInteger(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0;
}
