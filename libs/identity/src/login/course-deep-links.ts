import { Inject, Injectable, Optional } from '@nestjs/common';
import { CourseLinks } from '@trainbridge/connections';
import type { DirectoryUser } from '@trainbridge/directory';
import { notFound } from '@trainbridge/http-api';
import { webAddress } from '../web-address.js';

/** Where a signed-in person goes for a course. */
@Injectable()
export class CourseDeepLinks {
  /** @param links absent where nobody keeps a catalogue */
  constructor(@Optional() @Inject(CourseLinks) private readonly links: CourseLinks | null) {}

  /** @throws {ProblemError} 404 when there is no such course, or none with an address a browser can open. */
  async urlFor(user: DirectoryUser, courseId: string): Promise<string> {
    const { connectionId, id: userId } = user;
    const url = await this.links?.urlOf({ connectionId, courseId, userId });
    const address = url ? webAddress(url) : null;
    if (address === null) throw notFound('course', courseId);
    return address;
  }
}
