/** An answer that is not JSON. */
export class RawAnswer {
  constructor(
    readonly body: string,
    readonly contentType: string,
  ) {}
}
