/** What the host decides about access. Injectable by this class. */
export class AccessOptions {
  /** Opens everything; should have 16 characters or more. */
  adminToken: string;
}
