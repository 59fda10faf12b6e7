import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { DirectoryLearnerLookup } from './accept/directory-learner-lookup.js';
import { LearningEventDoor } from './accept/learning-event-door.js';
import { LearnerLookup } from './accept/learner-lookup.js';
import { HeldLearningEvents } from './held-learning-events.js';
import { LearningEventsController } from './learning-events.controller.js';
import { LearningEventReader } from './read/learning-event-reader.js';

/** Learning events in. Needs persistence, jobs, http-api, access, and a way to find learners (the directory's). */
@Module({})
export class LearningEventsModule {
  static forRoot(learnerLookup: Type<LearnerLookup> = DirectoryLearnerLookup): DynamicModule {
    return {
      module: LearningEventsModule,
      controllers: [LearningEventsController],
      providers: [
        { provide: LearnerLookup, useClass: learnerLookup },
        HeldLearningEvents,
        LearningEventDoor,
        LearningEventReader,
      ],
    };
  }
}
