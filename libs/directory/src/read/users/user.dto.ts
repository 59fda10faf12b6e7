import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { JsonObject } from '@trainbridge/connector-kit';
import { IsIn, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { NEEDS_CONTACT_SCOPE } from '../contact-fields.js';
import { DirectoryQuery } from '../list-filters.dto.js';

export const USER_STATUSES = ['active', 'pending', 'disabled'] as const;
export type UserStatus = (typeof USER_STATUSES)[number];

export class UsersQuery extends DirectoryQuery {
  @ApiPropertyOptional({
    type: String,
    maxLength: 64,
    description: 'Only members of this department itself.',
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  departmentId?: string;

  @ApiPropertyOptional({ enum: USER_STATUSES, enumName: 'UserStatus' })
  @IsOptional()
  @IsIn(USER_STATUSES)
  status?: UserStatus;

  @ApiPropertyOptional({ type: String, maxLength: 128, description: '工号, exactly.', example: 'E1024' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(128)
  employeeNumber?: string;
}

/** Ids in paths: anything longer cannot exist. */
export class UserPath {
  @ApiProperty({ description: 'Id of the user.', example: 'usr_0198c2a4e2d07c1f5a9be3d46b20' })
  @Matches(/^[\w-]{1,64}$/, { message: 'is not an id' })
  id: string;
}

export class ExternalIdDto {
  @ApiProperty({ example: 'open_id' })
  type: string;

  @ApiProperty({ example: 'ou_7d8a6e6df7621556ce0d21922b676706ccs' })
  value: string;
}

export class MembershipDto {
  @ApiProperty({ example: 'dep_0198c2a4e2d07c1f5a9be3d46b20' })
  departmentId: string;

  @ApiProperty({ description: 'The main one of the person’s departments.' })
  isPrimary: boolean;

  @ApiProperty({ description: 'The person leads this department.' })
  isLeader: boolean;

  @ApiProperty({ type: Number, nullable: true, description: 'The platform’s order within the department.' })
  order: number | null;
}

/** An employee as one connection sees them. */
export class UserDto {
  @ApiProperty({ description: 'Never changes.', example: 'usr_0198c2a4e2d07c1f5a9be3d46b20' })
  id: string;

  @ApiProperty({
    description: 'The same for all users that are one human.',
    example: 'per_0198c2a4e2d07c1f5a9be3d46b20',
  })
  personId: string;

  @ApiProperty({ example: 'con_0198c2a4e2d07c1f5a9be3d46b20' })
  connectionId: string;

  @ApiProperty({
    description: 'The platform’s id of the person, as the platform writes it.',
    example: 'ZhangSan',
  })
  externalId: string;

  @ApiProperty({ type: [ExternalIdDto], description: 'All other ids the platform gives.' })
  externalIds: ExternalIdDto[];

  @ApiProperty({ type: String, nullable: true, description: '工号', example: 'E1024' })
  employeeNumber: string | null;

  @ApiProperty({ type: String, nullable: true, example: '张三' })
  displayName: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: NEEDS_CONTACT_SCOPE,
    example: 'zhangsan@example.com',
  })
  workEmail: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: `E.164. ${NEEDS_CONTACT_SCOPE}`,
    example: '+8613800000000',
  })
  mobile: string | null;

  @ApiProperty({ type: String, nullable: true, example: '工程师' })
  jobTitle: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The User who is their manager.' })
  managerId: string | null;

  @ApiProperty({
    enum: USER_STATUSES,
    enumName: 'UserStatus',
    description: '`pending`: invited and not there yet; `disabled`: left, or blocked on the platform.',
  })
  status: UserStatus;

  @ApiProperty({ type: [MembershipDto], description: 'The primary one first.' })
  memberships: MembershipDto[];

  @ApiProperty({ type: String, nullable: true, format: 'uri' })
  avatarUrl: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'What the mapping of the connection adds.',
  })
  customFields: JsonObject;

  @ApiProperty({
    type: [String],
    description: 'Fields the platform keeps from this app. They show what was known before, or null.',
    example: ['mobile'],
  })
  withheldFields: string[];

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  disabledAt: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'Why they are disabled. `left`: the platform told that they left; `gone`: asked for them, it said there is nobody; `absent`: a complete run did not find them; `platform`: their account is disabled there.',
  })
  disabledReason: string | null;
}

export class UserListDto {
  @ApiProperty({ type: () => [UserDto] })
  data: UserDto[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Give it as `cursor` to read the next page; null on the last page.',
  })
  nextCursor: string | null;

  @ApiPropertyOptional({
    description:
      'On the first page: a `cursor` of `GET /api/v1/directory/changes`. Whoever reads all pages and then the feed from here misses no change; the feed may repeat some that the pages show already.',
  })
  feedCursor?: string;
}
