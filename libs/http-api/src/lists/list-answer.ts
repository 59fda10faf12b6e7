import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import type { JsonValue } from '@trainbridge/connector-kit';
import { encodeCursor, type CursorScope } from './cursor.js';

/** What every list answers. */
export interface ListAnswer<T> {
  data: T[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
}

/**
 * One page out of `limit + 1` rows read in the order of the list: the surplus row only tells that there is more.
 * `keyOf` gives the ordering values of a row, which come back from `decodeCursor`.
 */
export function listAnswer<Row, T>(
  scope: string | CursorScope,
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => readonly JsonValue[],
  toItem: (row: Row) => T,
): ListAnswer<T> {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const nextCursor = rows.length > limit && last !== undefined ? encodeCursor(scope, keyOf(last)) : null;
  return { data: page.map(toItem), nextCursor };
}

/** Documents a list of `model`. */
export function ApiListResponse(
  model: Type<unknown>,
  description = 'One page of the list.',
): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ApiExtraModels(model),
    ApiOkResponse({
      description,
      schema: {
        type: 'object',
        required: ['data', 'nextCursor'],
        properties: {
          data: { type: 'array', items: { $ref: getSchemaPath(model) } },
          nextCursor: {
            type: 'string',
            nullable: true,
            description: 'Give it as `cursor` to read the next page; null on the last page.',
          },
        },
      },
    }),
  );
}
