export { ExpressionError } from './expression-error.js';
export { Expressions, type ExpressionLimits, type ExpressionsOptions } from './expressions.js';
export type { EvaluatedRecord } from './messages.js';
