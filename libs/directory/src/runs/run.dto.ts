import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { JsonObject, JsonValue } from '@trainbridge/connector-kit';
import { ListQuery } from '@trainbridge/http-api';
import { IsBoolean, IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import {
  RUN_MODES,
  RUN_STATUSES,
  type RunError,
  type RunMode,
  type RunProgress,
  type RunStatus,
} from './run-record.js';

export const RUN_KINDS = ['directory', 'tasks'] as const;

export class CreateRunBody {
  @ApiProperty({ enum: RUN_KINDS, description: 'What is read.' })
  @IsIn(RUN_KINDS)
  kind: 'directory' | 'tasks';

  @ApiPropertyOptional({
    enum: ['full', 'reconcile', 'incremental'],
    default: 'full',
    description:
      '`reconcile` reads everything, writes nothing and reports the differences; `incremental` is for tasks: what is new since the last good run.',
  })
  @IsOptional()
  @IsIn(['full', 'reconcile', 'incremental'])
  mode?: 'full' | 'reconcile' | 'incremental';

  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description: 'Stop at the plan: read it, then apply it or not.',
  })
  @IsOptional()
  @IsBoolean()
  dryRun?: boolean;
}

export class RunPath {
  @ApiProperty({ description: 'Id of the run.', example: 'run_0198c2a4e2d07c1f5a9be3d46b20' })
  @Matches(/^[\w-]{1,64}$/, { message: 'is not an id' })
  id: string;
}

export class RunConnectionPath {
  @ApiProperty({ description: 'Id of the connection.', example: 'con_0198c2a4e2d07c1f5a9be3d46b20' })
  @Matches(/^[\w-]{1,64}$/, { message: 'is not an id' })
  id: string;
}

export class RunsQuery extends ListQuery {
  @ApiPropertyOptional({ type: String })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  connectionId?: string;

  @ApiPropertyOptional({ enum: RUN_STATUSES })
  @IsOptional()
  @IsIn(RUN_STATUSES)
  status?: RunStatus;

  @ApiPropertyOptional({ enum: RUN_KINDS })
  @IsOptional()
  @IsIn(RUN_KINDS)
  kind?: 'directory' | 'tasks';

  @ApiPropertyOptional({ enum: RUN_MODES })
  @IsOptional()
  @IsIn(RUN_MODES)
  mode?: RunMode;
}

export class KindCountsDto {
  @ApiProperty({ type: 'integer' })
  created: number;

  @ApiProperty({ type: 'integer' })
  updated: number;

  @ApiProperty({ type: 'integer' })
  unchanged: number;

  @ApiProperty({ type: 'integer' })
  disabled: number;

  @ApiProperty({ type: 'integer' })
  restored: number;

  @ApiProperty({ type: 'integer' })
  rejected: number;
}

export class TaskCountsDto {
  @ApiProperty({ type: 'integer' })
  created: number;

  @ApiProperty({ type: 'integer' })
  updated: number;

  @ApiProperty({ type: 'integer' })
  unchanged: number;

  @ApiProperty({ type: 'integer' })
  rejected: number;
}

export class CustomerCountsDto {
  @ApiProperty({ type: 'integer' })
  created: number;

  @ApiProperty({ type: 'integer' })
  updated: number;

  @ApiProperty({ type: 'integer' })
  unchanged: number;

  @ApiProperty({ type: 'integer' })
  removed: number;

  @ApiProperty({ type: 'integer' })
  restored: number;

  @ApiProperty({ type: 'integer' })
  rejected: number;
}

export class RunCountsDto {
  @ApiProperty({ type: KindCountsDto })
  users: KindCountsDto;

  @ApiProperty({ type: KindCountsDto })
  departments: KindCountsDto;

  @ApiPropertyOptional({
    type: CustomerCountsDto,
    description: 'Of a platform that lists its customers; read after the people, and not by a reconcile.',
  })
  customers?: CustomerCountsDto;

  @ApiPropertyOptional({ type: TaskCountsDto, description: 'Only of runs of kind `tasks`.' })
  tasks?: TaskCountsDto;
}

export class RunDto {
  @ApiProperty({ example: 'run_0198c2a4e2d07c1f5a9be3d46b20' })
  id: string;

  @ApiProperty({ example: 'con_0198c2a4e2d07c1f5a9be3d46b20' })
  connectionId: string;

  @ApiProperty({ enum: RUN_KINDS })
  kind: 'directory' | 'tasks';

  @ApiProperty({ enum: RUN_MODES, description: '`events`: a small run made of what the platform told us.' })
  mode: RunMode;

  @ApiProperty()
  dryRun: boolean;

