import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { JsonObject } from '@trainbridge/connector-kit';
import { Type } from 'class-transformer';
import {
  Equals,
  IsArray,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { ConnectionSettingsBody } from '../dto/connection-settings.dto.js';

const CONFIG = { type: 'object' as const, additionalProperties: true };
const IfPresent = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

/** A connection as it travels from one host to another: everything but its secrets, its proxy and its people. */
export class ConnectionDocument extends ConnectionSettingsBody {
  @ApiProperty({ enum: [1], description: 'Of this document.' })
  @Equals(1)
  format: 1;

  @ApiPropertyOptional({ type: String, format: 'date-time' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  exportedAt?: string;

  @ApiProperty({ example: 'Head office' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  name: string;

  @ApiProperty({ description: 'Id of the connector.', example: 'example' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  connector: string;

  @ApiProperty({ ...CONFIG, description: 'Without secrets.' })
  @IsObject()
  config: JsonObject;

  @ApiPropertyOptional({
    type: [String],
    description: 'Names of the secrets that are set at the source: to be given again at the import.',
    example: ['agentSecret'],
  })
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  secretsToFill?: string[];
}

export class ImportConnectionBody {
  @ApiProperty({ type: ConnectionDocument, description: 'As `GET …/export` answered it.' })
  @ValidateNested()
  @Type(() => ConnectionDocument)
  @IsObject()
  document: ConnectionDocument;

  @ApiPropertyOptional({
    ...CONFIG,
    description:
      'Merged over the document’s configuration (RFC 7396): the secrets, and what differs in this environment.',
    example: { agentSecret: '…' },
  })
  @IfPresent()
  @IsObject()
  config?: JsonObject;

  @ApiPropertyOptional({ maxLength: 200, description: 'Instead of the document’s.' })
  @IfPresent()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  name?: string;

  @ApiPropertyOptional({
    description:
      'An existing connection of the same connector: its settings and configuration become the document’s; its secrets, tenant and people stay. Absent: a new connection.',
  })
  @IfPresent()
  @Matches(/^[\w-]{1,64}$/, { message: 'is not an id' })
  connectionId?: string;
}
