import { Body, Controller, Header, Headers, HttpCode, Ip, Post, UseFilters } from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiBody,
  ApiConsumes,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { AcceptForm, BodyLimit, Public } from '@trainbridge/http-api';
import { OAuthErrorDto, OAuthErrorFilter } from './oauth-error.js';
import { TokenIssuer } from './token-issuer.js';
import { readTokenRequest } from './token-request.js';

export class TokenRequestDto {
  @ApiProperty({ enum: ['client_credentials'] })
  grant_type: string;

  @ApiPropertyOptional({ description: 'Unless sent with HTTP Basic.' })
  client_id?: string;

  @ApiPropertyOptional({ description: 'Unless sent with HTTP Basic.' })
  client_secret?: string;

  @ApiPropertyOptional({
    description: 'Some of the client’s scopes, separated by spaces; absent: all of them.',
    example: 'directory:read learning-events:write',
  })
  scope?: string;
}

export class TokenAnswerDto {
  @ApiProperty({ example: 'tbat_…' })
  access_token: string;

  @ApiProperty({ enum: ['Bearer'] })
  token_type: string;

  @ApiProperty({ type: 'integer', description: 'Seconds.', example: 3600 })
  expires_in: number;

  @ApiProperty({ description: 'What the token may do, separated by spaces.', example: 'directory:read' })
  scope: string;
}

/** Far above four short texts: this is the one body that a stranger may have parsed. */
const BODY_LIMIT = 16 * 1024;

const ERROR_BODY = { content: { 'application/json': { schema: { $ref: getSchemaPath(OAuthErrorDto) } } } };

@ApiTags('Access')
@Controller('oauth2')
@Public()
export class TokenController {
  constructor(private readonly issuer: TokenIssuer) {}

  @Post('token')
  @HttpCode(200)
  @AcceptForm()
  @BodyLimit(BODY_LIMIT)
  @UseFilters(OAuthErrorFilter)
  @Header('cache-control', 'no-store')
  @Header('pragma', 'no-cache')
  @ApiOperation({
    operationId: 'issueAccessToken',
    summary: 'Exchange a client’s credentials for an access token',
    description:
      'OAuth 2.0 client credentials (RFC 6749 section 4.4). Credentials by HTTP Basic or in the body; form or JSON.',
  })
  @ApiBasicAuth('clientBasic')
  @ApiConsumes('application/x-www-form-urlencoded', 'application/json')
  @ApiBody({ type: TokenRequestDto })
  @ApiExtraModels(OAuthErrorDto)
  @ApiOkResponse({ type: TokenAnswerDto, description: 'The access token.' })
  @ApiResponse({ status: 400, description: 'The request, grant type or scope is not valid.', ...ERROR_BODY })
  @ApiResponse({ status: 401, description: 'The client id or secret is wrong.', ...ERROR_BODY })
  @ApiResponse({
    status: 429,
    description: 'Too many failed logins; wait as `Retry-After` says.',
    ...ERROR_BODY,
  })
  async token(
    @Headers('authorization') authorization: string | undefined,
    @Body() body: unknown,
    @Ip() ip: string,
  ): Promise<TokenAnswerDto> {
    const issued = await this.issuer.issue(readTokenRequest(authorization, body), ip);
    return {
      access_token: issued.accessToken,
      token_type: 'Bearer',
      expires_in: issued.expiresInSeconds,
      scope: issued.scopes.join(' '),
    };
  }
}
