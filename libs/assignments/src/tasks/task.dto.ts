import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { JsonObject, TaskRecord } from '@trainbridge/connector-kit';
import { ListQuery } from '@trainbridge/http-api';
import { IsIn, IsNotEmpty, IsString, MaxLength } from 'class-validator';
import { IfPresent, IsId } from '../fields.js';

export const TASK_STATUSES = ['open', 'approved', 'rejected', 'withdrawn', 'deleted'] as const;

export class TaskDto {
  @ApiProperty({ example: 'tsk_0198c2a4e2d07c1f5a9be3d46b20' })
  id: string;

  @ApiProperty()
  connectionId: string;

  @ApiProperty({ description: 'The platform’s id.', example: '202611230001' })
  externalId: string;

  @ApiProperty({
    description: 'The platform’s definition or template.',
    example: '3Tka1eD6v6JfzhDMqPd3aMkFdxqtJMc2ZRioeFXkaaa',
  })
  kind: string;

  @ApiProperty({ example: '入职培训申请' })
  title: string;

  @ApiProperty({ enum: TASK_STATUSES })
  status: TaskRecord['status'];

  @ApiProperty({ type: String, nullable: true, description: 'As the platform names the person.' })
  applicantExternalId: string | null;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Form fields by their label.' })
  form: JsonObject;

  @ApiProperty({ type: String, format: 'date-time', description: 'By the platform’s clock.' })
  changedAt: string;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt: string;

  @ApiProperty({ type: String, format: 'date-time' })
  updatedAt: string;
}

export class TaskPath {
  @ApiProperty({ description: 'Id of the task.', example: 'tsk_0198c2a4e2d07c1f5a9be3d46b20' })
  @IsId()
  id: string;
}

export class TasksQuery extends ListQuery {
  @ApiPropertyOptional({ type: String, maxLength: 64 })
  @IfPresent()
  @IsId()
  connectionId?: string;

  @ApiPropertyOptional({ type: String, maxLength: 200 })
  @IfPresent()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  kind?: string;

  @ApiPropertyOptional({ enum: TASK_STATUSES })
  @IfPresent()
  @IsIn(TASK_STATUSES)
  status?: TaskRecord['status'];

  @ApiPropertyOptional({ type: String, maxLength: 256 })
  @IfPresent()
  @IsString()
  @IsNotEmpty()
  @MaxLength(256)
  externalId?: string;
}
