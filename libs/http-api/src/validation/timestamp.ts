import { ValidateBy, type ValidationOptions } from 'class-validator';

/** As programs write them, days 1 to 28; the rare others are looked at thoroughly. */
const PLAIN =
  /^(?:[1-9]\d{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z$/;
const THOROUGH =
  /^(\d{4})-(\d\d)-(\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;
const FIRST = Date.parse('0001-01-01T00:00:00Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * A moment as JavaScript and PostgreSQL both understand it: an RFC 3339 date and time with `Z` or an offset, in the years
 * 1 to 9999. ISO 8601 has more to offer (weeks, days of the year, no offset at all), which the two read differently or not
 * at all.
 */
export function isTimestamp(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  if (PLAIN.test(value)) return true;
  const [, year, month, day] = THOROUGH.exec(value) ?? [];
  if (year === undefined || Number(day) < 1 || Number(day) > daysIn(Number(year), Number(month)))
    return false;
  const at = Date.parse(value);
  return at >= FIRST && at <= LAST;
}

/** 0 for a month that does not exist. */
function daysIn(year: number, month: number): number {
  if (month < 1 || month > 12) return 0;
  return month === 2 && isLeap(year) ? 29 : [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** class-validator: a moment, see `isTimestamp`. For every time the API takes, in bodies and queries. */
export function IsTimestamp(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isTimestamp',
      validator: {
        validate: isTimestamp,
        defaultMessage: () => 'must be a time with its offset, such as 2026-11-23T09:30:00Z',
      },
    },
    options,
  );
}
