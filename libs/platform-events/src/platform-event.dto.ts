import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { JsonObject } from '@trainbridge/connector-kit';
import { IsTimestamp, ListQuery } from '@trainbridge/http-api';
import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';

export const STATUSES = ['pending', 'applied', 'ignored', 'failed', 'dead'] as const;
export const KINDS = [
  'user.changed',
  'user.left',
  'user.renamed',
  'department.changed',
  'department.removed',
  'visibility.changed',
  'customer.changed',
  'customer.removed',
  'task.changed',
  'todo.changed',
  'other',
] as const;

export class PlatformEventsQuery extends ListQuery {
  @ApiPropertyOptional({ type: String })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  connectionId?: string;

  @ApiPropertyOptional({ enum: STATUSES })
  @IsOptional()
  @IsIn(STATUSES)
  status?: (typeof STATUSES)[number];

  @ApiPropertyOptional({ enum: KINDS })
  @IsOptional()
  @IsIn(KINDS)
  kind?: (typeof KINDS)[number];

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Received at this time or later.' })
  @IsOptional()
  @IsTimestamp()
  since?: string;
}

export class PlatformEventPath {
  @ApiProperty({ description: 'Id of the platform event.', example: 'pev_0198c2a4e2d07c1f5a9be3d46b20' })
  @Matches(/^[\w-]{1,64}$/, { message: 'is not an id' })
  id: string;
}

export class PlatformEventErrorDto {
  @ApiProperty({ example: 'unavailable' })
  code: string;

  @ApiProperty()
  message: string;
}

export class RawMessageDto {
  @ApiProperty({ example: 'POST' })
  method: string;

  @ApiProperty({
    description: 'As it came, percent-encoding untouched; secrets of the connection are masked.',
  })
  queryString: string;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  headers: Record<string, string>;

  @ApiProperty({
    description:
      'Base64 of the bytes as they came, secrets of the connection masked; in lists at most the first 4,096 of them.',
  })
  bodyBase64: string;

  @ApiProperty({ type: 'integer', description: 'Length of the whole body.' })
  bodyBytes: number;
}

export class PlatformEventDto {
  @ApiProperty({ example: 'pev_0198c2a4e2d07c1f5a9be3d46b20' })
  id: string;

  @ApiProperty()
  connectionId: string;

  @ApiProperty({ enum: KINDS })
  kind: string;

  @ApiProperty({ description: 'Equal for every delivery of the same event.' })
  key: string;

  @ApiProperty({ type: [String], description: 'External ids it is about.' })
  externalIds: string[];

  @ApiProperty({ type: String, nullable: true, description: 'Of a renamed user: the id until then.' })
  previousId: string | null;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'As the connector decoded it.' })
  data: JsonObject;

  @ApiProperty({
    enum: STATUSES,
    description:
      '`failed` is tried again at `nextAttemptAt`; `dead` waits for `retry`; `ignored` concerns nothing here.',
  })
  status: string;

  @ApiProperty({ type: String, nullable: true })
  detail: string | null;

  @ApiProperty({ type: PlatformEventErrorDto, nullable: true })
  error: PlatformEventErrorDto | null;

  @ApiProperty({ type: 'integer' })
  attempts: number;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  nextAttemptAt: string | null;

  @ApiProperty({ format: 'date-time', description: 'By the platform’s clock.' })
  occurredAt: string;

  @ApiProperty({ format: 'date-time' })
  receivedAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  finishedAt: string | null;

  @ApiProperty({ type: RawMessageDto, description: 'The message it came in.' })
  raw: RawMessageDto;
}
