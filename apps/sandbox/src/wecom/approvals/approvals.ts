import type { Company, Person } from '../../company/index.js';
import { approvalActions, type ApprovalAction } from './events.js';
import { fillIn, trainingTemplate, type ApprovalTemplate, type Content } from './templates.js';

/** `sp_status`: 1 in progress, 2 approved, 3 rejected, 4 withdrawn, 6 withdrawn after approval, 7 deleted. */
export type ApprovalStatus = 1 | 2 | 3 | 4 | 6 | 7;

/** One step of an approval: one of its approvers decides (1), or all of them have to (2). */
export interface ApprovalStep {
  attr: 1 | 2;
  approvers: readonly Person[];
  status: 1 | 2 | 3 | 4;
  speech: string;
  /** Seconds; 0 while undecided. */
  decidedAt: number;
}

export interface ApprovalComment {
  id: string;
  person: Person;
  /** Seconds. */
  at: number;
  content: string;
}

/** An approval of the approval app. */
export interface Approval {
  /** `sp_no`: digits, too many for 32 bits. */
  number: string;
  name: string;
  template: ApprovalTemplate;
  applicant: Person;
  departmentId: number;
  /** Seconds. */
  appliedAt: number;
  status: ApprovalStatus;
  contents: readonly Content[];
  steps: ApprovalStep[];
  notified: readonly Person[];
  comments: ApprovalComment[];
}

/** What an approval is submitted with; the direct leader decides where no steps are given. */
export interface ApprovalInput {
  template: ApprovalTemplate;
  applicant: Person;
  name?: string;
  contents: readonly Content[];
  steps?: readonly Pick<ApprovalStep, 'attr' | 'approvers'>[];
  notified?: readonly Person[];
}

const chinaOffsetMs = 8 * 3_600_000;

/** All approvals, oldest first; what happens to them is told as events. */
export class Approvals {
  readonly templates: ApprovalTemplate[] = [trainingTemplate];
  private readonly byNumber = new Map<string, Approval>();

  constructor(
    private readonly company: Company,
    private readonly now: () => number,
    private readonly tell: (approval: Approval, action: ApprovalAction) => void,
  ) {}

  all(): Approval[] {
    return [...this.byNumber.values()];
  }

  get(number: string): Approval | undefined {
    return this.byNumber.get(number);
  }

  template(id: string): ApprovalTemplate | undefined {
    return this.templates.find((template) => template.id === id);
  }

  /** Creates a form, or replaces the one of that id. */
  putTemplate(template: ApprovalTemplate): void {
    const at = this.templates.findIndex(({ id }) => id === template.id);
    this.templates.splice(at < 0 ? this.templates.length : at, 1, template);
  }

  submit({
    template,
    applicant,
    name = template.name,
    contents,
    steps,
    notified = [],
  }: ApprovalInput): Approval {
    const day = new Date(this.now() + chinaOffsetMs).toISOString().slice(0, 10).replaceAll('-', '');
    const approval: Approval = {
      number: `${day}${String(this.byNumber.size + 1).padStart(4, '0')}`,
      name,
      template,
      applicant,
      departmentId: applicant.primaryDepartmentId,
      appliedAt: this.seconds(),
      status: 1,
      contents,
      steps: (steps ?? [{ attr: 1 as const, approvers: [this.leaderOf(applicant)] }]).map((step) => ({
        ...step,
        status: 1,
        speech: '',
        decidedAt: 0,
      })),
      notified,
      comments: [],
    };
    this.byNumber.set(approval.number, approval);
    this.tell(approval, approvalActions.submit);
    return approval;
  }

  /** Somebody fills in the form of that name or id, or the first form under that name. */
  fillIn(applicant: Person, title: string, answers: Readonly<Record<string, string>>): Approval {
    const named = this.templates.find(({ name, id }) => name === title || id === title);
    const template = named ?? this.templates[0] ?? trainingTemplate;
    const contents = fillIn(template, answers, this.company);
    return this.submit({ template, applicant, contents, name: named?.name ?? title });
  }

  /** The next step is agreed to; the approval is approved with its last one. @throws TypeError when none is left. */
  agree(number: string, speech = '同意'): void {
    const approval = this.pending(number);
    const open = approval.steps.filter(({ status }) => status === 1);
    this.decideStep(open[0], 2, speech);
    if (open.length <= 1) approval.status = 2;
    this.tell(approval, approvalActions.agree);
  }

  /**
   * Decides an approval as a whole; one that is approved can still be withdrawn.
   * @throws TypeError for one that is unknown or over.
   */
  decide(number: string, decision: 'approved' | 'rejected' | 'withdrawn'): void {
    if (decision === 'withdrawn') return this.withdraw(number);
    const approval = this.pending(number);
    if (decision === 'approved') {
      while (approval.status === 1) this.agree(number);
      return;
    }
    this.decideStep(
      approval.steps.find(({ status }) => status === 1),
      3,
      '不同意',
    );
    approval.status = 3;
    this.tell(approval, approvalActions.reject);
  }

  /** Somebody writes below it. @throws TypeError for an unknown approval. */
  comment(number: string, person: Person, content: string): void {
    const approval = this.known(number);
    const id = `70000000000000${approval.number.slice(-4)}${approval.comments.length + 1}`;
    approval.comments.push({ id, person, at: this.seconds(), content });
    this.tell(approval, approvalActions.comment);
  }

  /** The applicant reminds the approver. @throws TypeError for one that is unknown or over. */
  urge(number: string): void {
    this.tell(this.pending(number), approvalActions.urge);
  }

  /** An administrator deletes it; no page says which event that is, so none is told. */
  remove(number: string): void {
    this.known(number).status = 7;
  }

  private withdraw(number: string): void {
    const approval = this.known(number);
    if (approval.status !== 1 && approval.status !== 2) throw new TypeError(`approval ${number} is over`);
    const action = approval.status === 1 ? approvalActions.withdraw : approvalActions.withdrawApproved;
    approval.status = approval.status === 1 ? 4 : 6;
    this.tell(approval, action);
  }

  private decideStep(step: ApprovalStep | undefined, status: 2 | 3, speech: string): void {
    if (step !== undefined) Object.assign(step, { status, speech, decidedAt: this.seconds() });
  }

  private pending(number: string): Approval {
    const approval = this.known(number);
    if (approval.status !== 1) throw new TypeError(`approval ${number} is over`);
    return approval;
  }

  private known(number: string): Approval {
    const approval = this.byNumber.get(number);
    if (approval === undefined) throw new TypeError(`there is no approval ${number}`);
    return approval;
  }

  private leaderOf(person: Person): Person {
    return this.company.personById(person.leaderIds[0] ?? 0) ?? person;
  }

  private seconds(): number {
    return Math.floor(this.now() / 1000);
  }
}
