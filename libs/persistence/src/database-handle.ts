/** A PostgreSQL database that is open for us: the embedded one, or one the deployer runs. Injectable by this class. */
export abstract class DatabaseHandle {
  /** For pg and TypeORM. Holds the password: never log it. */
  abstract readonly url: string;
  /** True when the server is ours to run (embedded), false for a `DATABASE_URL`. */
  abstract readonly embedded: boolean;
  /** Stops an embedded server and waits until no process is left; does nothing to a deployer's. Safe to call twice. */
  abstract stop(): Promise<void>;
}
