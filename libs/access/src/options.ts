/** What the host decides about access. Injectable by this class. */
export class AccessOptions {
  /** Opens everything; at least 16 characters. */
  adminToken: string;
}
