import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ListQuery } from '@trainbridge/http-api';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';

export const DELIVERY_STATUSES = ['pending', 'sending', 'delivered', 'dead', 'canceled'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

export class DeliveriesQuery extends ListQuery {
  @ApiPropertyOptional({ enum: DELIVERY_STATUSES, description: 'Only those in this state.' })
  @IsOptional()
  @IsIn(DELIVERY_STATUSES)
  status?: DeliveryStatus;

  @ApiPropertyOptional({ type: String, description: 'Only those of this subscription.' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  subscriptionId?: string;

  @ApiPropertyOptional({ type: String, description: 'Only those of events of this connection.' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  connectionId?: string;

  @ApiPropertyOptional({
    type: String,
    description:
      'Only those of this event: the `id` it was sent in with, or the `webhook-id` it goes out with.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  eventId?: string;
}

export class AttemptRequestDto {
  @ApiProperty({ format: 'uri' })
  url: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Values of your own headers are hidden.',
  })
  headers: Record<string, string>;
}

export class AttemptResponseDto {
  @ApiProperty({ type: 'integer', example: 503 })
  status: number;

  @ApiProperty({ type: String, nullable: true, description: 'The beginning of the body, at most 4 KiB.' })
  excerpt: string | null;
}

export class AttemptErrorDto {
  @ApiProperty({
    enum: [
      'timeout',
      'connection_failed',
      'name_not_resolved',
      'tls_failed',
      'address_refused',
      'bad_answer',
      'redirect_refused',
      'status',
    ],
  })
  code: string;

  @ApiProperty({ example: 'The receiver answered 503.' })
  message: string;
}

export class DeliveryAttemptDto {
  @ApiProperty({
    type: 'integer',
    description: 'Grows with every attempt; gaps are attempts whose process was killed.',
  })
  number: number;

  @ApiProperty({ format: 'date-time' })
  startedAt: string;

  @ApiProperty({ type: 'integer' })
  durationMs: number;

  @ApiProperty({ type: AttemptRequestDto })
  request: AttemptRequestDto;

  @ApiProperty({ type: AttemptResponseDto, nullable: true, description: 'Null: nothing was answered.' })
  response: AttemptResponseDto | null;

  @ApiProperty({ type: AttemptErrorDto, nullable: true, description: 'Null: it succeeded.' })
  error: AttemptErrorDto | null;
}

export class DeliveryDto {
  @ApiProperty({ example: 'dlv_0198c2a4e2d07c1f5a9be3d46b20' })
  id: string;

  @ApiProperty({ example: 'sub_0198c2a4e2d07c1f5a9be3d46b20' })
  subscriptionId: string;

  @ApiProperty({ type: String, nullable: true })
  connectionId: string | null;

  @ApiProperty({
    description: 'The `webhook-id`: the same on every attempt.',
    example: 'lev_0198c2a4e2d07c1f5a9be3d46b20',
  })
  eventId: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The `id` the event was sent in with; null for events made here.',
  })
  sourceEventId: string | null;

  @ApiProperty({ example: 'course.completed' })
  eventType: string;

  @ApiProperty({
    enum: DELIVERY_STATUSES,
    description: '`dead`: retries are used up; it can be retried by hand or recovered.',
  })
  status: DeliveryStatus;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it is tried next; null unless pending.',
  })
  nextAttemptAt: string | null;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({ type: 'integer' })
  attemptCount: number;

  @ApiProperty({
    type: [DeliveryAttemptDto],
    description: 'In order; lists show the latest 20 of each delivery.',
  })
  attempts: DeliveryAttemptDto[];
}

export class DeliveryDetailDto extends DeliveryDto {
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'The body that is sent.' })
  payload: Record<string, unknown>;
}
