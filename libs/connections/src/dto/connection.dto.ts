import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { JsonObject, JsonValue } from '@trainbridge/connector-kit';
import { ListQuery } from '@trainbridge/http-api';
import {
  IsBoolean,
  IsIn,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateIf,
} from 'class-validator';
import type { PeopleDecision } from '../hooks/connection-deletion.js';
import type { ListenerState } from '../hooks/connection-stats.js';
import { ConnectionSettingsBody, ConnectionSettingsDto } from './connection-settings.dto.js';

const CONFIG = {
  type: 'object' as const,
  additionalProperties: true,
  example: { corpId: 'ww1234567890abcdef', agentId: '1000002', agentSecret: '…' },
};

export class CreateConnectionBody extends ConnectionSettingsBody {
  @ApiProperty({ description: 'For people.', maxLength: 200, example: 'Head office' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  name: string;

  @ApiProperty({ description: 'Id of a connector of `GET /api/v1/connectors`.', example: 'example' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  connector: string;

  @ApiProperty({ ...CONFIG, description: 'As the connector’s `configSchema` describes it.' })
  @IsObject()
  config: JsonObject;
}

export class UpdateConnectionBody extends ConnectionSettingsBody {
  @ApiPropertyOptional({ maxLength: 200 })
  @ValidateIf((_, value) => value !== undefined)
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  name?: string;

  @ApiPropertyOptional({
    ...CONFIG,
    description:
      'Merged into what is stored (RFC 7396): what is absent stays, secrets included; null removes. What defines the tenant cannot be changed.',
  })
  @ValidateIf((_, value) => value !== undefined)
  @IsObject()
  config?: JsonObject;
}

export class ConnectionsQuery extends ListQuery {
  @ApiPropertyOptional({ type: String, description: 'Id of a connector.' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  connector?: string;
}

export class DeleteConnectionQuery {
  @ApiPropertyOptional({
    enum: ['keep', 'erase'],
    description:
      'What becomes of the connection’s people: `keep` disables nobody and leaves them readable, `erase` removes every trace of them. Required when the connection has people.',
  })
  @IsOptional()
  @IsIn(['keep', 'erase'])
  people?: PeopleDecision;
}

export class ConnectionDto extends ConnectionSettingsDto {
  @ApiProperty({ example: 'con_0198c2a4e2d07c1f5a9be3d46b20' })
  id: string;

  @ApiProperty({ example: 'Head office' })
  name: string;

  @ApiProperty({ example: 'example' })
  connector: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'Without secrets.',
    example: { corpId: 'ww1234567890abcdef', agentId: '1000002' },
  })
  config: JsonObject;

  @ApiProperty({
    type: [String],
    description: 'Names of the secrets that are set.',
    example: ['agentSecret'],
  })
  secretsSet: string[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Enter it in the platform’s console as event URL; null when the host has no PUBLIC_URL.',
    example: 'https://bridge.example.com/callbacks/con_0198c2a4e2d07c1f5a9be3d46b20',
  })
  callbackUrl: string | null;

  @ApiProperty({ type: 'integer', description: 'Grows with every change.' })
  revision: number;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt: string;
}

export class FindingDto {
  @ApiProperty({ description: 'Stable name of the step.', example: 'token' })
  step: string;

  @ApiProperty()
  ok: boolean;

  @ApiProperty({ description: 'In the language of `Accept-Language`.' })
  message: string;

  @ApiPropertyOptional({
    type: String,
    description: 'What to do about it: which console page to open, what to tick.',
  })
  advice?: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'Figures of the step.' })
  data?: JsonObject;
}

export class CheckBody {
  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description:
      'Also answer what the platform said, with every name, id and number replaced: recordings for tests of the connector.',
  })
  @ValidateIf((_, value) => value !== undefined)
  @IsBoolean()
  fixtures?: boolean;
}

export class CheckFixtureDto {
  @ApiProperty({ example: 'GET' })
  method: string;

  @ApiProperty({ description: 'Path only.', example: '/cgi-bin/department/list' })
  path: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Pseudonymised, without secrets.' })
  query: JsonObject;

  @ApiProperty({ nullable: true, type: 'object', additionalProperties: true })
  json: JsonValue;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Null: no answer came.' })
  status: number | null;

  @ApiProperty({ nullable: true, type: 'object', additionalProperties: true })
  body: JsonValue;
}

export class CheckResultDto {
  @ApiProperty({ description: 'True when every finding is.' })
  ok: boolean;

  @ApiProperty({ type: [FindingDto] })
  findings: FindingDto[];

  @ApiPropertyOptional({
    type: [CheckFixtureDto],
    description: 'With `fixtures`: the calls, in their order.',
  })
  fixtures?: CheckFixtureDto[];
}

export class UserCountsDto {
  @ApiProperty({ type: 'integer' })
  active: number;

  @ApiProperty({ type: 'integer' })
  pending: number;

  @ApiProperty({ type: 'integer' })
  disabled: number;
}

export class TodoCountsDto {
  @ApiProperty({ type: 'integer', description: 'On their way.' })
  pending: number;

  @ApiProperty({ type: 'integer', description: 'Given up: see `GET /api/v1/enrollments?todoStatus=failed`.' })
  failed: number;
}

export class DeliveryCountsDto {
  @ApiProperty({ type: 'integer' })
  pending: number;

  @ApiProperty({ type: 'integer' })
  dead: number;
}

export class ListenerErrorDto {
  @ApiProperty({ example: 'unavailable' })
  code: string;

  @ApiProperty()
  message: string;
}

export class ListenerDto {
  @ApiProperty({
    enum: ['off', 'connecting', 'connected', 'waiting'],
    description:
      '`off`: the platform offers none, the setting `listen` says no, or another process holds it. `waiting`: before the next try.',
  })
  status: ListenerState['status'];

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  since: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  lastMessageAt: string | null;

  @ApiProperty({ type: ListenerErrorDto, nullable: true })
  error: ListenerErrorDto | null;
}

export class ConnectionStatsDto {
  @ApiProperty({ type: UserCountsDto })
  users: UserCountsDto;

  @ApiProperty({ type: 'integer' })
  departments: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'The latest run, as `GET /api/v1/runs/{id}` shows it.',
  })
  lastRun: JsonObject | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the platform last told us something.',
  })
  lastEventAt: string | null;

  @ApiProperty({ type: DeliveryCountsDto })
  deliveries: DeliveryCountsDto;

  @ApiProperty({ type: TodoCountsDto, description: 'Enrollments as the platform’s to-dos.' })
  todos: TodoCountsDto;

  @ApiProperty({ type: ListenerDto, description: 'The connection held to the platform for its events.' })
  listener: ListenerDto;
}

/** Ids in paths: anything longer cannot exist. */
export class ConnectionPath {
  @ApiProperty({ description: 'Id of the connection.', example: 'con_0198c2a4e2d07c1f5a9be3d46b20' })
  @Matches(/^[\w-]{1,64}$/, { message: 'is not an id' })
  id: string;
}
