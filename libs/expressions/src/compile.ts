import jsonata from 'jsonata';
import { ExpressionError } from './expression-error.js';

export const MOST_SOURCE = 10_000;

/** Only parses: nothing is evaluated on the host's own thread. @throws {ExpressionError} */
export function parseExpression(source: string): void {
  if (source.trim() === '') throw new ExpressionError('the expression is empty', 0);
  if (source.length > MOST_SOURCE)
    throw new ExpressionError(`the expression is longer than ${MOST_SOURCE} characters`, null);
  let syntaxTree: unknown;
  try {
    syntaxTree = jsonata(source).ast();
  } catch (error) {
    // JSONata throws plain objects; a RangeError comes from thousands of nested brackets.
    const { message, position } = error as { message?: unknown; position?: unknown };
    if (error instanceof RangeError) throw new ExpressionError('the expression is nested too deeply', null);
    throw new ExpressionError(
      typeof message === 'string' ? message : 'the expression cannot be read',
      typeof position === 'number' ? position : null,
    );
  }
  const position = positionOfEval(syntaxTree);
  if (position !== null) throw new ExpressionError('$eval is not available', position);
}

function positionOfEval(root: unknown): number | null {
  const seen = new Set<object>();
  const open: unknown[] = [root];
  while (open.length > 0) {
    const node = open.pop();
    if (typeof node !== 'object' || node === null || seen.has(node)) continue;
    seen.add(node);
    const { type, value, position } = node as { type?: unknown; value?: unknown; position?: unknown };
    if (type === 'variable' && value === 'eval') return typeof position === 'number' ? position : 0;
    for (const inner of Object.values(node) as unknown[]) open.push(inner);
  }
  return null;
}
