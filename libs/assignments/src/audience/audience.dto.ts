import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsNotEmpty,
  IsString,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { IfPresent } from '../fields.js';

/** Larger audiences are departments or tags. */
const MOST_LEARNERS = 10_000;

export class AudienceDepartmentDto {
  @ApiProperty({
    description: 'A Department’s id.',
    maxLength: 64,
    example: 'dep_0198c2a4e2d07c1f5a9be3d46b20',
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  id: string;

  @ApiPropertyOptional({ default: true, description: 'The people of all departments below it, too.' })
  @IfPresent()
  @IsBoolean()
  includeDescendants?: boolean;
}

export class AudienceBody {
  @ApiPropertyOptional({ type: [String], maxItems: MOST_LEARNERS, description: 'Ids of Users.' })
  @IfPresent()
  @IsArray()
  @ArrayMaxSize(MOST_LEARNERS)
  @ArrayUnique()
  @IsString({ each: true })
  @MaxLength(64, { each: true })
  userIds?: string[];

  @ApiPropertyOptional({ type: [String], maxItems: MOST_LEARNERS, description: 'Ids of Customers.' })
  @IfPresent()
  @IsArray()
  @ArrayMaxSize(MOST_LEARNERS)
  @ArrayUnique()
  @IsString({ each: true })
  @MaxLength(64, { each: true })
  customerIds?: string[];

  @ApiPropertyOptional({ type: [AudienceDepartmentDto], maxItems: 1_000 })
  @IfPresent()
  @IsArray()
  @ArrayMaxSize(1_000)
  @ValidateNested({ each: true })
  @Type(() => AudienceDepartmentDto)
  departments?: AudienceDepartmentDto[];

  @ApiPropertyOptional({
    type: [String],
    maxItems: 100,
    description: 'Customers with one of these tags, by the tag’s id or name.',
    example: ['VIP'],
  })
  @IfPresent()
  @IsArray()
  @ArrayMaxSize(100)
  @ArrayUnique()
  @IsString({ each: true })
  @IsNotEmpty({ each: true })
  @MaxLength(200, { each: true })
  tags?: string[];

  @ApiPropertyOptional({
    default: false,
    description:
      'Who joins the departments or gets a tag later is enrolled then; who leaves before starting is withdrawn.',
  })
  @IfPresent()
  @IsBoolean()
  live?: boolean;
}

export class AudienceDto {
  @ApiProperty({ type: [String] })
  userIds: string[];

  @ApiProperty({ type: [String] })
  customerIds: string[];

  @ApiProperty({ type: [AudienceDepartmentDto] })
  departments: AudienceDepartmentDto[];

  @ApiProperty({ type: [String] })
  tags: string[];

  @ApiProperty()
  live: boolean;
}
