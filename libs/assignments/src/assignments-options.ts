/** What the host tells this library. Injectable by this class. */
export class AssignmentsOptions {
  /** How far back a full run, and the first incremental one, reads tasks. Platforms list them in windows of hours or days, a call each. */
  readonly taskHorizonDays: number;
  /** No other process works on this database: what is leased when it starts was leased by one that is dead. */
  readonly alone: boolean;

  constructor({ taskHorizonDays = 30, alone = false }: Partial<AssignmentsOptions> = {}) {
    this.taskHorizonDays = taskHorizonDays;
    this.alone = alone;
  }
}
