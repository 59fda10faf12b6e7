import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsTimestamp, ListQuery } from '@trainbridge/http-api';
import { IsOptional, IsString, MaxLength } from 'class-validator';

export class AuditActorDto {
  @ApiProperty({ enum: ['admin', 'client', 'system'] })
  kind: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The client; null for the admin token and the system.',
  })
  clientId: string | null;

  @ApiProperty({ description: 'The name it had then.', example: 'LMS production' })
  name: string;
}

export class AuditSubjectDto {
  @ApiProperty({ example: 'client' })
  type: string;

  @ApiProperty({ example: 'cli_0198c2a4e2d07c1f5a9be3d46b20' })
  id: string;
}

export class AuditEntryDto {
  @ApiProperty({ example: 'aud_0198c2a4e2d07c1f5a9be3d46b20' })
  id: string;

  @ApiProperty({ format: 'date-time', description: 'When it was done.' })
  at: string;

  @ApiProperty({ type: AuditActorDto, description: 'Who did it.' })
  actor: AuditActorDto;

  @ApiProperty({ example: 'client.updated', description: 'What was done.' })
  action: string;

  @ApiProperty({ type: AuditSubjectDto, description: 'To what it was done.' })
  subject: AuditSubjectDto;

  @ApiProperty({ type: String, nullable: true, description: 'The connection it concerns.' })
  connectionId: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'The fields that changed, as they were; without secrets.',
  })
  before: object | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'The fields that changed, as they became; without secrets.',
  })
  after: object | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The address it came from.',
    example: '203.0.113.7',
  })
  ip: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The request that did it.' })
  requestId: string | null;
}

export class AuditEntriesQuery extends ListQuery {
  @ApiPropertyOptional({
    description: 'Only what was done, exactly or by prefix: `client.created`, `client.*`.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  action?: string;

  @ApiPropertyOptional({ description: 'Only by this client.' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  clientId?: string;

  @ApiPropertyOptional({ description: 'Only to this record.' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  subjectId?: string;

  @ApiPropertyOptional({ description: 'Only what concerns this connection.' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  connectionId?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Not before this time.' })
  @IsOptional()
  @IsTimestamp()
  since?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Before this time.' })
  @IsOptional()
  @IsTimestamp()
  until?: string;
}
