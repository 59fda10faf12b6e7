/** Where courses are opened. Injectable by this class; provided by whoever keeps the catalogues. */
export abstract class CourseLinks {
  /** The address of a course for one person of a connection; null when there is no such course, or it has no address. */
  abstract urlOf(link: { connectionId: string; courseId: string; userId: string }): Promise<string | null>;
}
