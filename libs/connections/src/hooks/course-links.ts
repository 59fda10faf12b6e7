/** A course as an event names it. */
export interface CourseReference {
  /** Whose event it is; null: sent with the admin token. */
  clientId: string | null;
  courseId: string;
}

/** What a catalogue says of a course. */
export interface ListedCourse extends CourseReference {
  title: string;
  /** Null: it has no address. */
  url: string | null;
}

/** What courses are called, and where they are opened. Injectable by this class; provided by whoever keeps the catalogues. */
export abstract class CourseLinks {
  /** The address of a course for one person of a connection; null when there is no such course, or it has no address. */
  abstract urlOf(link: { connectionId: string; courseId: string; userId: string }): Promise<string | null>;

  /** The courses events about people of a connection mean, each under the reference it was asked by; unknown ones are left out. */
  abstract listed(connectionId: string, courses: readonly CourseReference[]): Promise<ListedCourse[]>;
}
