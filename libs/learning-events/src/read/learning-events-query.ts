import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsTimestamp, ListQuery } from '@trainbridge/http-api';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { LEARNING_EVENT_TYPES, type LearningEventType } from '../learning-event-types.js';

const YES_NO = ['true', 'false'] as const;

export class LearningEventsQuery extends ListQuery {
  @ApiPropertyOptional({ enum: LEARNING_EVENT_TYPES, enumName: 'LearningEventType' })
  @IsOptional()
  @IsIn(LEARNING_EVENT_TYPES)
  type?: LearningEventType;

  @ApiPropertyOptional({
    type: String,
    description: 'The event sent in with this `id`, or kept under this `recordId`.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  eventId?: string;

  @ApiPropertyOptional({ type: String })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  userId?: string;

  @ApiPropertyOptional({ type: String })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  customerId?: string;

  @ApiPropertyOptional({ type: String, description: 'For the admin token: events of this client only.' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  clientId?: string;

  @ApiPropertyOptional({ type: String })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  connectionId?: string;

  @ApiPropertyOptional({ type: String })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  courseId?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: '`occurredAt` from this time on.' })
  @IsOptional()
  @IsTimestamp()
  since?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: '`occurredAt` before this time.' })
  @IsOptional()
  @IsTimestamp()
  until?: string;

  @ApiPropertyOptional({ enum: YES_NO, description: '`true`: only events whose learner is not known yet.' })
  @IsOptional()
  @IsIn(YES_NO)
  held?: (typeof YES_NO)[number];

  @ApiPropertyOptional({
    enum: YES_NO,
    default: 'true',
    description: '`false` saves counting when only the events matter.',
  })
  @IsOptional()
  @IsIn(YES_NO)
  count?: (typeof YES_NO)[number];
}
