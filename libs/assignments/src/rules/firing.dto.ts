import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ListQuery } from '@trainbridge/http-api';
import { IsIn } from 'class-validator';
import { IfPresent } from '../fields.js';

export const FIRING_OUTCOMES = ['pending', 'held', 'fired', 'not_matched', 'failed'] as const;
export type FiringOutcome = (typeof FIRING_OUTCOMES)[number];

export class FiringsQuery extends ListQuery {
  @ApiPropertyOptional({ enum: FIRING_OUTCOMES })
  @IfPresent()
  @IsIn(FIRING_OUTCOMES)
  outcome?: FiringOutcome;
}

export class FiringDto {
  @ApiProperty({ description: 'Id of the task, customer or user it looked at.' })
  subjectId: string;

  @ApiProperty({
    enum: FIRING_OUTCOMES,
    description:
      '`held`: waits until the directory knows the person. `not_matched`, `failed`: looked at again when the thing changes.',
  })
  outcome: FiringOutcome;

  @ApiProperty({ type: String, nullable: true })
  detail: string | null;

  @ApiProperty({ type: String, nullable: true })
  assignmentId: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  decidedAt: string | null;
}
