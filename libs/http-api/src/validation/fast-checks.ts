import { isISO8601, isRFC3339 } from 'class-validator';
import { isTimestamp } from './timestamp.js';

export type Check = (value: unknown) => boolean;

/** Timestamps as programs write them, days 1 to 28; the rare others are for the thorough check. */
const PLAIN_TIME =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** The common validators of class-validator without its detours; null for those that have no shorter form. */
export function fastCheck(name: string, constraints: readonly unknown[]): Check | null {
  const [first, second] = constraints;
  switch (name) {
    case 'isDefined':
      return (value) => value !== undefined && value !== null;
    case 'isString':
      return (value) => typeof value === 'string';
    case 'isBoolean':
      return (value) => typeof value === 'boolean';
    case 'isInt':
      return (value) => Number.isInteger(value);
    case 'isArray':
      return (value) => Array.isArray(value);
    case 'isObject':
      return (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'isNumber':
      return hasOptions(first) ? null : (value) => Number.isFinite(value);
    case 'min':
      return (value) => typeof value === 'number' && value >= (first as number);
    case 'max':
      return (value) => typeof value === 'number' && value <= (first as number);
    case 'isNotEmpty':
      return (value) => value !== '' && value !== null && value !== undefined;
    case 'isIn':
      return Array.isArray(first) ? setCheck(first) : null;
    case 'isEnum':
      return setCheck(Object.values(first as object));
    case 'arrayMaxSize':
      return (value) => Array.isArray(value) && value.length <= (first as number);
    case 'arrayMinSize':
      return (value) => Array.isArray(value) && value.length >= (first as number);
    case 'maxLength':
      return (value) => typeof value === 'string' && characters(value) <= (first as number);
    case 'minLength':
      return (value) => typeof value === 'string' && characters(value) >= (first as number);
    case 'isLength':
      return (value) => {
        if (typeof value !== 'string') return false;
        const length = characters(value);
        return length >= (first as number) && (second === undefined || length <= (second as number));
      };
    case 'matches':
      return first instanceof RegExp && !first.global && !first.sticky && second === undefined
        ? (value) => typeof value === 'string' && first.test(value)
        : null;
    case 'isIso8601':
      return (value) =>
        (typeof value === 'string' && PLAIN_TIME.test(value)) ||
        isISO8601(value, first as object | undefined);
    case 'isRfc3339':
      return (value) => (typeof value === 'string' && PLAIN_TIME.test(value)) || isRFC3339(value);
    case 'isTimestamp':
      return isTimestamp;
    default:
      return null;
  }
}

function hasOptions(options: unknown): boolean {
  return typeof options === 'object' && options !== null && Object.keys(options).length > 0;
}

function setCheck(values: unknown[]): Check {
  const allowed = new Set(values);
  return (value) => allowed.has(value);
}

/** As class-validator counts: a pair of surrogates, and a character with its variation selector, are one. */
function characters(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0xd800 && code <= 0xdbff) {
      const next = text.charCodeAt(index + 1);
      if (next >= 0xdc00 && next <= 0xdfff) count -= 1;
    } else if (code === 0xfe0e || code === 0xfe0f) {
      count -= 1;
    }
  }
  return count;
}
