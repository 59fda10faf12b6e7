/** What the host tells this library. Injectable by this class. */
export class AssignmentsOptions {
  /** How far back a full run reads tasks. */
  readonly taskHorizonDays: number;

  constructor({ taskHorizonDays = 90 }: { taskHorizonDays?: number } = {}) {
    this.taskHorizonDays = taskHorizonDays;
  }
}
