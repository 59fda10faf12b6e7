import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsTimestamp, ListQuery } from '@trainbridge/http-api';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { AudienceBody, AudienceDto } from '../audience/audience.dto.js';
import { IfPresent, IsId, IsWebAddress, LONGEST_ADDRESS } from '../fields.js';

export const ASSIGNMENT_STATUSES = ['active', 'withdrawn'] as const;
export type AssignmentStatus = (typeof ASSIGNMENT_STATUSES)[number];

export class AssignmentSourceBody {
  @ApiProperty({
    description: 'What kind of thing it is made for, in your own words.',
    maxLength: 64,
    example: 'onboarding',
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  kind: string;

  @ApiProperty({ description: 'Your id of that thing.', maxLength: 200, example: 'case-4711' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  externalId: string;
}

export class CreateAssignmentBody {
  @ApiPropertyOptional({
    type: AssignmentSourceBody,
    description:
      'Makes it idempotent: the same source with the same content is answered with the assignment that is there, with other content it is a conflict.',
  })
  @IfPresent()
  @IsObject()
  @ValidateNested()
  @Type(() => AssignmentSourceBody)
  source?: AssignmentSourceBody;

  @ApiProperty({
    description: 'Of a catalogue (PUT /api/v1/courses); of none only with a `title`.',
    maxLength: 200,
    example: 'c-101',
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  courseId: string;

  @ApiProperty({
    type: AudienceBody,
    description: 'Who is to learn: everybody who is named by any of these.',
  })
  @IsObject()
  @ValidateNested()
  @Type(() => AudienceBody)
  audience: AudienceBody;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 500, description: 'Absent: the course’s.' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(500)
  title?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    format: 'uri',
    maxLength: LONGEST_ADDRESS,
    description: 'Where it is opened. Absent: the course’s address.',
  })
  @IsOptional()
  @IsWebAddress()
  url?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, format: 'date-time', example: '2026-12-31T15:59:59Z' })
  @IsOptional()
  @IsTimestamp()
  dueAt?: string | null;

  @ApiPropertyOptional({ default: false })
  @IfPresent()
  @IsBoolean()
  isMandatory?: boolean;
}

export class UpdateAssignmentBody {
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: 500,
    description: 'null: the course’s again.',
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(500)
  title?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, format: 'uri', maxLength: LONGEST_ADDRESS })
  @IsOptional()
  @IsWebAddress()
  url?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    format: 'date-time',
    description: 'For everybody who has not finished.',
  })
  @IsOptional()
  @IsTimestamp()
  dueAt?: string | null;

  @ApiPropertyOptional()
  @IfPresent()
  @IsBoolean()
  isMandatory?: boolean;

  @ApiPropertyOptional({
    enum: ASSIGNMENT_STATUSES,
    description:
      '`withdrawn` withdraws the enrollments of all who have not finished; it cannot be taken back.',
  })
  @IfPresent()
  @IsIn(ASSIGNMENT_STATUSES)
  status?: AssignmentStatus;
}

export class AssignmentSourceDto {
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'The client that made it; null: the admin token.',
  })
  clientId?: string | null;

  @ApiPropertyOptional({ description: 'The rule that made it.' })
  ruleId?: string;

  @ApiProperty({ example: 'onboarding', description: 'Of a rule: `task`, `customer` or `user`.' })
  kind: string;

  @ApiProperty({
    example: 'case-4711',
    description: 'Of a rule: the platform’s id of the task, customer or user.',
  })
  externalId: string;
}

export class AssignmentDto {
  @ApiProperty({ example: 'asg_0198c2a4e2d07c1f5a9be3d46b20' })
  id: string;

  @ApiProperty({ type: AssignmentSourceDto })
  source: AssignmentSourceDto;

  @ApiProperty({ example: 'c-101' })
  courseId: string;

  @ApiProperty({ type: AudienceDto })
  audience: AudienceDto;

  @ApiProperty({ description: 'Its own, or the course’s as it is now.', example: '信息安全基础' })
  title: string;

  @ApiProperty({ type: String, nullable: true })
  url: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  dueAt: string | null;

  @ApiProperty()
  isMandatory: boolean;

  @ApiProperty({ enum: ASSIGNMENT_STATUSES })
  status: AssignmentStatus;

  @ApiProperty({ type: [String], description: 'The connections whose people it is for.' })
  connectionIds: string[];

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt: string;

  @ApiProperty({ type: String, format: 'date-time' })
  updatedAt: string;
}

export class AssignmentPath {
  @ApiProperty({ description: 'Id of the assignment.', example: 'asg_0198c2a4e2d07c1f5a9be3d46b20' })
  @IsId()
  id: string;
}

export class AssignmentsQuery extends ListQuery {
  @ApiPropertyOptional({
    type: String,
    maxLength: 64,
    description: 'Only those for people of this connection.',
  })
  @IfPresent()
  @IsId()
  connectionId?: string;

  @ApiPropertyOptional({ type: String, maxLength: 200 })
  @IfPresent()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  courseId?: string;

  @ApiPropertyOptional({ enum: ASSIGNMENT_STATUSES })
  @IfPresent()
  @IsIn(ASSIGNMENT_STATUSES)
  status?: AssignmentStatus;

  @ApiPropertyOptional({ type: String, maxLength: 64, description: 'Only those this rule made.' })
  @IfPresent()
  @IsId()
  ruleId?: string;

  @ApiPropertyOptional({ type: String, maxLength: 64, description: 'Only those of this `source.kind`.' })
  @IfPresent()
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  sourceKind?: string;

  @ApiPropertyOptional({
    type: String,
    maxLength: 200,
    description: 'Only those of this `source.externalId`.',
  })
  @IfPresent()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  sourceExternalId?: string;
}
