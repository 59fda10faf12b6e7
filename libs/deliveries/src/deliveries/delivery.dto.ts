import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ERROR_CODES } from '@trainbridge/connector-kit';
import { IsTimestamp, ListQuery } from '@trainbridge/http-api';
import { IsIn, IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';

export const DELIVERY_STATUSES = ['pending', 'sending', 'delivered', 'skipped', 'dead', 'canceled'] as const;
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

  @ApiPropertyOptional({
    type: String,
    description: 'Only those of events of this connection, to subscriptions and to its platform.',
  })
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
      ...Object.keys(ERROR_CODES),
      'skipped',
    ],
    description: 'Of a receiver, or of a connector; `skipped`: the platform offers no way to be told.',
  })
  code: string;

  @ApiProperty({ example: 'The receiver answered 503.' })
  message: string;

  @ApiPropertyOptional({
    description:
      'What to do about it: which console page to open, what to tick; in the language of `Accept-Language`.',
  })
  advice?: string;

  @ApiPropertyOptional({ description: 'The platform’s own code.', example: '60111' })
  vendorCode?: string;

  @ApiPropertyOptional({ description: 'What the platform itself said.' })
  vendorMessage?: string;

  @ApiPropertyOptional({ description: 'What to name when asking the platform’s support.' })
  vendorRequestId?: string;
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

  @ApiProperty({
    type: AttemptRequestDto,
    nullable: true,
    description: 'Null at a platform: its connector makes the calls, and the exchanges show them.',
  })
  request: AttemptRequestDto | null;

  @ApiProperty({ type: AttemptResponseDto, nullable: true, description: 'Null: nothing was answered.' })
  response: AttemptResponseDto | null;

  @ApiProperty({ type: AttemptErrorDto, nullable: true, description: 'Null: it succeeded.' })
  error: AttemptErrorDto | null;
}

/** Whom something is handed over to. */
export class DeliveryTargetDto {
  @ApiProperty({
    enum: ['webhook', 'platform'],
    description: '`webhook`: a subscription; `platform`: the platform of a connection, as its `results` say.',
  })
  kind: 'webhook' | 'platform';

  @ApiPropertyOptional({ description: 'Of a webhook.', example: 'sub_0198c2a4e2d07c1f5a9be3d46b20' })
  subscriptionId?: string;

  @ApiPropertyOptional({ description: 'Of a platform.', example: 'con_0198c2a4e2d07c1f5a9be3d46b20' })
  connectionId?: string;

  @ApiPropertyOptional({ description: 'Of a platform: what is done there.', example: 'message' })
  action?: string;
}

export class DeliveryDto {
  @ApiProperty({ example: 'dlv_0198c2a4e2d07c1f5a9be3d46b20' })
  id: string;

  @ApiProperty({ type: DeliveryTargetDto })
  target: DeliveryTargetDto;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Null: handed over to a platform.',
    example: 'sub_0198c2a4e2d07c1f5a9be3d46b20',
  })
  subscriptionId: string | null;

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
    description:
      '`dead`: retries are used up, or would not help; it can be retried by hand or recovered. `skipped`: a platform offers no way to be told this; the attempt says why.',
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

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What a platform calls that which was made there, such as the id of a message or a row.',
  })
  externalRef: string | null;

  @ApiProperty({ type: 'integer' })
  attemptCount: number;

  @ApiProperty({
    type: [DeliveryAttemptDto],
    description: 'In order; lists show the latest 20 of each delivery.',
  })
  attempts: DeliveryAttemptDto[];
}

/** Which dead deliveries are sent again. */
export class RecoverPlatformDto {
  @ApiProperty({ description: 'The connection whose platform is told.', maxLength: 64 })
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  connectionId: string;

  @ApiProperty({ format: 'date-time', description: 'Dead deliveries made from then on are tried again.' })
  @IsTimestamp()
  since: string;
}

export class DeliveryDetailDto extends DeliveryDto {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'The body that is sent; to a platform: the event it is told of.',
  })
  payload: Record<string, unknown>;
}
