import { ApiProperty } from '@nestjs/swagger';
import type { JsonObject } from '@trainbridge/connector-kit';
import { CAPABILITIES } from '@trainbridge/connector-kit';

const SCHEMA = { type: 'object' as const, additionalProperties: true };

export class ResultActionDto {
  @ApiProperty({ enum: ['message', 'tag', 'record', 'attribute'] })
  name: string;

  @ApiProperty({ description: 'In the language of `Accept-Language`.' })
  title: string;

  @ApiProperty({ ...SCHEMA, description: 'JSON Schema of the action’s `options`.' })
  optionsSchema: JsonObject;

  @ApiProperty({
    enum: ['natural', 'key', 'lookup', 'none'],
    description: 'How a repeated action is kept single; with `none` a crash may repeat it.',
  })
  idempotency: string;

  @ApiProperty({ enum: ['user', 'customer'], isArray: true })
  recipients: string[];
}

export class ConnectorDto {
  @ApiProperty({
    description: 'What `connector` of a connection names; the package’s name when it cannot be used.',
  })
  id: string;

  @ApiProperty({ example: '@trainbridge/connector-example' })
  package: string;

  @ApiProperty({ type: String, nullable: true, example: '1.0.0' })
  version: string | null;

  @ApiProperty({ description: 'In the language of `Accept-Language`.', example: 'Home-grown OA' })
  name: string;

  @ApiProperty({ description: '`available`, or why it is not.', example: 'available' })
  status: string;

  @ApiProperty({ enum: [...CAPABILITIES], isArray: true })
  capabilities: string[];

  @ApiProperty({ type: [ResultActionDto] })
  resultActions: ResultActionDto[];

  @ApiProperty({
    ...SCHEMA,
    nullable: true,
    description: 'JSON Schema of `config`; secrets are `writeOnly`. Null when the connector cannot be used.',
  })
  configSchema: JsonObject | null;
}

export class ConnectorsDto {
  @ApiProperty({ type: [ConnectorDto] })
  data: ConnectorDto[];

  @ApiProperty({ type: String, nullable: true, description: 'Always null: there is one page.' })
  nextCursor: string | null;
}
