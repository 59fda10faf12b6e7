import type { ConfigSchema, JsonObject, ObjectProperty } from '@trainbridge/connector-kit';
import { isJsonObject } from '@trainbridge/connector-kit';

/** The values of every `writeOnly` property of a configuration, nested ones included. */
export function secretsOf(schema: ConfigSchema | ObjectProperty, config: JsonObject): string[] {
  return Object.entries(schema.properties).flatMap(([name, property]) => {
    const value = config[name];
    if (property.type === 'object') return isJsonObject(value) ? secretsOf(property, value) : [];
    if (property.type !== 'string' || !property.writeOnly) return [];
    return typeof value === 'string' && value !== '' ? [value] : [];
  });
}
