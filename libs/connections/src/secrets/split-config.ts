import {
  isJsonObject,
  type ConfigSchema,
  type JsonObject,
  type ObjectProperty,
} from '@trainbridge/connector-kit';

type Schema = Pick<ConfigSchema | ObjectProperty, 'properties'>;

/** Takes the `writeOnly` properties out of a configuration: `open` may be shown, `secret` must be encrypted. */
export function splitConfig(schema: Schema, config: JsonObject): { open: JsonObject; secret: JsonObject } {
  const open: JsonObject = {};
  const secret: JsonObject = {};
  for (const [name, value] of Object.entries(config)) {
    const property = schema.properties[name];
    if (property?.type === 'object' && isJsonObject(value)) {
      const parts = splitConfig(property, value);
      open[name] = parts.open;
      if (Object.keys(parts.secret).length > 0) secret[name] = parts.secret;
    } else if (property && 'writeOnly' in property && property.writeOnly) {
      secret[name] = value;
    } else {
      open[name] = value;
    }
  }
  return { open, secret };
}

/** The whole configuration again. */
export function joinConfig(open: JsonObject, secret: JsonObject): JsonObject {
  const joined: JsonObject = { ...open };
  for (const [name, value] of Object.entries(secret)) {
    const known = joined[name];
    joined[name] = isJsonObject(value) && isJsonObject(known) ? joinConfig(known, value) : value;
  }
  return joined;
}

/** Names of the secrets that are set, nested ones as `outer.inner`. */
export function secretNames(secret: JsonObject): string[] {
  return Object.entries(secret)
    .flatMap(([name, value]) =>
      isJsonObject(value) ? secretNames(value).map((inner) => `${name}.${inner}`) : [name],
    )
    .sort();
}

/** JSON Merge Patch (RFC 7396): what is absent stays, null removes, objects merge. */
export function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const merged: JsonObject = { ...target };
  for (const [name, value] of Object.entries(patch)) {
    const known = merged[name];
    if (value === null) delete merged[name];
    else if (isJsonObject(value)) merged[name] = mergePatch(isJsonObject(known) ? known : {}, value);
    else merged[name] = value;
  }
  return merged;
}

/** Names of `x-identity` properties whose value differs. */
export function changedIdentity(schema: ConfigSchema, before: JsonObject, after: JsonObject): string[] {
  return Object.entries(schema.properties)
    .filter(([name, property]) => property['x-identity'] && !sameValue(before[name], after[name]))
    .map(([name]) => name);
}

function sameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}
