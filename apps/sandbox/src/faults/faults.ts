/**
 * What can be made to go wrong, in words no platform owns; each simulator says it in its own codes.
 * The first group spoils an answer as a whole, the second what is in it, the third happens at once.
 */
export type Fault =
  /** The platform's "too many requests". */
  | { kind: 'rate_limit' }
  /** The platform's "too many at one time". */
  | { kind: 'concurrency' }
  /** Any error code of the platform, in words where it has words; with the HTTP status it comes with, where that matters. */
  | { kind: 'errcode'; code: number | string; status?: number }
  /** Answers after `ms` milliseconds. */
  | { kind: 'slow'; ms: number }
  /** Never answers. */
  | { kind: 'hang' }
  /** The connection is reset. */
  | { kind: 'reset' }
  /** A page in HTML, as gateways send; `status` default 200. */
  | { kind: 'html'; status?: number }
  /** Half of the answer; with `cut` the connection also breaks there. */
  | { kind: 'half_json'; cut?: boolean }
  /** A body of `bytes` (default 50 MB) of valid JSON. */
  | { kind: 'huge_body'; bytes?: number }
  /** A gateway's error page; `status` default 502. */
  | { kind: 'http_error'; status?: number }
  /** Fields left out of every `every`-th record (default: of every record) of a listing. */
  | { kind: 'missing_fields'; fields: string[]; every?: number }
  /** Every record of a listing comes twice. */
  | { kind: 'duplicate_records' }
  /** The cursor leads to the page just sent, once. */
  | { kind: 'duplicate_page' }
  /** The cursor leads past a page: its rows are never sent. */
  | { kind: 'skip_page' }
  /** The cursor leads back to the first page, for ever. */
  | { kind: 'cursor_loop' }
  /** A person is missing from every answer, though nobody dismissed them. */
  | { kind: 'vanish_person'; account: string }
  /** A department is missing from every answer, though nobody removed it. */
  | { kind: 'vanish_department'; departmentId: number }
  /** Every listing is empty. */
  | { kind: 'empty_company' }
  /** The app sees less than its visible range says. */
  | { kind: 'narrow_range'; users?: string[]; parties?: number[]; tags?: number[] }
  /** All tokens end now; `revoke` makes them unknown instead of expired. Not kept: it happens at once. */
  | { kind: 'expire_tokens'; revoke?: boolean };

export type FaultKind = Fault['kind'];

/** A fault and when it strikes. */
export type FaultSpec = Fault & {
  /** Endpoint it strikes (`user/list`), `*` for all. Default: every endpoint the fault makes sense for. */
  endpoint?: string;
  /** How many calls it strikes; `always` until it is removed. Default 1, for states (vanish, empty, narrow) `always`. */
  times?: number | 'always';
  /** Lets this many matching calls pass first. Default 0. */
  after?: number;
};

/** A fault that is set. */
export type ActiveFault = FaultSpec & { id: string; struck: number };

export const faultKinds: readonly FaultKind[] = [
  'rate_limit', 'concurrency', 'errcode', 'slow', 'hang', 'reset', 'html', 'half_json', 'huge_body', 'http_error',
  'missing_fields', 'duplicate_records', 'duplicate_page', 'skip_page', 'cursor_loop', 'vanish_person',
  'vanish_department', 'empty_company', 'narrow_range', 'expire_tokens',
]; // prettier-ignore

const states: readonly FaultKind[] = [
  'vanish_person',
  'vanish_department',
  'empty_company',
  'narrow_range',
  'cursor_loop',
];
const cursorFaults: readonly FaultKind[] = ['duplicate_page', 'skip_page', 'cursor_loop'];

/** Which endpoints a simulator's faults strike by default. */
export interface FaultTargets {
  /** Endpoints that page with a cursor. */
  paged: readonly string[];
  /** Endpoints that answer records. */
  listings: readonly string[];
  /** Endpoints left alone unless they are named: the ones that hand out tokens. */
  spared: readonly string[];
}

/** The faults that are set, in the order they were set. */
export class FaultBoard {
  private readonly active = new Map<string, ActiveFault>();
  private lastId = 0;

  constructor(
    private readonly targets: FaultTargets,
    private readonly atOnce: (fault: Fault) => void,
  ) {}

  /**
   * Sets a fault; answers its id for `remove`.
   * @throws TypeError when the description is not one of a fault.
   */
  add(spec: FaultSpec): string {
    validate(spec);
    this.lastId += 1;
    const id = `fault-${this.lastId}`;
    if (spec.kind === 'expire_tokens') this.atOnce(spec);
    else this.active.set(id, { ...spec, id, struck: 0 });
    return id;
  }

  remove(id: string): boolean {
    return this.active.delete(id);
  }

  /** Everything works again. */
  clear(): void {
    this.active.clear();
  }

  list(): ActiveFault[] {
    return [...this.active.values()];
  }

  /** The faults that strike this call; it counts as one strike of each. */
  strike(endpoint: string): Fault[] {
    if (this.active.size === 0) return [];
    const striking: Fault[] = [];
    for (const fault of this.active.values()) {
      if (!this.matches(fault, endpoint)) continue;
      fault.struck += 1;
      const passed = fault.after ?? 0;
      if (fault.struck <= passed) continue;
      const times = fault.times ?? (states.includes(fault.kind) ? 'always' : 1);
      if (times !== 'always' && fault.struck - passed >= times) this.active.delete(fault.id);
      striking.push(fault);
    }
    return striking;
  }

  private matches(fault: ActiveFault, endpoint: string): boolean {
    if (fault.endpoint === '*' || fault.endpoint === endpoint) return true;
    if (fault.endpoint !== undefined || this.targets.spared.includes(endpoint)) return false;
    if (cursorFaults.includes(fault.kind)) return this.targets.paged.includes(endpoint);
    if (fault.kind === 'missing_fields' || fault.kind === 'duplicate_records') {
      return this.targets.listings.includes(endpoint);
    }
    return true;
  }
}

function validate(spec: FaultSpec): void {
  const problem = problemOf(spec);
  if (problem !== undefined) throw new TypeError(problem);
}

function problemOf(spec: FaultSpec): string | undefined {
  if (!faultKinds.includes(spec.kind)) return `kind must be one of ${faultKinds.join(', ')}`;
  if (
    spec.times !== undefined &&
    spec.times !== 'always' &&
    !(Number.isInteger(spec.times) && spec.times > 0)
  ) {
    return 'times must be a positive number or "always"';
  }
  if (spec.kind === 'slow' && !(Number(spec.ms) >= 0)) return 'slow needs ms';
  if (spec.kind === 'errcode' && !Number.isInteger(spec.code) && typeof spec.code !== 'string') {
    return 'errcode needs code';
  }
  if (spec.kind === 'missing_fields' && !Array.isArray(spec.fields)) return 'missing_fields needs fields';
  if (spec.kind === 'vanish_person' && typeof spec.account !== 'string') return 'vanish_person needs account';
  if (spec.kind === 'vanish_department' && !Number.isInteger(spec.departmentId)) {
    return 'vanish_department needs departmentId';
  }
  return undefined;
}
