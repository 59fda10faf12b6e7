export const ENROLLMENT_STATUSES = [
  'assigned',
  'in_progress',
  'completed',
  'passed',
  'failed',
  'withdrawn',
  'expired',
] as const;
export type EnrollmentStatus = (typeof ENROLLMENT_STATUSES)[number];

/**
 * How far learning has come. It only ever rises, so whatever order events arrive in, and however often, the end is the same:
 * a failed attempt does not undo a completion, and passing says more than completing. `withdrawn` and `expired` are ends set
 * by somebody; learning does not lead there and not out of there.
 */
export const RANKS: Partial<Record<EnrollmentStatus, number>> = {
  assigned: 0,
  in_progress: 1,
  failed: 2,
  completed: 3,
  passed: 4,
};

/** What a learning event about a course means for the learner's enrollment in it. */
export const STATUS_OF_EVENT: Readonly<Record<string, EnrollmentStatus>> = {
  'course.started': 'in_progress',
  'course.progressed': 'in_progress',
  'course.failed': 'failed',
  'course.completed': 'completed',
  'course.passed': 'passed',
};

/** Still to be learned: the platform's to-do stands. Who failed may try again. */
export const OPEN_STATUSES: readonly EnrollmentStatus[] = ['assigned', 'in_progress', 'failed'];

/** SQL list of the same. */
export const OPEN_SQL = `('assigned', 'in_progress', 'failed')`;

/** SQL: the rank of a status; null outside of learning. */
export function rankSql(status: string): string {
  const whens = Object.entries(RANKS).map(([name, rank]) => `when '${name}' then ${rank}`);
  return `(case ${status} ${whens.join(' ')} end)`;
}

/** May somebody move an enrollment by hand from one status to another? Forward, to an end, or back from an end to the start. */
export function mayMove(from: EnrollmentStatus, to: EnrollmentStatus): boolean {
  const before = RANKS[from];
  const after = RANKS[to];
  if (before === undefined) return to === 'assigned' || after === undefined;
  if (after === undefined) return OPEN_STATUSES.includes(from);
  return after > before;
}
