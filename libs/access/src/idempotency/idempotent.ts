import { applyDecorators } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { ApiProblems } from '@trainbridge/http-api';

export const IDEMPOTENCY_HEADER = 'idempotency-key';
export const REPLAYED_HEADER = 'idempotency-replayed';

/** Documents `Idempotency-Key` on a write. Every authenticated write under /api honours it, with or without this. */
export function Idempotent(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        'Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused.',
      schema: { type: 'string', maxLength: 255 },
    }),
    ApiProblems('idempotency_conflict', 'idempotency_in_progress'),
  );
}
