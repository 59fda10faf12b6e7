import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { JsonObject } from '@trainbridge/connector-kit';
import { IsNotEmpty, IsObject, IsString, MaxLength } from 'class-validator';
import { IfPresent } from '../fields.js';

export class TestRuleBody {
  @ApiPropertyOptional({
    maxLength: 64,
    description: 'Id of a stored task, customer or user, as the rule’s kind is.',
    example: 'tsk_0198c2a4e2d07c1f5a9be3d46b20',
  })
  @IfPresent()
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  subjectId?: string;

  @ApiPropertyOptional({
    maxLength: 64,
    description: 'Id of a stored task: the same as `subjectId`, for rules of kind `task`.',
  })
  @IfPresent()
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  taskId?: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'Or a record made up for the test.',
    example: {
      kind: 'tpl-1',
      status: 'approved',
      applicantExternalId: 'zhang.wei',
      form: { 培训类型: '安全' },
    },
  })
  @IfPresent()
  @IsObject()
  record?: JsonObject;
}

export class TestedLearnerDto {
  @ApiProperty({ example: 'zhang.wei' })
  externalId: string;

  @ApiProperty({ type: String, nullable: true, description: 'Null: the directory does not know them (yet).' })
  userId: string | null;
}

export class TestRuleDto {
  @ApiProperty({ description: 'Would an assignment be made of it?' })
  wouldFire: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'Why not, or what to know.' })
  detail: string | null;

  @ApiProperty({ type: [TestedLearnerDto] })
  learners: TestedLearnerDto[];

  @ApiProperty({
    type: 'object',
    nullable: true,
    additionalProperties: true,
    description: 'The assignment as it would be: `courseId, title, url, dueAt, isMandatory, source`.',
  })
  assignment: JsonObject | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The assignment this rule has made of it already.',
  })
  existingAssignmentId: string | null;
}