  @ApiProperty({
    enum: RUN_STATUSES,
    description:
      '`partial`: done as far as it could be read, nobody was disabled for being absent. `blocked`: the guard waits for an approval (`/apply`). `planned`: a dry run that can be applied.',
  })
  status: RunStatus;

  @ApiProperty({
    type: RunCountsDto,
    description: 'What was done; for planned and blocked runs, what would be.',
  })
  counts: RunCountsDto;

  @ApiProperty({
    type: 'object',
    description: 'Live figures.',
    additionalProperties: false,
    properties: {
      phase: { type: 'string', enum: ['fetch', 'plan', 'apply', 'done'] },
      departmentsDone: { type: 'integer' },
      departmentsTotal: { type: 'integer' },
      usersRead: { type: 'integer', description: 'Records, people in several departments several times.' },
      tasksRead: { type: 'integer' },
      pages: { type: 'integer' },
      customersRead: { type: 'integer', description: 'Records, customers of several owners several times.' },
      planned: { type: 'integer', description: 'Changes the plan has.' },
      applied: { type: 'integer', description: 'Changes carried out so far.' },
      startedAt: { type: 'string', format: 'date-time' },
      estimatedSecondsLeft: { type: 'integer', nullable: true },
    },
  })
  progress: RunProgress;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description:
      'People moved between departments, people and departments that exist but may not be seen, drift; of customers: why not all could be read, and how many were kept although they are not listed any more.',
    example: { moved: 3, notVisible: { users: 0, departments: 1 } },
  })
  notes: JsonObject;

  @ApiProperty({
    type: 'object',
    nullable: true,
    description: 'Why the run failed, is partial or waits; `numbers` say by how much.',
    properties: { code: { type: 'string' }, message: { type: 'string' } },
    additionalProperties: true,
    example: {
      code: 'too_many_disabled',
      message:
        '30 people would be disabled, 30 within 24 hours; 20 of 100 active people are allowed without approval.',
      numbers: { active: 100, disabling: 30, disabledIn24h: 0, allowed: 20 },
    },
  })
  error: RunError | null;

  @ApiProperty({ type: String, nullable: true })
  requestedBy: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Who applied a plan or approved a blocked run.' })
  approvedBy: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  startedAt: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  finishedAt: string | null;
}

export const PLAN_ACTIONS = ['create', 'update', 'restore', 'disable'] as const;

export class PlanQuery extends ListQuery {
  @ApiPropertyOptional({ enum: ['user', 'department'] })
  @IsOptional()
  @IsIn(['user', 'department'])
  kind?: 'user' | 'department';

  @ApiPropertyOptional({ enum: PLAN_ACTIONS })
  @IsOptional()
  @IsIn(PLAN_ACTIONS)
  action?: (typeof PLAN_ACTIONS)[number];
}

export class FieldChangeDto {
  @ApiProperty({ example: 'jobTitle' })
  field: string;

  @ApiProperty({
    nullable: true,
    description: 'Hidden without scope directory:contact for mobile and workEmail.',
    oneOf: [{}],
  })
  before: JsonValue;

  @ApiProperty({ nullable: true, oneOf: [{}] })
  after: JsonValue;
}

export class PlanLineDto {
  @ApiProperty({ type: 'integer' })
  line: number;

  @ApiProperty({ enum: ['user', 'department'] })
  kind: 'user' | 'department';

  @ApiProperty({ enum: PLAN_ACTIONS })
  action: string;

  @ApiProperty()
  externalId: string;

  @ApiProperty({ description: 'Id of the user or department; for a creation the id it gets.' })
  subjectId: string;

  @ApiProperty({ type: String, nullable: true })
  name: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Why it is disabled: `absent`, `platform`, `gone`, `left`.',
  })
  reason: string | null;

  @ApiProperty({ description: 'Changes departments.' })
  moved: boolean;

  @ApiProperty()
  applied: boolean;

  @ApiProperty({ type: [FieldChangeDto] })
  changes: FieldChangeDto[];
}

export class RejectedRecordDto {
  @ApiProperty({ enum: ['user', 'department', 'customer', 'task'] })
  kind: 'user' | 'department' | 'customer' | 'task';

  @ApiProperty({ type: String, nullable: true })
  externalId: string | null;

  @ApiProperty({ example: 'displayName is longer than 200 characters' })
  reason: string;

  @ApiProperty({
    nullable: true,
    oneOf: [{}],
    description: 'The record as the platform sent it, cut to 8 KiB. Needs scope directory:contact.',
  })
  raw: JsonValue;

  @ApiProperty({ type: String, format: 'date-time' })
  at: string;
}
