import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectedCompany, PLATFORM_IDS, type ConnectedCompany } from '../../src/connected-platforms.js';
import { COURSE, LearningSystem } from '../../src/learning-system.js';

/** Results out: what people learned is told to them on their platform. */
describe('results', () => {
  let company: ConnectedCompany;
  let lms: LearningSystem;

  beforeAll(async () => {
    company = await connectedCompany(
      {},
      { results: [{ eventTypes: ['course.completed'], action: 'message' }] },
    );
    lms = await LearningSystem.begin(company.host);
  });
  afterAll(() => company?.close());

  describe.each(PLATFORM_IDS)('on %s', (id) => {
    const messagesTo = (account: string): string[] =>
      company
        .platform(id)
        .simulator.inbox()
        .filter((message) => message.account === account)
        .map(({ text }) => text);

    it('reach everybody once, in the words of the connection', async () => {
      const platform = company.platform(id);
      const users = await platform.people();
      expect(users.length).toBeGreaterThan(20);
      const ids = await lms.completed(...users.map(({ id: userId }) => ({ userId })));
      for (const eventId of ids) {
        const deliveries = await lms.deliveriesOf(eventId);
        expect(deliveries.map(({ status, target }) => [status, target])).toEqual([
          ['delivered', { kind: 'platform', connectionId: platform.connectionId, action: 'message' }],
        ]);
      }
      for (const user of users) {
        expect(messagesTo(platform.accountOf(user))).toEqual([
          expect.stringContaining(`${user.displayName}已完成《${COURSE.title}》`),
        ]);
      }
    });

    it('are told once, although the LMS sends them again', async () => {
      const platform = company.platform(id);
      const user = (await platform.people()).at(-1)!;
      const account = platform.accountOf(user);
      const before = messagesTo(account).length;
      const event = {
        id: `again-${id}`,
        type: 'course.completed' as const,
        learner: { connectionId: platform.connectionId, externalId: platform.externalIdOf(account) },
        course: { id: COURSE.id, title: '第二门课' },
        occurredAt: new Date().toISOString(),
      };
      expect(await lms.post([event])).toMatchObject({ accepted: 1, duplicates: 0 });
      expect(await lms.post([event])).toMatchObject({ accepted: 0, duplicates: 1 });
      await lms.deliveriesOf(event.id);
      expect(messagesTo(account).length).toBe(before + 1);
    });
  });
});
