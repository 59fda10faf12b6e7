import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsTimestamp } from '@trainbridge/http-api';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsObject,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { LEARNING_EVENT_TYPES, type LearningEventType } from './learning-event-types.js';

/** Leaving it out is fine, null is not. */
const IfPresent = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

export class LearnerDto {
  @ApiPropertyOptional({
    description: 'A User’s id.',
    maxLength: 64,
    example: 'usr_0198c2a4e2d07c1f5a9be3d46b20',
  })
  @IfPresent()
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  userId?: string;

  @ApiPropertyOptional({ description: 'A Customer’s id.', maxLength: 64 })
  @IfPresent()
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  customerId?: string;

  @ApiPropertyOptional({ description: 'With `externalId`, or to narrow `employeeNumber`.', maxLength: 64 })
  @IfPresent()
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  connectionId?: string;

  @ApiPropertyOptional({
    description: 'The platform’s id of the person, or another one as `type:value` (`open_id:ou_…`).',
    maxLength: 200,
  })
  @IfPresent()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  externalId?: string;

  @ApiPropertyOptional({ description: '工号', maxLength: 100, example: 'E1024' })
  @IfPresent()
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  employeeNumber?: string;
}

export class LearningCourseDto {
  @ApiProperty({ description: 'The learning system’s id of the course.', maxLength: 200 })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  id: string;

  @ApiPropertyOptional({ maxLength: 200 })
  @IfPresent()
  @IsString()
  @MaxLength(200)
  code?: string;

  @ApiPropertyOptional({ maxLength: 500, example: '信息安全基础' })
  @IfPresent()
  @IsString()
  @MaxLength(500)
  title?: string;
}

export class LearningScoreDto {
  @ApiProperty({ example: 92 })
  @IsNumber()
  raw: number;

  @ApiPropertyOptional({ example: 0 })
  @IfPresent()
  @IsNumber()
  min?: number;

  @ApiPropertyOptional({ example: 100 })
  @IfPresent()
  @IsNumber()
  max?: number;

  @ApiPropertyOptional({ minimum: -1, maximum: 1, example: 0.92 })
  @IfPresent()
  @IsNumber()
  @Min(-1)
  @Max(1)
  scaled?: number;
}

export class LearningResultDto {
  @ApiPropertyOptional()
  @IfPresent()
  @IsBoolean()
  completion?: boolean;

  @ApiPropertyOptional()
  @IfPresent()
  @IsBoolean()
  success?: boolean;

  @ApiPropertyOptional({ minimum: 0, maximum: 1, example: 1 })
  @IfPresent()
  @IsNumber()
  @Min(0)
  @Max(1)
  progress?: number;

  @ApiPropertyOptional({ type: LearningScoreDto })
  @IfPresent()
  @ValidateNested()
  @Type(() => LearningScoreDto)
  score?: LearningScoreDto;

  @ApiPropertyOptional({ minimum: 0, description: 'Of this event, not in total.', example: 1_800 })
  @IfPresent()
  @IsNumber()
  @Min(0)
  durationSeconds?: number;
}

const FREE_OBJECT = { type: 'object' as const, additionalProperties: true };

/** One thing that happened to a learner, as the learning system tells it. */
export class LearningEventDto {
  @ApiProperty({
    description:
      'Made by the learning system, unique for each client. Sending it again with the same content does nothing.',
    maxLength: 64,
    example: 'lms-2026-000123',
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  id: string;

  @ApiProperty({ enum: LEARNING_EVENT_TYPES, enumName: 'LearningEventType' })
  @IsIn(LEARNING_EVENT_TYPES)
  type: LearningEventType;

  @ApiProperty({
    type: LearnerDto,
    description:
      'Exactly one of `{userId}`, `{customerId}`, `{connectionId, externalId}`, `{employeeNumber}` (which may be narrowed by `connectionId`).',
  })
  @ValidateNested()
  @IsObject()
  @Type(() => LearnerDto)
  learner: LearnerDto;

  @ApiPropertyOptional({ type: LearningCourseDto })
  @IfPresent()
  @ValidateNested()
  @Type(() => LearningCourseDto)
  course?: LearningCourseDto;

  @ApiPropertyOptional({ ...FREE_OBJECT, description: 'The exam, usually `{id, code?, title?}`.' })
  @IfPresent()
  @IsObject()
  exam?: Record<string, unknown>;

  @ApiPropertyOptional({ maxLength: 64, description: 'The enrollment it belongs to.' })
  @IfPresent()
  @IsString()
  @MaxLength(64)
  enrollmentId?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, description: 'Which try of the learner this is.' })
  @IfPresent()
  @IsInt()
  @Min(1)
  attempt?: number;

  @ApiPropertyOptional({ maxLength: 64, description: 'The `id` of the event that this one corrects.' })
  @IfPresent()
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  corrects?: string;

  @ApiPropertyOptional({ type: LearningResultDto })
  @IfPresent()
  @ValidateNested()
  @Type(() => LearningResultDto)
  result?: LearningResultDto;

  @ApiPropertyOptional({
    ...FREE_OBJECT,
    description: 'The certificate, usually `{id, title?, number?, url?, expiresAt?}`.',
  })
  @IfPresent()
  @IsObject()
  certificate?: Record<string, unknown>;

  @ApiPropertyOptional({
    type: 'array',
    items: {},
    maxItems: 100,
    description: 'Skills, as names or as objects such as `{id, name, level}`.',
  })
  @IfPresent()
  @IsArray()
  @ArrayMaxSize(100)
  skills?: unknown[];

  @ApiProperty({ format: 'date-time', example: '2026-11-23T09:30:00Z' })
  @IsTimestamp()
  occurredAt: string;

  @ApiPropertyOptional({ ...FREE_OBJECT, description: 'Anything else worth passing on.' })
  @IfPresent()
  @IsObject()
  attributes?: Record<string, unknown>;
}

/** The most events in one request. */
export const MOST_EVENTS = 1_000;

export class LearningEventBatchDto {
  @ApiProperty({ type: [LearningEventDto], minItems: 1, maxItems: MOST_EVENTS })
  events: LearningEventDto[];
}

export class RejectedLearningEventDto {
  @ApiProperty({ type: 'integer', description: 'Position in the batch, from 0; 0 for a single event.' })
  index: number;

  @ApiProperty({
    description: 'From the error catalogue.',
    enum: ['invalid_request', 'id_conflict', 'forbidden', 'body_too_large'],
  })
  code: string;

  @ApiProperty({ description: 'What is wrong, in the language of `Accept-Language`.' })
  detail: string;
}

export class AcceptedLearningEventsDto {
  @ApiProperty({ type: 'integer', description: 'New events whose learner is known.' })
  accepted: number;

  @ApiProperty({ type: 'integer', description: 'Events that were here already, with the same content.' })
  duplicates: number;

  @ApiProperty({
    type: 'integer',
    description:
      'New events whose learner is not known yet; subscriptions get them at once, and they are resolved when the person appears.',
  })
  held: number;

  @ApiProperty({ type: [RejectedLearningEventDto] })
  rejected: RejectedLearningEventDto[];
}
