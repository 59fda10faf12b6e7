import { randomUUID } from 'node:crypto';

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
  title: string;
  originator: string;
  departmentId: number;
  departmentName: string;
  approver: string;
  form: readonly { name: string; value: string; componentType?: string; id?: string }[];
}

/** All approvals, oldest first. */
export class Approvals {
  private readonly byId = new Map<string, Approval>();

  constructor(private readonly now: () => number) {}

  submit(input: ApprovalInput): Approval {
    const number = this.byId.size + 1;
    const createTime = this.now();
    const day = new Date(createTime).toISOString().slice(0, 16).replace(/\D/g, '');
    const approval: Approval = {
      processInstanceId: randomUUID(),
      processCode: input.processCode,
      title: input.title,
      businessId: `${day}${String(number).padStart(9, '0')}`,
      originator: input.originator,
      departmentId: input.departmentId,
      departmentName: input.departmentName,
      approver: input.approver,
      form: input.form.map(({ name, value, componentType = 'TextField', id }, index) => ({
        id: id ?? `${componentType}-SIM${index + 1}`,
        name,
        value,
        componentType,
      })),
      status: 'RUNNING',
      result: '',
      taskId: 70_000_000_000 + number,
      createTime,
      finishTime: undefined,
    };
    this.byId.set(approval.processInstanceId, approval);
    return approval;
  }

  get(id: string): Approval | undefined {
    return this.byId.get(id);
  }

  all(): Approval[] {
    return [...this.byId.values()];
  }

  /** @throws TypeError for one that does not exist or is decided. */
  decide(id: string, decision: 'approved' | 'rejected' | 'withdrawn'): Approval {
    const approval = this.byId.get(id);
    if (approval === undefined) throw new TypeError(`there is no approval ${id}`);
    if (approval.status !== 'RUNNING') throw new TypeError(`approval ${id} is decided`);
    approval.status = decision === 'withdrawn' ? 'TERMINATED' : 'COMPLETED';
    approval.result = decision === 'approved' ? 'agree' : decision === 'rejected' ? 'refuse' : '';
    approval.finishTime = this.now();
    return approval;
  }

  /** Takes a finished or running approval away, as an administrator may. */
  remove(id: string): Approval {
    const approval = this.byId.get(id);
    if (approval === undefined) throw new TypeError(`there is no approval ${id}`);
    this.byId.delete(id);
    return approval;
  }
}
