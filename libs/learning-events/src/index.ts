export { LearnerLookup, type ResolvedLearner } from './accept/learner-lookup.js';
export { LearningEventsModule } from './learning-events.module.js';
export { LEARNING_EVENT_TYPES, type LearningEventType } from './learning-event-types.js';
