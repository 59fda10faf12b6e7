import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

/** The query of every list; extend it with the list's filters. */
export class ListQuery {
  @ApiPropertyOptional({
    description: 'How many items at most.',
    minimum: 1,
    maximum: 200,
    default: 50,
    type: 'integer',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;

  @ApiPropertyOptional({
    description: 'The `nextCursor` of the page before; the filters must be the same.',
    type: String,
  })
  @IsOptional()
  @IsString()
  @MaxLength(4096)
  cursor?: string;
}
