import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { JsonObject } from '@trainbridge/connector-kit';
import { ListQuery } from '@trainbridge/http-api';
import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsISO8601, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';

export const USER_STATUSES = ['active', 'pending', 'disabled'] as const;
export const DEPARTMENT_STATUSES = ['active', 'disabled'] as const;

export class UserPath {
  @ApiProperty({ description: 'Id of the user.', example: 'usr_0198c2a4e2d07c1f5a9be3d46b20' })
  @Matches(/^[\w-]{1,64}$/, { message: 'is not an id' })
  id: string;
}

export class DepartmentPath {
  @ApiProperty({ description: 'Id of the department.', example: 'dep_0198c2a4e2d07c1f5a9be3d46b20' })
  @Matches(/^[\w-]{1,64}$/, { message: 'is not an id' })
  id: string;
}

class DirectoryQuery extends ListQuery {
  @ApiPropertyOptional({ type: String })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  connectionId?: string;

  @ApiPropertyOptional({ type: String, description: 'The platform’s id; `type:value` names another id it gives.', example: 'lin.mei' })
  @IsOptional()
  @IsString()
  @MaxLength(330)
  externalId?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Changed at this time or later.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  updatedSince?: string;
}

export class UsersQuery extends DirectoryQuery {
  @ApiPropertyOptional({ type: String, description: 'Who belongs to this department.' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  departmentId?: string;

  @ApiPropertyOptional({ type: Boolean, default: false, description: 'With `departmentId`: also who belongs to departments below it.' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  includeDescendants?: boolean;

  @ApiPropertyOptional({ enum: USER_STATUSES })
  @IsOptional()
  @IsIn(USER_STATUSES)
  status?: (typeof USER_STATUSES)[number];

  @ApiPropertyOptional({ type: String })
  @IsOptional()
  @IsString()
  @MaxLength(128)
  employeeNumber?: string;
}

export class DepartmentsQuery extends DirectoryQuery {
  @ApiPropertyOptional({ type: String, description: 'Children of this department.' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  parentId?: string;

  @ApiPropertyOptional({ enum: DEPARTMENT_STATUSES })
  @IsOptional()
  @IsIn(DEPARTMENT_STATUSES)
  status?: (typeof DEPARTMENT_STATUSES)[number];
}

export class ChangesQuery {
  @ApiPropertyOptional({ description: 'How many changes at most.', minimum: 1, maximum: 1000, default: 100, type: 'integer' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit: number = 100;

  @ApiPropertyOptional({ type: String, description: '`nextCursor` of the page before, or `feedCursor` of `/users`; absent: from the beginning.' })
  @IsOptional()
  @IsString()
  @MaxLength(4096)
  cursor?: string;

  @ApiPropertyOptional({ type: String })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  connectionId?: string;

  @ApiPropertyOptional({ type: String, description: 'Only changes of this user or department: its history.' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  subjectId?: string;
}

export class ExternalIdDto {
  @ApiProperty({ example: 'open_id' })
  type: string;

  @ApiProperty({ example: 'ou_84aad35d084aa403a838cf73ee18467' })
  value: string;
}

export class MembershipDto {
  @ApiProperty()
  departmentId: string;

  @ApiProperty()
  isPrimary: boolean;

  @ApiProperty()
  isLeader: boolean;

  @ApiProperty({ type: Number, nullable: true, description: 'Smaller comes first.' })
  order: number | null;
}

export class UserDto {
  @ApiProperty({ example: 'usr_0198c2a4e2d07c1f5a9be3d46b20' })
  id: string;

  @ApiProperty({ description: 'The same human across connections.' })
  personId: string;

  @ApiProperty()
  connectionId: string;

  @ApiProperty({ example: 'lin.mei' })
  externalId: string;

  @ApiProperty({ type: [ExternalIdDto] })
  externalIds: ExternalIdDto[];

  @ApiProperty({ type: String, nullable: true })
  employeeNumber: string | null;

  @ApiProperty({ type: String, nullable: true, example: '林梅' })
  displayName: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Needs scope directory:contact.' })
  workEmail: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'E.164. Needs scope directory:contact.', example: '+8613900001111' })
  mobile: string | null;

  @ApiProperty({ type: String, nullable: true })
  jobTitle: string | null;

  @ApiProperty({ type: String, nullable: true })
  managerId: string | null;

  @ApiProperty({ enum: USER_STATUSES })
  status: (typeof USER_STATUSES)[number];

  @ApiProperty({ type: [MembershipDto], description: 'The primary one first.' })
  memberships: MembershipDto[];

  @ApiProperty({ type: String, nullable: true })
  avatarUrl: string | null;

  @ApiProperty({ type: 'object', additionalProperties: true })
  customFields: JsonObject;

  @ApiProperty({ type: [String], description: 'Fields the platform did not tell at the last reading: what was known before stays.' })
  withheldFields: string[];

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt: string;

  @ApiProperty({ type: String, format: 'date-time' })
  updatedAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  disabledAt: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      '`absent`: a complete run did not find them; `platform`: the platform lists them as disabled; `left`, `gone`: the platform said so.',
  })
  disabledReason: string | null;
}

export class DepartmentDto {
  @ApiProperty({ example: 'dep_0198c2a4e2d07c1f5a9be3d46b20' })
  id: string;

  @ApiProperty()
  connectionId: string;

  @ApiProperty({ example: '7' })
  externalId: string;

  @ApiProperty({ type: [ExternalIdDto] })
  externalIds: ExternalIdDto[];

  @ApiProperty({ type: String, nullable: true, example: '华东门店' })
  name: string | null;

  @ApiProperty({ type: String, nullable: true })
  code: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Null for a root.' })
  parentId: string | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Smaller comes first.' })
  order: number | null;

  @ApiProperty({ description: 'Names from the root down.', example: '总部/销售部/华东门店' })
  path: string;

  @ApiProperty({ type: [String], description: 'Ids from the root down to itself.' })
  pathIds: string[];

  @ApiProperty({ type: [String], description: 'Users who lead it.' })
  leaderIds: string[];

  @ApiProperty({ enum: DEPARTMENT_STATUSES })
  status: (typeof DEPARTMENT_STATUSES)[number];

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt: string;

  @ApiProperty({ type: String, format: 'date-time' })
  updatedAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  disabledAt: string | null;
}

export const CHANGE_TYPES = [
  'user.created',
  'user.updated',
  'user.disabled',
  'user.restored',
  'user.removed',
  'department.created',
  'department.updated',
  'department.restored',
  'department.removed',
] as const;

export class DirectoryChangeDto {
  @ApiProperty({ type: 'integer', description: 'Grows with every change, in the order they were committed; may skip numbers.' })
  sequence: number;

  @ApiProperty({ enum: CHANGE_TYPES })
  type: string;

  @ApiProperty({ description: 'Id of the user or department.' })
  subject: string;

  @ApiProperty()
  connectionId: string;

  @ApiProperty({ type: 'object', nullable: true, additionalProperties: true, description: 'The changed fields as they were.' })
  before: JsonObject | null;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'The whole record as it became.' })
  after: JsonObject;

  @ApiProperty({ type: String, format: 'date-time' })
  at: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'What brought it: a run, and for a run made of events those events.',
    example: { runId: 'run_0198c2a4e2d07c1f5a9be3d46b20' },
  })
  cause: JsonObject;
}
