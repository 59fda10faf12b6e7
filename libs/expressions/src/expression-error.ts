/** An expression that cannot be used. */
export class ExpressionError extends Error {
  constructor(
    message: string,
    /** Where in the source, counted in characters from 0; null when it concerns all of it. */
    readonly position: number | null,
  ) {
    super(message);
    this.name = 'ExpressionError';
  }
}
