import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { DirectoryQuery } from '../list-filters.dto.js';
import { ExternalIdDto } from '../users/user.dto.js';

export class CustomersQuery extends DirectoryQuery {
  @ApiPropertyOptional({ type: String, maxLength: 64, description: 'Only those this user looks after.' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  ownerUserId?: string;

  @ApiPropertyOptional({
    type: String,
    maxLength: 256,
    description: 'Only those with this tag: the platform’s id of it.',
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(256)
  tagId?: string;
}

/** Ids in paths: anything longer cannot exist. */
export class CustomerPath {
  @ApiProperty({ description: 'Id of the customer.', example: 'cus_0198c2a4e2d07c1f5a9be3d46b20' })
  @Matches(/^[\w-]{1,64}$/, { message: 'is not an id' })
  id: string;
}

export class CustomerTagDto {
  @ApiProperty({ description: 'The platform’s id of the tag.', example: 'etAJ2GCAAAXtWyujaWJHDDGi0mACH71w' })
  id: string;

  @ApiProperty({ example: '经销商' })
  name: string;

  @ApiPropertyOptional({ example: '客户类型' })
  group?: string;
}

/** An SCRM contact of the company: looked after by users, never one of them. */
export class CustomerDto {
  @ApiProperty({ description: 'Never changes.', example: 'cus_0198c2a4e2d07c1f5a9be3d46b20' })
  id: string;

  @ApiProperty({ example: 'con_0198c2a4e2d07c1f5a9be3d46b20' })
  connectionId: string;

  @ApiProperty({
    description: 'The platform’s id of the customer.',
    example: 'wmAJ2GCAAAme1XQRC-NI-q0_ZM9ukoAw',
  })
  externalId: string;

  @ApiProperty({ type: [ExternalIdDto], description: 'All other ids the platform gives.' })
  externalIds: ExternalIdDto[];

  @ApiProperty({ type: String, nullable: true, example: '李女士' })
  displayName: string | null;

  @ApiProperty({
    type: [String],
    description: 'Users who look after the customer; owners the directory does not know are left out.',
  })
  ownerUserIds: string[];

  @ApiProperty({ type: [CustomerTagDto] })
  tags: CustomerTagDto[];

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt: string;
}
