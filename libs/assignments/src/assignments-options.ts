/** What the host tells this library. Injectable by this class. */
export class AssignmentsOptions {
  /** How far back a full run, and the first incremental one, reads tasks. Platforms list them in windows of hours or days, a call each. */
  readonly taskHorizonDays: number;

  constructor({ taskHorizonDays = 30 }: { taskHorizonDays?: number } = {}) {
    this.taskHorizonDays = taskHorizonDays;
  }
}
