import { ApiProperty } from '@nestjs/swagger';
import { localize, type Language } from '../language.js';
import { problemCatalogue, type ProblemCode } from './catalogue.js';
import type { ProblemError } from './problem-error.js';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** The page that explains a code; served by the host itself, so it works without internet. */
export function problemType(code: ProblemCode): string {
  return `/docs/errors#${code}`;
}

export class FieldProblemDocument {
  @ApiProperty({ description: 'JSON pointer into the input.', example: '/config/corpId' })
  path: string;

  @ApiProperty({
    description: 'What is wrong there, in the language of `Accept-Language`.',
    example: 'is required',
  })
  message: string;
}

/** RFC 9457 problem document, `application/problem+json`. */
export class Problem {
  @ApiProperty({
    description: 'Where the code is explained, relative to the host.',
    format: 'uri-reference',
    example: '/docs/errors#not_found',
  })
  type: string;

  @ApiProperty({
    description: 'The kind of problem, in the language of `Accept-Language`.',
    example: 'Not found',
  })
  title: string;

  @ApiProperty({ description: 'The HTTP status.', example: 404 })
  status: number;

  @ApiProperty({
    description: 'What is wrong in this case and what to do, in the language of `Accept-Language`.',
  })
  detail: string;

  @ApiProperty({ description: 'Stable, for programs; listed in the error catalogue.', example: 'not_found' })
  code: string;

  @ApiProperty({
    description: 'What is wrong where, when the input is.',
    type: [FieldProblemDocument],
    required: false,
  })
  errors?: FieldProblemDocument[];

  @ApiProperty({
    description: 'Names this request in logs and reports.',
    example: 'req_0198c2a4e2d07c1f5a9be3d46b20',
  })
  requestId: string;
}

export function problemDocument(problem: ProblemError, language: Language, requestId: string): Problem {
  const { code, details, status } = problem;
  const known = problemCatalogue[code];
  const document: Problem = {
    type: problemType(code),
    title: localize(known.title, language),
    status,
    detail: localize(details.detail ?? known.advice, language),
    code,
    requestId,
  };
  if (details.errors) {
    document.errors = details.errors.map(({ path, message }) => ({
      path,
      message: localize(message, language),
    }));
  }
  // The standard members win: an extension can add, never disguise.
  return { ...details.extensions, ...document };
}
