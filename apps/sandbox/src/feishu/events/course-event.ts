import type { Person } from '../../company/index.js';
import { mobileOf } from '../records.js';
import { permitted, userFieldScopes } from '../scopes.js';
import type { FeishuWorld } from '../world.js';
import type { PlainEvent } from './envelope.js';

const enrolledByAdministrator = 1;

/**
 * An enrollment in a course of Feishu's own eLearning (`elearning.course_registration.updated_v2`); times in seconds.
 * `state`: 0 not started, 1 learning, 2 passed, 3 failed.
 */
export function courseEvent(
  person: Person,
  course: { id: string; state: number },
  world: FeishuWorld,
): PlainEvent {
  const seconds = Math.floor(world.now() / 1000);
  const contact = permitted(
    { email: person.email, mobile: mobileOf(person.mobile, world) },
    userFieldScopes,
    world.app.scopes,
  );
  const finished = course.state >= 2;
  const event = {
    course_id: course.id,
    learner: { user_id: world.ids.all(person), email: contact.email ?? '', phone: contact.mobile ?? '' },
    enroll_at: seconds - 86_400,
    enroll_type: enrolledByAdministrator,
    learning_duration: finished ? 3600 : 0,
    finished_at: finished ? seconds : 0,
    learning_state: course.state,
    compulsory_lesson_ids: ['1'],
    learned_compulsory_lesson_ids: finished ? ['1'] : [],
    optional_lesson_ids: [],
    learned_optional_lesson_ids: [],
  };
  return { type: 'elearning.course_registration.updated_v2', about: person.account, version: 2, event };
}
