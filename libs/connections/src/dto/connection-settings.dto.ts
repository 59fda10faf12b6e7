import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { DEPARTMENT_FIELDS, USER_FIELDS, type JsonObject } from '@trainbridge/connector-kit';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsTimeZone,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { DEFAULT_SETTINGS } from '../settings/connection-settings.js';

const expressions = (fields: readonly string[]) => ({
  type: 'object' as const,
  additionalProperties: false,
  properties: Object.fromEntries(
    fields.map((field) => [
      field,
      { type: 'string' as const, nullable: true, description: 'JSONata expression' },
    ]),
  ),
});

const RESULT_ACTIONS = ['message', 'tag', 'record', 'attribute'] as const;

const MAPPING = {
  type: 'object' as const,
  additionalProperties: false,
  properties: { user: expressions(USER_FIELDS), department: expressions(DEPARTMENT_FIELDS) },
  example: { user: { employeeNumber: "extattr.attrs[name='工号'].text.value" } },
};

export class GuardBody {
  @ApiPropertyOptional({ type: Number, minimum: 0, maximum: 100, nullable: true, example: 20 })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(100)
  maxDisabledPercent?: number | null;

  @ApiPropertyOptional({ type: Number, minimum: 0, maximum: 100, nullable: true, example: 50 })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(100)
  maxMovedPercent?: number | null;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    nullable: true,
    description: 'People; null: no such limit.',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  maxDisabled?: number | null;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    nullable: true,
    description: 'So many may always be disabled.',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  minimum?: number | null;
}

export class TodosBody {
  @ApiPropertyOptional({ type: Boolean, nullable: true, default: false })
  @IsOptional()
  @IsBoolean()
  enabled?: boolean | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description:
      'Where a to-do leads, with {enrollmentId}, {assignmentId}, {courseId}, {userId}; absent: the assignment’s or the course’s own address.',
    example: 'https://lms.example.com/learn/{courseId}?enrollment={enrollmentId}',
  })
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  @Matches(/^https?:\/\/\S+$/, { message: 'must be an http(s) address' })
  urlTemplate?: string | null;
}

export class ResultBody {
  @ApiProperty({
    type: [String],
    description: 'As in a subscription.',
    example: ['course.completed', 'exam.*'],
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ArrayUnique()
  @Matches(/^(?:\*|[a-z]+\.(?:\*|[a-z_]+))$/, {
    each: true,
    message: 'must be an event type, `family.*` or `*`',
  })
  eventTypes: string[];

  @ApiProperty({ enum: RESULT_ACTIONS, description: 'One of the connector’s `resultActions`.' })
  @IsIn(RESULT_ACTIONS)
  action: (typeof RESULT_ACTIONS)[number];

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'As the action’s `optionsSchema` describes; empty gives a sensible default.',
  })
  @IsOptional()
  @IsObject()
  options?: JsonObject;
}

/** The settings of a connection as they are written; null goes back to the default. */
export class ConnectionSettingsBody {
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'IANA time zone.',
    default: DEFAULT_SETTINGS.timezone,
  })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  @IsTimeZone()
  timezone?: string | null;

  @ApiPropertyOptional({
    enum: ['zh-CN', 'en'],
    type: String,
    nullable: true,
    default: DEFAULT_SETTINGS.locale,
  })
  @IsOptional()
  @IsIn(['zh-CN', 'en'])
  locale?: 'zh-CN' | 'en' | null;

  @ApiPropertyOptional({
    ...MAPPING,
    nullable: true,
    description:
      'A JSONata expression per field over the platform’s raw record; checked when it is saved. A field set to null is no longer mapped.',
  })
  @IsOptional()
  @IsObject()
  mapping?: Record<string, unknown> | null;

  @ApiPropertyOptional({
    type: GuardBody,
    nullable: true,
    description:
      'A run is blocked, until a client approves it, when the people disabled within 24 hours exceed max(`minimum`, `maxDisabledPercent` of the active), or `maxDisabled`.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => GuardBody)
  guard?: GuardBody | null;

  @ApiPropertyOptional({
    type: TodosBody,
    nullable: true,
    description: 'Enrollments appear as the platform’s to-dos and close on completion.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => TodosBody)
  todos?: TodosBody | null;

  @ApiPropertyOptional({
    type: [ResultBody],
    nullable: true,
    description: 'What the platform is told of learning events; replaces the whole list.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => ResultBody)
  results?: ResultBody[] | null;

  @ApiPropertyOptional({
    type: Boolean,
    nullable: true,
    default: false,
    description: 'Spend one call per new or changed person for the fields only such a call tells.',
  })
  @IsOptional()
  @IsBoolean()
  detailCalls?: boolean | null;

  @ApiPropertyOptional({
    type: Boolean,
    nullable: true,
    default: true,
    description:
      'Hold a connection to the platform for its events, where it offers one; then no public address is needed.',
  })
  @IsOptional()
  @IsBoolean()
  listen?: boolean | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description:
      'HTTP proxy for this connection’s calls; a password in it is stored encrypted and never shown.',
    example: 'http://proxy.example.com:3128',
  })
  @IsOptional()
  @IsString()
  @MaxLength(512)
  @Matches(/^https?:\/\/[^\s/]+\/?$/, { message: 'must look like http://proxy.example.com:3128' })
  proxyUrl?: string | null;
}

export class GuardDto {
  @ApiProperty({ example: 20 })
  maxDisabledPercent: number;

  @ApiProperty({ example: 50 })
  maxMovedPercent: number;

  @ApiProperty({ type: 'integer', nullable: true })
  maxDisabled: number | null;

  @ApiProperty({ type: 'integer', example: 10 })
  minimum: number;
}

export class TodosDto {
  @ApiProperty({ example: false })
  enabled: boolean;

  @ApiProperty({ type: String, nullable: true })
  urlTemplate: string | null;
}

export class ResultDto {
  @ApiProperty({ type: [String], example: ['course.completed'] })
  eventTypes: string[];

  @ApiProperty({ enum: RESULT_ACTIONS })
  action: (typeof RESULT_ACTIONS)[number];

  @ApiProperty({ type: 'object', additionalProperties: true })
  options: JsonObject;
}

/** The settings in force, defaults filled in. */
export class ConnectionSettingsDto {
  @ApiProperty({ example: 'Asia/Shanghai' })
  timezone: string;

  @ApiProperty({ enum: ['zh-CN', 'en'] })
  locale: 'zh-CN' | 'en';

  @ApiProperty(MAPPING)
  mapping: { user: Record<string, string>; department: Record<string, string> };

  @ApiProperty({ type: GuardDto })
  guard: GuardDto;

  @ApiProperty({ type: TodosDto })
  todos: TodosDto;

  @ApiProperty({ type: [ResultDto] })
  results: ResultDto[];

  @ApiProperty()
  detailCalls: boolean;

  @ApiProperty()
  listen: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'Without its password.' })
  proxyUrl: string | null;
}
