import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { LocalizedText } from '@trainbridge/connector-kit';
import { localize, preferredLanguage } from '@trainbridge/http-api';
import type { FastifyReply, FastifyRequest } from 'fastify';

export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'unauthorized_client'
  | 'slow_down';

/** An error of the token endpoint, in the form of RFC 6749 section 5.2. */
export class OAuthError extends Error {
  constructor(
    readonly error: OAuthErrorCode,
    readonly description: LocalizedText,
    readonly headers: Record<string, string> = {},
  ) {
    super(description.en);
  }

  get status(): number {
    if (this.error === 'invalid_client') return 401;
    return this.error === 'slow_down' ? 429 : 400;
  }
}

export class OAuthErrorDto {
  @ApiProperty({
    example: 'invalid_client',
    description: 'As in RFC 6749 section 5.2; `slow_down` after too many attempts.',
  })
  error: string;

  @ApiProperty({ description: 'What is wrong and what to do.', example: 'The client id or secret is wrong.' })
  error_description: string;
}

@Catch(OAuthError)
export class OAuthErrorFilter implements ExceptionFilter {
  catch(error: OAuthError, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    // RFC 6749 allows ASCII only in error_description; Chinese readers still get Chinese, in JSON that is UTF-8.
    const language = preferredLanguage(request.headers['accept-language']);
    void reply
      .status(error.status)
      .headers({ 'cache-control': 'no-store', pragma: 'no-cache', ...error.headers })
      .send({
        error: error.error,
        error_description: localize(error.description, language),
      } satisfies OAuthErrorDto);
  }
}
