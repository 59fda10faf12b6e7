import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsTimestamp, ListQuery } from '@trainbridge/http-api';
import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';

export class ExchangesQuery extends ListQuery {
  @ApiPropertyOptional({ type: String })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  connectionId?: string;

  @ApiPropertyOptional({ enum: ['outbound', 'inbound'], description: '`outbound`: we called the platform.' })
  @IsOptional()
  @IsIn(['outbound', 'inbound'])
  direction?: 'outbound' | 'inbound';

  @ApiPropertyOptional({
    type: String,
    description:
      'An HTTP status (`502`), a class of them (`5xx`), or `none` for calls that were never answered.',
    example: '5xx',
  })
  @IsOptional()
  @Matches(/^(?:[1-5]\d\d|[1-5]xx|none)$/, {
    message: 'must be an HTTP status, a class such as 5xx, or none',
  })
  status?: string;

  @ApiPropertyOptional({ type: String, description: 'The platform’s own error code.', example: '60020' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  vendorCode?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Began at this time or later.' })
  @IsOptional()
  @IsTimestamp()
  since?: string;
}

export class ExchangeDto {
  @ApiProperty({ example: 'exc_0198c2a4e2d07c1f5a9be3d46b20' })
  id: string;

  @ApiProperty()
  connectionId: string;

  @ApiProperty({ enum: ['outbound', 'inbound'] })
  direction: string;

  @ApiProperty({ example: 'GET' })
  method: string;

  @ApiProperty({ description: 'Without secrets and tokens.' })
  url: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'HTTP status; null when no answer came.' })
  status: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'The platform’s own error code.' })
  vendorCode: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'What the platform’s support asks for.' })
  vendorRequestId: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'How the host understood it; null for a success.',
  })
  errorCode: string | null;

  @ApiProperty({ type: String, nullable: true })
  errorMessage: string | null;

  @ApiProperty({ type: 'integer', description: '1 for the first try of a call.' })
  attempt: number;

  @ApiProperty({ type: 'integer' })
  durationMs: number;

  @ApiProperty({ type: String, nullable: true, description: 'Redacted and cut; kept of failures only.' })
  requestBody: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Redacted and cut; kept of failures only.' })
  responseBody: string | null;

  @ApiProperty({ format: 'date-time', description: 'When it began.' })
  at: string;
}
