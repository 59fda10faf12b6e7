import type { FieldMapping } from '@trainbridge/connections';
import type { Expressions } from '@trainbridge/expressions';
import { NO_MAPPING, type MappedRecord, type RecordMapper } from './record-stager.js';

/**
 * A connection's mapping as the stager uses it. An expression that finds nothing leaves the connector's own value; one
 * that fails makes the record rejected, with the field and the reason.
 */
export function expressionMapper(expressions: Expressions, mapping: FieldMapping): RecordMapper {
  const sources = { user: present(mapping.user), department: present(mapping.department) };
  if (Object.keys(sources.user).length + Object.keys(sources.department).length === 0) return NO_MAPPING;
  return {
    async map(kind, raws) {
      if (raws.length === 0) return [];
      const evaluated = await expressions.evaluateBatch(sources[kind], raws);
      return evaluated.map(({ values, errors }): MappedRecord => {
        const [failed] = Object.entries(errors);
        if (failed) return { problem: `mapping of ${failed[0]}: ${failed[1]}` };
        return { values: values };
      });
    },
  };
}

function present(fields: Partial<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
