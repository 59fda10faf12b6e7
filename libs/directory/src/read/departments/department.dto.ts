import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { DirectoryQuery } from '../list-filters.dto.js';
import { ExternalIdDto } from '../users/user.dto.js';

export const DEPARTMENT_STATUSES = ['active', 'disabled'] as const;
export type DepartmentStatus = (typeof DEPARTMENT_STATUSES)[number];

export class DepartmentsQuery extends DirectoryQuery {
  @ApiPropertyOptional({
    type: String,
    maxLength: 64,
    description: 'Only what is directly below this department.',
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  parentId?: string;

  @ApiPropertyOptional({
    type: String,
    maxLength: 64,
    description: 'Only this department and all that is below it.',
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  departmentId?: string;

  @ApiPropertyOptional({ enum: DEPARTMENT_STATUSES, enumName: 'DepartmentStatus' })
  @IsOptional()
  @IsIn(DEPARTMENT_STATUSES)
  status?: DepartmentStatus;
}

/** Ids in paths: anything longer cannot exist. */
export class DepartmentPath {
  @ApiProperty({ description: 'Id of the department.', example: 'dep_0198c2a4e2d07c1f5a9be3d46b20' })
  @Matches(/^[\w-]{1,64}$/, { message: 'is not an id' })
  id: string;
}

export class DepartmentDto {
  @ApiProperty({ description: 'Never changes.', example: 'dep_0198c2a4e2d07c1f5a9be3d46b20' })
  id: string;

  @ApiProperty({ example: 'con_0198c2a4e2d07c1f5a9be3d46b20' })
  connectionId: string;

  @ApiProperty({ description: 'The platform’s id of the department.', example: '42' })
  externalId: string;

  @ApiProperty({ type: [ExternalIdDto], description: 'All other ids the platform gives.' })
  externalIds: ExternalIdDto[];

  @ApiProperty({ type: String, nullable: true, example: '研发部' })
  name: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The company’s own code of it.' })
  code: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The department above; null at the top.' })
  parentId: string | null;

  @ApiProperty({ type: Number, nullable: true, description: 'The platform’s order among its siblings.' })
  order: number | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Names from the top down to its own.',
    example: '总部/研发中心/研发部',
  })
  path: string | null;

  @ApiProperty({ type: [String], description: 'Ids from the top down to its own.' })
  pathIds: string[];

  @ApiProperty({ type: [String], description: 'Users who lead it.' })
  leaderIds: string[];

  @ApiProperty({
    enum: DEPARTMENT_STATUSES,
    enumName: 'DepartmentStatus',
    description: '`disabled`: the platform has it no more.',
  })
  status: DepartmentStatus;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  disabledAt: string | null;
}
