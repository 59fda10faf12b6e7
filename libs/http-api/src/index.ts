export { clientIpOf } from './client-ip.js';
export { ApiHttpAdapter, DEFAULT_BODY_LIMIT, type HttpAdapterOptions } from './http-adapter.js';
export { HttpApiModule } from './http-api.module.js';
export { localize, preferredLanguage, type Language } from './language.js';
export { decodeCursor, decodeTimeCursor, encodeCursor, type CursorScope } from './lists/cursor.js';
export { ApiListResponse, listAnswer, type ListAnswer } from './lists/list-answer.js';
export { ListQuery } from './lists/list-query.js';
export { ApiProblems, declaredProblems } from './problems/api-problems.js';
export { problemCatalogue, type ProblemCode, type ProblemKind } from './problems/catalogue.js';
export { PROBLEM_MEDIA_TYPE, Problem, problemDocument, problemType } from './problems/problem-document.js';
export { ProblemError, notFound, type FieldProblem, type ProblemDetails } from './problems/problem-error.js';
export { ProblemFilter } from './problems/problem-filter.js';
export { toProblem } from './problems/to-problem.js';
export { REQUEST_ID_HEADER, assignRequestId, requestIdOf } from './request-id.js';
export { AcceptForm, BodyLimit, PUBLIC_ROUTE, Public } from './route-settings.js';
export {
  compileDto,
  compileValidator,
  type CompiledDto,
  type CompiledProblem,
  type DtoClass,
} from './validation/compile-validator.js';
export { IsTimestamp, isTimestamp } from './validation/timestamp.js';
export { ApiValidationPipe, invalid } from './validation/validation-pipe.js';
