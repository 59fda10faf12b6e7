/** The database cannot be opened and the operator can do something about it: `message` is the one line to print. */
export class DatabaseStartError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
