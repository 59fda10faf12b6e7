import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { IsTimestamp } from '@trainbridge/http-api';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import { IsIpRange } from '../ip-list.js';
import { ALL_SCOPES, type Scope } from '../scopes.js';
import { IsRedirectUri } from './redirect-uri.js';

export const DEFAULT_ACCESS_TOKEN_TTL_SECONDS = 3_600;

/** Leaving it out is fine, null is not. */
const IfPresent = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

class ClientSettingsDto {
  @ApiPropertyOptional({
    type: [String],
    nullable: true,
    description: 'The only connections it may see or touch; null or absent: all.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  @ArrayUnique()
  @IsString({ each: true })
  @MaxLength(64, { each: true })
  connectionIds?: string[] | null;

  @ApiPropertyOptional({
    type: [String],
    nullable: true,
    description: 'The only addresses it may call from, as addresses or CIDR ranges; null or absent: any.',
    example: ['203.0.113.0/24'],
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsIpRange()
  allowedIps?: string[] | null;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'From then on neither its secret nor its tokens work; null or absent: never.',
  })
  @IsOptional()
  @IsTimestamp()
  expiresAt?: string | null;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 60,
    maximum: 86_400,
    default: DEFAULT_ACCESS_TOKEN_TTL_SECONDS,
    description: 'Life time of access tokens, in seconds.',
  })
  @IfPresent()
  @IsInt()
  @Min(60)
  @Max(86_400)
  accessTokenTtlSeconds?: number;

  @ApiPropertyOptional({
    type: [String],
    description:
      'Where OpenID Connect may send people back to: https, or http on a loopback address; no fragment.',
    example: ['https://lms.example.com/callback'],
  })
  @IfPresent()
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @IsRedirectUri()
  redirectUris?: string[];
}

export class CreateClientDto extends ClientSettingsDto {
  @ApiProperty({ description: 'For people.', maxLength: 200, example: 'LMS production' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  name: string;

  @ApiProperty({ enum: ALL_SCOPES, enumName: 'Scope', isArray: true, description: 'What it may do.' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(ALL_SCOPES, { each: true })
  scopes: Scope[];
}

export class UpdateClientDto extends ClientSettingsDto {
  @ApiPropertyOptional({ description: 'For people.', maxLength: 200 })
  @IfPresent()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  name?: string;

  @ApiPropertyOptional({
    enum: ALL_SCOPES,
    enumName: 'Scope',
    isArray: true,
    description: 'Replaces the list. A scope taken away is gone from its tokens at once.',
  })
  @IfPresent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(ALL_SCOPES, { each: true })
  scopes?: Scope[];
}

export class ClientSecretInfoDto {
  @ApiProperty({ description: 'The last four characters.', example: 'x9Qa' })
  last4: string;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Set once it was replaced.',
  })
  expiresAt: string | null;
}

export class ClientDto {
  @ApiProperty({ example: 'cli_0198c2a4e2d07c1f5a9be3d46b20' })
  id: string;

  @ApiProperty({
    description: 'The `client_id` of OAuth 2; the same as `id`.',
    example: 'cli_0198c2a4e2d07c1f5a9be3d46b20',
  })
  clientId: string;

  @ApiProperty({ example: 'LMS production' })
  name: string;

  @ApiProperty({ enum: ALL_SCOPES, enumName: 'Scope', isArray: true })
  scopes: Scope[];

  @ApiProperty({ type: [String], nullable: true, description: 'Null: all connections.' })
  connectionIds: string[] | null;

  @ApiProperty({ type: [String], nullable: true, description: 'Null: any address.' })
  allowedIps: string[] | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Null: never.' })
  expiresAt: string | null;

  @ApiProperty({ type: 'integer' })
  accessTokenTtlSeconds: number;

  @ApiProperty({ type: [String] })
  redirectUris: string[];

  @ApiProperty({
    type: [ClientSecretInfoDto],
    description: 'The secrets that work at the moment; never themselves.',
  })
  secrets: ClientSecretInfoDto[];

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt: string;
}

export class CreatedClientDto extends ClientDto {
  @ApiProperty({ description: 'Shown this once; only a hash is kept.', example: 'tbcs_…' })
  clientSecret: string;
}

export class RotateSecretDto {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: 2_592_000,
    default: 86_400,
    description: 'How long the secret so far goes on working, in seconds; 0 ends it at once.',
  })
  @IfPresent()
  @IsInt()
  @Min(0)
  @Max(2_592_000)
  overlapSeconds: number = 86_400;
}

export class RotatedSecretDto {
  @ApiProperty({ example: 'cli_0198c2a4e2d07c1f5a9be3d46b20' })
  clientId: string;

  @ApiProperty({ description: 'The new secret, shown this once.', example: 'tbcs_…' })
  clientSecret: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the secret so far stops working; null when it has stopped.',
  })
  previousExpiresAt: string | null;
}

export class CreateTokenDto {
  @ApiPropertyOptional({
    enum: ALL_SCOPES,
    enumName: 'Scope',
    isArray: true,
    description: 'Some of the client’s scopes; absent: all of them.',
  })
  @IfPresent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(ALL_SCOPES, { each: true })
  scopes?: Scope[];

  @ApiProperty({ format: 'date-time', description: 'From then on it does not work.' })
  @IsTimestamp()
  expiresAt: string;

  @ApiPropertyOptional({ description: 'For people.', maxLength: 200, example: 'nightly export' })
  @IfPresent()
  @IsString()
  @MaxLength(200)
  name?: string;
}

export class ApiTokenDto {
  @ApiProperty({ example: 'tok_0198c2a4e2d07c1f5a9be3d46b20' })
  id: string;

  @ApiProperty({ type: String, nullable: true })
  name: string | null;

  @ApiProperty({ description: 'The last four characters.', example: 'x9Qa' })
  last4: string;

  @ApiProperty({ enum: ALL_SCOPES, enumName: 'Scope', isArray: true })
  scopes: Scope[];

  @ApiProperty({ format: 'date-time' })
  expiresAt: string;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Recorded within some seconds.',
  })
  lastUsedAt: string | null;

  @ApiProperty({ type: String, nullable: true, example: '203.0.113.7' })
  lastUsedIp: string | null;
}

export class CreatedApiTokenDto extends OmitType(ApiTokenDto, ['lastUsedAt', 'lastUsedIp'] as const) {
  @ApiProperty({ description: 'Shown this once; only a hash is kept.', example: 'tb_…' })
  token: string;
}
