import { ApiPropertyOptional } from '@nestjs/swagger';
import { ListQuery } from '@trainbridge/http-api';
import { IsISO8601, IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';

/** Filters that lists of people and of departments have in common. */
export class DirectoryQuery extends ListQuery {
  @ApiPropertyOptional({ type: String, maxLength: 64, description: 'Only those of this connection.' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  connectionId?: string;

  @ApiPropertyOptional({
    type: String,
    maxLength: 400,
    description:
      'The platform’s id of it, or another one as `type:value` (`open_id:ou_…`). People’s main ids compare without case.',
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(400)
  externalId?: string;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    description:
      'Changed at this time or later. To keep a copy up to date follow the change feed instead: it misses nothing.',
    example: '2026-11-23T09:30:00Z',
  })
  @IsOptional()
  @IsISO8601({ strict: true })
  updatedSince?: string;
}
