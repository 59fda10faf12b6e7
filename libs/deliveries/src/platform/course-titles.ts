import type { CourseLinks } from '@trainbridge/connections';
import { isJsonObject, type JsonObject } from '@trainbridge/connector-kit';
import type { PlatformDelivery } from './platform-queue.js';

/**
 * The deliveries with what the catalogue says of their course, where their event names it by id alone: people read titles. One
 * statement, and none when every event tells its title.
 *
 * @param links null where nobody keeps a catalogue
 */
export async function withCourseTitles(
  connectionId: string,
  items: readonly PlatformDelivery[],
  links: Pick<CourseLinks, 'listed'> | null,
): Promise<PlatformDelivery[]> {
  const asked = links ? items.flatMap((item) => referenceOf(item) ?? []) : [];
  if (!links || asked.length === 0) return [...items];
  const listed = await links.listed(connectionId, asked);
  return items.map((item) => {
    const asks = referenceOf(item);
    const known =
      asks && listed.find((one) => one.courseId === asks.courseId && one.clientId === asks.clientId);
    if (!known) return item;
    const { title, url } = known;
    const course = { ...(url === null ? {} : { url }), ...courseOf(item.event), title };
    return { ...item, event: { ...item.event, course } };
  });
}

function referenceOf({
  clientId,
  event,
}: PlatformDelivery): { clientId: string | null; courseId: string } | null {
  const { id, title } = courseOf(event);
  if (typeof id !== 'string' || (typeof title === 'string' && title.trim() !== '')) return null;
  return { clientId, courseId: id };
}

function courseOf({ course }: JsonObject): JsonObject {
  return isJsonObject(course) ? course : {};
}
