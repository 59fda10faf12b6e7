/** What can happen to a learner. Released names are never changed. */
export const LEARNING_EVENT_TYPES = [
  'course.started',
  'course.progressed',
  'course.completed',
  'course.passed',
  'course.failed',
  'exam.passed',
  'exam.failed',
  'certificate.issued',
  'certificate.revoked',
  'video.progressed',
  'question.asked',
  'question.answered',
  'skill.granted',
  'assignment.overdue',
] as const;

export type LearningEventType = (typeof LEARNING_EVENT_TYPES)[number];
