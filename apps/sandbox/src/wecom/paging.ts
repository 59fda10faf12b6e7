import type { WecomCall } from './world.js';

/**
 * Where the page after this one begins, as the faults that strike the call would have it; `undefined` after the
 * last. Positions are offsets into a list of `total` entries.
 */
export function nextOffset(
  call: WecomCall,
  page: { from: number; size: number; total: number },
): number | undefined {
  const { from, size, total } = page;
  const after = from + size;
  for (const fault of call.faults) {
    if (fault.kind === 'cursor_loop') return 0;
    if (fault.kind === 'duplicate_page') return from;
    if (fault.kind === 'skip_page') return after + size < total ? after + size : undefined;
  }
  return after < total ? after : undefined;
}
