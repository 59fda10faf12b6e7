import { createClient, type components, type TrainbridgeClient } from '@trainbridge/api-client';
import { dataOf, until } from './expect-data.js';
import type { E2eHost } from './start-host.js';

type LearningEvent = components['schemas']['LearningEventDto'];
type Enrollment = components['schemas']['EnrollmentDto'];
type Delivery = components['schemas']['DeliveryDto'];

export const COURSE = { id: 'c-101', title: '信息安全基础', url: 'https://lms.example.com/courses/101' };

/** The LMS of these tests: a client of its own with a catalogue of one course. */
export class LearningSystem {
  private lastEvent = 0;

  private constructor(readonly client: TrainbridgeClient) {}

  static async begin({ admin, url }: E2eHost): Promise<LearningSystem> {
    const credentials = dataOf(
      await admin.POST('/api/v1/clients', {
        body: {
          name: 'LMS',
          scopes: [
            'directory:read', 'assignments:read', 'assignments:write', 'learning-events:read', 'learning-events:write',
            'deliveries:read',
          ],
        },
      }),
    ); // prettier-ignore
    const client = createClient({ baseUrl: url, clientCredentials: credentials });
    dataOf(await client.PUT('/api/v1/courses', { body: { courses: [COURSE] } }));
    return new LearningSystem(client);
  }

  /** Approvals of a platform assign the course, when their form names it. */
  async assignOnApproval(connectionId: string): Promise<void> {
    const when = { kind: 'task' as const, condition: `form.\`课程\` = "${COURSE.title}"` };
    const body = { name: 'Training', connectionId, when, assign: { courseId: COURSE.id, dueInDays: 14 } };
    dataOf(await this.client.POST('/api/v1/rules', { body }));
  }

  /** Posts that learners completed the course; answers the ids of the events. */
  async completed(...learners: LearningEvent['learner'][]): Promise<string[]> {
    const events = learners.map((learner): LearningEvent => {
      this.lastEvent += 1;
      return {
        id: `e-${this.lastEvent}`,
        type: 'course.completed',
        learner,
        course: { id: COURSE.id, title: COURSE.title },
        occurredAt: new Date().toISOString(),
        result: { completion: true, score: { raw: 91, max: 100 } },
      };
    });
    const { accepted } = await this.post(events);
    if (accepted !== events.length) throw new Error(`${accepted} of ${events.length} events were accepted`);
    return events.map(({ id }) => id);
  }

  async post(events: LearningEvent[]) {
    return dataOf(await this.client.POST('/api/v1/learning-events', { body: { events } }));
  }

  /** Waits for what somebody has to learn to be as `isThere` says. */
  enrollmentOf(
    userId: string,
    what: string,
    isThere: (enrollment: Enrollment) => boolean,
  ): Promise<Enrollment> {
    const params = { query: { userId } };
    return until(
      what,
      async () => {
        const { data } = dataOf(await this.client.GET('/api/v1/enrollments', { params }));
        return data.find(isThere) ?? null;
      },
      20_000,
    );
  }

  /** Waits until nothing of an event is on its way; answers what became of it. */
  deliveriesOf(eventId: string): Promise<Delivery[]> {
    return until(
      `the end of the deliveries of ${eventId}`,
      async () => {
        const params = { query: { eventId } };
        const { data } = dataOf(await this.client.GET('/api/v1/deliveries', { params }));
        const isOver = data.every(({ status }) => status !== 'pending' && status !== 'sending');
        return data.length > 0 && isOver ? data : null;
      },
      20_000,
    );
  }
}
