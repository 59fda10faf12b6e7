import type { JsonValue, LocalizedText } from '@trainbridge/connector-kit';
import { localize } from '../language.js';
import { problemCatalogue, type ProblemCode } from './catalogue.js';

/** One thing that is wrong with the input. `path` is a JSON pointer into it, such as `/events/3/result/score`. */
export interface FieldProblem {
  path: string;
  message: string | LocalizedText;
}

export interface ProblemDetails {
  /** What is wrong in this case and what to do; without it the catalogue's advice is shown. Never with secrets. */
  detail?: string | LocalizedText;
  errors?: FieldProblem[];
  /** Only where the catalogue's status does not fit. */
  status?: number;
  headers?: Record<string, string>;
  /** Further members of the problem document. */
  extensions?: Record<string, JsonValue>;
  cause?: unknown;
}

/** What features throw to answer with a problem document; anything else that is thrown becomes a bare 500. */
export class ProblemError extends Error {
  readonly status: number;

  constructor(
    readonly code: ProblemCode,
    readonly details: ProblemDetails = {},
  ) {
    super(localize(details.detail ?? problemCatalogue[code].advice, 'en'), { cause: details.cause });
    this.name = 'ProblemError';
    this.status = details.status ?? problemCatalogue[code].status;
  }
}

/** 404 for a record, in both languages: `notFound('connection', id)`. */
export function notFound(what: string, id: string): ProblemError {
  const shown = id.slice(0, 64);
  return new ProblemError('not_found', {
    detail: { en: `There is no ${what} ${shown}.`, 'zh-CN': `不存在 ${what} ${shown}。` },
  });
}
