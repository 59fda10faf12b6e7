import { ApiProperty, ApiPropertyOptional, ApiExtraModels, getSchemaPath } from '@nestjs/swagger';
import type { JsonObject } from '@trainbridge/connector-kit';
import { Type } from 'class-transformer';
import { IsInt, IsNotEmpty, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { CustomerDto } from '../customers/customer.dto.js';
import { DepartmentDto } from '../departments/department.dto.js';
import { UserDto } from '../users/user.dto.js';

/** Not a ListQuery: the feed has longer pages. */
export class ChangesQuery {
  @ApiPropertyOptional({
    description: 'How many changes at most.',
    minimum: 1,
    maximum: 1_000,
    default: 50,
    type: 'integer',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000)
  limit: number = 50;

  @ApiPropertyOptional({
    type: String,
    description:
      'The `nextCursor` of the page before, or the `feedCursor` of a list of users; without it the feed begins at its beginning. It is good with any filter, and does not expire.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(4096)
  cursor?: string;

  @ApiPropertyOptional({ type: String, maxLength: 64, description: 'Only changes of this connection.' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  connectionId?: string;

  @ApiPropertyOptional({
    type: String,
    maxLength: 64,
    description: 'Only what happened to this user, department or customer.',
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  subjectId?: string;
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
  'customer.created',
  'customer.updated',
  'customer.restored',
  'customer.removed',
] as const;

export class ChangeSubjectDto {
  @ApiProperty({ enum: ['user', 'department', 'customer'] })
  kind: 'user' | 'department' | 'customer';

  @ApiProperty({ example: 'usr_0198c2a4e2d07c1f5a9be3d46b20' })
  id: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The platform’s id; null when it was erased.',
    example: 'ZhangSan',
  })
  externalId: string | null;

  @ApiProperty({ example: 'con_0198c2a4e2d07c1f5a9be3d46b20' })
  connectionId: string;
}

@ApiExtraModels(UserDto, DepartmentDto, CustomerDto)
export class DirectoryChangeDto {
  @ApiProperty({ type: 'integer', description: 'Grows from change to change, with gaps.' })
  sequence: number;

  @ApiProperty({ enum: CHANGE_TYPES, description: 'More may be added; skip what you do not know.' })
  type: string;

  @ApiProperty({ type: ChangeSubjectDto })
  subject: ChangeSubjectDto;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description:
      'Former values of the fields that changed; absent for something new. Without scope `directory:contact` never `mobile` and `workEmail`.',
  })
  before?: JsonObject;

  @ApiProperty({
    anyOf: [
      { $ref: getSchemaPath(UserDto) },
      { $ref: getSchemaPath(DepartmentDto) },
      { $ref: getSchemaPath(CustomerDto) },
      { type: 'object', additionalProperties: true },
    ],
    description:
      'The whole record after the change, as reading it showed it then. Of what was erased with its connection only `id` and `connectionId` are left.',
  })
  after: JsonObject;

  @ApiProperty({ format: 'date-time' })
  at: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'Where it came from, such as the run.',
    example: { runId: 'run_0198c2a4e2d07c1f5a9be3d46b20' },
  })
  cause: JsonObject;
}

export class DirectoryChangeListDto {
  @ApiProperty({ type: () => [DirectoryChangeDto] })
  data: DirectoryChangeDto[];

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'Keep it and ask with it again, later too: when nothing is new, the page is empty and the cursor stays the same. An empty page is the end for now. Null only for an empty feed that was asked without a cursor.',
  })
  nextCursor: string | null;
}
