import { ApiProperty, ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import { IsTimestamp } from '@trainbridge/http-api';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import { EVENT_PATTERN } from '../webhook/event-pattern.js';
import { DEFAULT_RETRY_SCHEDULE } from '../webhook/retry-schedule.js';
import { IsOwnHeaders } from './own-headers.js';

/** Leaving it out is fine, null is not. */
const IfPresent = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

const URL_TEXT: ApiPropertyOptions = {
  description:
    'Where webhooks are sent. https (in production http only within TRAINBRIDGE_ALLOWED_NETWORKS), without credentials; redirects are not followed.',
  maxLength: 2_048,
  format: 'uri',
  example: 'https://oa.example.com/hooks/learning',
};
const EVENT_TYPES_TEXT: ApiPropertyOptions = {
  type: [String],
  description: 'Which events: names (`course.completed`), families (`exam.*`) or everything (`*`).',
  example: ['course.completed', 'exam.*'],
};

class SubscriptionSettingsDto {
  @ApiPropertyOptional({
    type: [String],
    nullable: true,
    description: 'Only events of these connections; null or absent: of all that the client may see.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  @ArrayUnique()
  @IsString({ each: true })
  @MaxLength(64, { each: true })
  connectionIds?: string[] | null;

  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'integer', minimum: 0, maximum: 604_800 },
    nullable: true,
    description:
      'Seconds before each retry (each moved by up to 10 %); after the last one the delivery is dead. An empty list: no retry.',
    default: DEFAULT_RETRY_SCHEDULE,
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(30)
  @IsInt({ each: true })
  @Min(0, { each: true })
  @Max(604_800, { each: true })
  retrySchedule?: number[] | null;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 10_000,
    nullable: true,
    description:
      'Webhooks per second (of each worker process); null or absent: as fast as the receiver takes them.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10_000)
  rateLimit?: number | null;

  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description:
      'Events of one person one after the other: the next waits until the one before is delivered or dead.',
  })
  @IfPresent()
  @IsBoolean()
  ordered?: boolean;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string', maxLength: 2_048 },
    description:
      'Headers of your own on every webhook, such as an API key. Stored encrypted, shown as `***`.',
    example: { 'x-api-key': 'k-123' },
  })
  @IfPresent()
  @IsOwnHeaders()
  headers?: Record<string, string>;
}

export class CreateSubscriptionDto extends SubscriptionSettingsDto {
  @ApiProperty(URL_TEXT)
  @IsString()
  @MaxLength(2_048)
  url: string;

  @ApiProperty(EVENT_TYPES_TEXT)
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @ArrayUnique()
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  @Matches(EVENT_PATTERN, { each: true })
  eventTypes: string[];
}

export class UpdateSubscriptionDto extends SubscriptionSettingsDto {
  @ApiPropertyOptional(URL_TEXT)
  @IfPresent()
  @IsString()
  @MaxLength(2_048)
  url?: string;

  @ApiPropertyOptional(EVENT_TYPES_TEXT)
  @IfPresent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @ArrayUnique()
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  @Matches(EVENT_PATTERN, { each: true })
  eventTypes?: string[];

  @ApiPropertyOptional({
    enum: ['active', 'disabled'],
    description:
      'A disabled subscription gets no new events and what waits for it goes on waiting; enable it to resume.',
  })
  @IfPresent()
  @IsIn(['active', 'disabled'])
  status?: 'active' | 'disabled';
}

export class SubscriptionDto {
  @ApiProperty({ example: 'sub_0198c2a4e2d07c1f5a9be3d46b20' })
  id: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The client it belongs to; null: made with the admin token.',
  })
  clientId: string | null;

  @ApiProperty({ format: 'uri' })
  url: string;

  @ApiProperty({ type: [String] })
  eventTypes: string[];

  @ApiProperty({ type: [String], nullable: true, description: 'Null: all that the client may see.' })
  connectionIds: string[] | null;

  @ApiProperty({ type: 'array', items: { type: 'integer' }, description: 'Seconds before each retry.' })
  retrySchedule: number[];

  @ApiProperty({ type: 'integer', nullable: true })
  rateLimit: number | null;

  @ApiProperty()
  ordered: boolean;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'The names of your own headers; values are never shown.',
    example: { 'x-api-key': '***' },
  })
  headers: Record<string, string>;

  @ApiProperty({ enum: ['active', 'disabled'] })
  status: 'active' | 'disabled';

  @ApiProperty({
    type: String,
    nullable: true,
    description: '`gone`: the receiver answered 410. `manual`: somebody disabled it. Null while active.',
    example: null,
  })
  disabledReason: string | null;

  @ApiProperty({
    enum: ['closed', 'open', 'half_open'],
    description:
      'As this process sees the receiver: `open` while it is down and deliveries wait, `half_open` while one probes.',
  })
  breaker: 'closed' | 'open' | 'half_open';

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description:
      'Until then webhooks carry a signature of the previous secret as well; null: there is only one.',
  })
  previousSecretExpiresAt: string | null;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt: string;
}

export class CreatedSubscriptionDto extends SubscriptionDto {
  @ApiProperty({ description: 'The Standard Webhooks secret, shown this once.', example: 'whsec_…' })
  secret: string;
}

export class RotateSubscriptionSecretDto {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: 2_592_000,
    default: 86_400,
    description: 'How long webhooks are signed with the previous secret as well, in seconds.',
  })
  @IfPresent()
  @IsInt()
  @Min(0)
  @Max(2_592_000)
  overlapSeconds: number = 86_400;
}

export class RecoverDto {
  @ApiProperty({ format: 'date-time', description: 'Dead deliveries made from then on are tried again.' })
  @IsTimestamp()
  since: string;
}

export class RecoveredDto {
  @ApiProperty({ type: 'integer', description: 'How many deliveries are on their way again.' })
  recovered: number;
}
