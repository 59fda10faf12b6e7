import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { JsonObject } from '@trainbridge/connector-kit';
import { IsTimestamp, ListQuery } from '@trainbridge/http-api';
import { IsIn, IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { IfPresent, IsId } from '../fields.js';
import { ENROLLMENT_STATUSES, type EnrollmentStatus } from './enrollment-status.js';

export const TODO_STATUSES = ['pending', 'open', 'closed', 'skipped', 'failed'] as const;
export type TodoStatus = (typeof TODO_STATUSES)[number];

export class EnrollmentTodoDto {
  @ApiProperty({
    enum: TODO_STATUSES,
    description:
      '`pending`: on its way to the platform. `open`, `closed`: as the platform confirmed. `skipped`: the platform offers no way, `error` says why. `failed`: will not be tried again by itself.',
  })
  status: TodoStatus;

  @ApiProperty({ type: String, nullable: true, description: 'The platform’s own id of it.' })
  externalRef: string | null;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'What the platform said last: `code`, `message`, `advice`, `vendorCode`.',
  })
  error?: JsonObject;
}

/** As webhooks tell it: how the to-do fares is between us and the platform, and no news to a learning system. */
export class EnrollmentEventDto {
  @ApiProperty({ example: 'enr_0198c2a4e2d07c1f5a9be3d46b20' })
  id: string;

  @ApiProperty()
  assignmentId: string;

  @ApiProperty()
  connectionId: string;

  @ApiProperty({ type: String, nullable: true, description: 'Null for a customer.' })
  userId: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Null for a user.' })
  customerId: string | null;

  @ApiProperty({ example: 'c-101' })
  courseId: string;

  @ApiProperty({
    enum: ENROLLMENT_STATUSES,
    description:
      'Moved by learning events about the course, and only forward: `assigned`, `in_progress`, `failed`, `completed`, `passed`. `withdrawn` and `expired` are set by hand (or with the assignment).',
  })
  status: EnrollmentStatus;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  dueAt: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  startedAt: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it was completed or passed first.',
  })
  completedAt: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt: string;

  @ApiProperty({ type: String, format: 'date-time' })
  updatedAt: string;
}

export class EnrollmentDto extends EnrollmentEventDto {
  @ApiProperty({
    type: EnrollmentTodoDto,
    nullable: true,
    description: 'The to-do on the platform; null: none.',
  })
  todo: EnrollmentTodoDto | null;
}

export class UpdateEnrollmentBody {
  @ApiPropertyOptional({
    enum: ENROLLMENT_STATUSES,
    description: 'Forward, to `withdrawn` or `expired`, or from these back to `assigned`.',
  })
  @IfPresent()
  @IsIn(ENROLLMENT_STATUSES)
  status?: EnrollmentStatus;

  @ApiPropertyOptional({ type: String, nullable: true, format: 'date-time', description: 'For this person.' })
  @IsOptional()
  @IsTimestamp()
  dueAt?: string | null;
}

export class EnrollmentPath {
  @ApiProperty({ description: 'Id of the enrollment.', example: 'enr_0198c2a4e2d07c1f5a9be3d46b20' })
  @IsId()
  id: string;
}

export class EnrollmentsQuery extends ListQuery {
  @ApiPropertyOptional({ type: String, maxLength: 64 })
  @IfPresent()
  @IsId()
  assignmentId?: string;

  @ApiPropertyOptional({ type: String, maxLength: 64 })
  @IfPresent()
  @IsId()
  userId?: string;

  @ApiPropertyOptional({ type: String, maxLength: 64 })
  @IfPresent()
  @IsId()
  customerId?: string;

  @ApiPropertyOptional({ type: String, maxLength: 64 })
  @IfPresent()
  @IsId()
  connectionId?: string;

  @ApiPropertyOptional({ type: String, maxLength: 200 })
  @IfPresent()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  courseId?: string;

  @ApiPropertyOptional({ enum: ENROLLMENT_STATUSES })
  @IfPresent()
  @IsIn(ENROLLMENT_STATUSES)
  status?: EnrollmentStatus;

  @ApiPropertyOptional({ enum: TODO_STATUSES, description: 'Only those whose to-do is in this state.' })
  @IfPresent()
  @IsIn(TODO_STATUSES)
  todoStatus?: TodoStatus;
}
