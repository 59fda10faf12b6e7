import { Injectable } from '@nestjs/common';
import { CourseLinks, type CourseReference, type ListedCourse } from '@trainbridge/connections';
import { rows } from '@trainbridge/persistence';
import { DataSource } from 'typeorm';
import { Courses } from './courses.js';

/** What the catalogues say. A course is opened where the person's own assignment says, else where a catalogue does. */
@Injectable()
export class CatalogueCourseLinks extends CourseLinks {
  constructor(
    private readonly dataSource: DataSource,
    private readonly courses: Courses,
  ) {
    super();
  }

  override async urlOf(link: {
    connectionId: string;
    courseId: string;
    userId: string;
  }): Promise<string | null> {
    const [assigned] = await rows<{ url: string | null; clientId: string | null }>(
      this.dataSource,
      `select a.url, a.course_client_id as "clientId" from enrollments e join assignments a on a.id = e.assignment_id
       where e.learner_id = $1 and e.course_id = $2 and e.status <> 'withdrawn' order by e.id desc limit 1`,
      [link.userId, link.courseId],
    );
    if (assigned?.url) return assigned.url;
    const who = { clientId: assigned?.clientId ?? null, connectionIds: [link.connectionId] };
    return (await this.courses.find(this.dataSource, link.courseId, who))?.url ?? null;
  }

  override listed(connectionId: string, courses: readonly CourseReference[]): Promise<ListedCourse[]> {
    return this.courses.listed(connectionId, courses);
  }
}
