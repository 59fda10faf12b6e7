import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { TaskRecord } from '@trainbridge/connector-kit';
import { IsTimestamp, ListQuery } from '@trainbridge/http-api';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { IfPresent, IsId, IsWebAddress, LONGEST_ADDRESS } from '../fields.js';
import { TASK_STATUSES } from '../tasks/task.dto.js';

export const RULE_KINDS = ['task', 'customer', 'user'] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

const LONGEST_EXPRESSION = 10_000;

export class RuleWhenDto {
  @ApiProperty({
    enum: RULE_KINDS,
    description:
      '`task`: an approval or other task of the platform reaches a status. `customer`: an SCRM contact is new or changes, such as getting a tag. `user`: an employee is new or changes.',
  })
  @IsIn(RULE_KINDS)
  kind: RuleKind;

  @ApiPropertyOptional({
    maxLength: 200,
    description: 'Only tasks of this definition or template; absent: of any.',
  })
  @IfPresent()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  taskKind?: string;

  @ApiPropertyOptional({
    enum: TASK_STATUSES,
    default: 'approved',
    description: 'The status a task has to reach.',
  })
  @IfPresent()
  @IsIn(TASK_STATUSES)
  status?: TaskRecord['status'];

  @ApiPropertyOptional({
    maxLength: LONGEST_EXPRESSION,
    description:
      'A JSONata expression over the record; anything but true does not match. Tasks have `externalId, kind, title, status, applicantExternalId, form, updatedAt, raw`, customers `externalId, displayName, tags, ownerExternalIds, raw`, users `externalId, displayName, employeeNumber, jobTitle, departments`.',
    example: 'form.`培训类型` = "安全"',
  })
  @IfPresent()
  @IsString()
  @IsNotEmpty()
  @MaxLength(LONGEST_EXPRESSION)
  condition?: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description:
      'For tasks seen for the first time: only those that changed since. Absent: about when the rule was made, so that a new rule does not assign for years of old approvals.',
  })
  @IfPresent()
  @IsTimestamp()
  since?: string;
}

export class RuleAssignDto {
  @ApiProperty({ maxLength: 200, example: 'c-101' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  courseId: string;

  @ApiPropertyOptional({
    maxLength: LONGEST_EXPRESSION,
    description:
      'Who learns: `applicant` (of a task, the default), `customer` or `user` (the one it is about, the default of these kinds), or a JSONata expression that gives external ids of users.',
    example: 'form.`参训人员`',
  })
  @IfPresent()
  @IsString()
  @IsNotEmpty()
  @MaxLength(LONGEST_EXPRESSION)
  to?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 3_650,
    nullable: true,
    description: 'From the day the rule fires.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(3_650)
  dueInDays?: number | null;

  @ApiPropertyOptional({ default: false })
  @IfPresent()
  @IsBoolean()
  isMandatory?: boolean;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 500, description: 'Absent: the course’s.' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(500)
  title?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, format: 'uri', maxLength: LONGEST_ADDRESS })
  @IsOptional()
  @IsWebAddress()
  url?: string | null;
}

export class CreateRuleBody {
  @ApiProperty({ maxLength: 200, example: '入职培训' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  name: string;

  @ApiProperty({ maxLength: 64, example: 'con_0198c2a4e2d07c1f5a9be3d46b20' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  connectionId: string;

  @ApiPropertyOptional({ default: true })
  @IfPresent()
  @IsBoolean()
  isActive?: boolean;

  @ApiProperty({ type: RuleWhenDto })
  @IsObject()
  @ValidateNested()
  @Type(() => RuleWhenDto)
  when: RuleWhenDto;

  @ApiProperty({ type: RuleAssignDto })
  @IsObject()
  @ValidateNested()
  @Type(() => RuleAssignDto)
  assign: RuleAssignDto;
}

export class UpdateRuleBody {
  @ApiPropertyOptional({ maxLength: 200 })
  @IfPresent()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  name?: string;

  @ApiPropertyOptional()
  @IfPresent()
  @IsBoolean()
  isActive?: boolean;

  @ApiPropertyOptional({ type: RuleWhenDto, description: 'Replaces what was there.' })
  @IfPresent()
  @IsObject()
  @ValidateNested()
  @Type(() => RuleWhenDto)
  when?: RuleWhenDto;

  @ApiPropertyOptional({ type: RuleAssignDto, description: 'Replaces what was there.' })
  @IfPresent()
  @IsObject()
  @ValidateNested()
  @Type(() => RuleAssignDto)
  assign?: RuleAssignDto;
}

export class RuleDto {
  @ApiProperty({ example: 'rul_0198c2a4e2d07c1f5a9be3d46b20' })
  id: string;

  @ApiProperty()
  name: string;

  @ApiProperty()
  connectionId: string;

  @ApiProperty()
  isActive: boolean;

  @ApiProperty({ type: RuleWhenDto })
  when: RuleWhenDto;

  @ApiProperty({ type: RuleAssignDto })
  assign: RuleAssignDto;

  @ApiProperty({ type: 'integer', description: 'How many assignments it has made.' })
  firedCount: number;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  lastFiredAt: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt: string;

  @ApiProperty({ type: String, format: 'date-time' })
  updatedAt: string;
}

export class RulePath {
  @ApiProperty({ description: 'Id of the rule.', example: 'rul_0198c2a4e2d07c1f5a9be3d46b20' })
  @IsId()
  id: string;
}

export class RulesQuery extends ListQuery {
  @ApiPropertyOptional({ type: String, maxLength: 64 })
  @IfPresent()
  @IsId()
  connectionId?: string;
}
