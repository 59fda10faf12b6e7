import { ApiProperty } from '@nestjs/swagger';
import { LearningEventDto } from '../learning-event.dto.js';

/** An event as it was sent, and what became of it. */
export class StoredLearningEventDto extends LearningEventDto {
  @ApiProperty({
    description: 'Our id of it, which is the `webhook-id` it goes out with.',
    example: 'lev_0198c2a4e2d07c1f5a9be3d46b20',
  })
  recordId: string;

  @ApiProperty({ type: String, nullable: true, description: 'Who sent it; null: the admin token.' })
  clientId: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The User the learner was found to be.' })
  userId: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The Customer the learner was found to be.' })
  customerId: string | null;

  @ApiProperty({ type: String, nullable: true })
  connectionId: string | null;

  @ApiProperty({ description: 'The learner is not known yet.' })
  held: boolean;

  @ApiProperty({ format: 'date-time' })
  acceptedAt: string;
}
