import { randomUUID } from 'node:crypto';
import type { Company, Person } from '../company/index.js';
import { approvalEvents, type PlainEvent } from './events/plain-event.js';
import type { DingtalkFacts } from './facts.js';

/** An OA approval (审批) with the one task of its approver. */
export interface Approval {
  processInstanceId: string;
  processCode: string;
  title: string;
  businessId: string;
  originator: string;
  /** The company's id of the originator's department. */
  departmentId: number;
  departmentName: string;
  approver: string;
  form: readonly { id: string; name: string; value: string; componentType: string }[];
  status: 'RUNNING' | 'TERMINATED' | 'COMPLETED';
  result: 'agree' | 'refuse' | '';
  taskId: number;
  createTime: number;
  finishTime: number | undefined;
}

/** What an approval is submitted with. */
export interface ApprovalInput {
  processCode: string;
  originator: Person;
  title: string;
  form: readonly { name: string; value: string; componentType?: string }[];
}

/** All approvals, oldest first; what happens to them is told as events. */
export class Approvals {
  private readonly byId = new Map<string, Approval>();
  private lastNumber = 0;

  constructor(
    private readonly company: Company,
    private readonly facts: DingtalkFacts,
    private readonly now: () => number,
    private readonly tell: (events: readonly PlainEvent[]) => void,
  ) {}

  /** Submits an approval; the direct manager decides on it, or the originator where nobody is above. */
  submit({ processCode, originator, title, form }: ApprovalInput): Approval {
    this.lastNumber += 1;
    const createTime = this.now();
    const minute = new Date(createTime).toISOString().slice(0, 16).replace(/\D/g, '');
    const departmentId = originator.primaryDepartmentId;
    const approval: Approval = {
      processInstanceId: randomUUID(),
      processCode,
      title,
      businessId: `${minute}${String(this.lastNumber).padStart(9, '0')}`,
      originator: originator.account,
      departmentId,
      departmentName: this.company.department(departmentId)?.name ?? '',
      approver: this.approverOf(originator).account,
      form: form.map(({ name, value, componentType = 'TextField' }, index) => ({
        id: `${componentType}-SIM${index + 1}`,
        name,
        value,
        componentType,
      })),
      status: 'RUNNING',
      result: '',
      taskId: 70_000_000_000 + this.lastNumber,
      createTime,
      finishTime: undefined,
    };
    this.byId.set(approval.processInstanceId, approval);
    this.tell(approvalEvents(approval, 'start', createTime));
    return approval;
  }

  get(id: string): Approval | undefined {
    return this.byId.get(id);
  }

  all(): Approval[] {
    return [...this.byId.values()];
  }

  /** @throws TypeError for one that does not exist or is decided. */
  decide(id: string, decision: 'approved' | 'rejected' | 'withdrawn'): void {
    const approval = this.known(id);
    if (approval.status !== 'RUNNING') throw new TypeError(`approval ${id} is decided`);
    approval.status = decision === 'withdrawn' ? 'TERMINATED' : 'COMPLETED';
    approval.result = decision === 'approved' ? 'agree' : decision === 'rejected' ? 'refuse' : '';
    approval.finishTime = this.now();
    const step = decision === 'withdrawn' ? 'terminate' : 'finish';
    this.tell(approvalEvents(approval, step, this.now()));
  }

  /**
   * Takes an approval away, as an administrator may.
   * @throws TypeError for one that does not exist.
   */
  remove(id: string): void {
    const approval = this.known(id);
    this.byId.delete(id);
    this.tell(approvalEvents(approval, { deleted: this.facts.deletedApprovalType }, this.now()));
  }

  private known(id: string): Approval {
    const approval = this.byId.get(id);
    if (approval === undefined) throw new TypeError(`there is no approval ${id}`);
    return approval;
  }

  private approverOf(originator: Person): Person {
    const manager = originator.leaderIds[0];
    return (manager === undefined ? undefined : this.company.personById(manager)) ?? originator;
  }
}
