import { createHash } from 'node:crypto';
import type { Person } from '../company/index.js';
import type { PlainEvent } from './events/envelope.js';
import type { FeishuFacts } from './facts.js';
import type { Identifiers } from './identifiers.js';

/** A form control of a definition. */
export interface ApprovalWidget {
  id: string;
  name: string;
  type: string;
}

/** A native approval definition (审批定义). */
export interface ApprovalDefinition {
  code: string;
  name: string;
  widgets: readonly ApprovalWidget[];
}

export type ApprovalStatus = 'PENDING' | 'APPROVED' | 'REJECTED' | 'CANCELED';

/** One approval somebody submitted, with the one task of its one approver. */
export interface ApprovalInstance {
  code: string;
  serialNumber: string;
  /** Given by who created it by API; empty otherwise. */
  uuid: string;
  definition: ApprovalDefinition;
  person: Person;
  approver: Person | undefined;
  status: ApprovalStatus;
  /** Milliseconds since the epoch; `endedAt` is 0 while it is open. */
  startedAt: number;
  endedAt: number;
  form: readonly (ApprovalWidget & { value: unknown })[];
  taskId: string;
}

const decisions = { approved: 'APPROVED', rejected: 'REJECTED', withdrawn: 'CANCELED' } as const;

/** Approval definitions and instances; tells of them when the definition is subscribed. */
export class Approvals {
  readonly definitions: ApprovalDefinition[] = [];
  /** Codes of definitions whose events were switched on by API. */
  readonly subscribed = new Set<string>();
  private readonly instances = new Map<string, ApprovalInstance>();

  constructor(
    private readonly facts: FeishuFacts,
    private readonly ids: Identifiers,
    private readonly now: () => number,
    private readonly leaderOf: (person: Person) => Person | undefined,
    private readonly announce: (event: PlainEvent) => void,
  ) {}

  definition(code: string): ApprovalDefinition | undefined {
    return this.definitions.find((definition) => definition.code === code);
  }

  /** By its code, or by the uuid it was created with. */
  instance(id: string): ApprovalInstance | undefined {
    const byCode = this.instances.get(id);
    if (byCode !== undefined || id === '') return byCode;
    return this.all().find((instance) => instance.uuid === id);
  }

  /** Everything submitted, oldest first. */
  all(): ApprovalInstance[] {
    return [...this.instances.values()];
  }

  /** Submitted instances of a definition, oldest first. */
  of(definition: ApprovalDefinition): ApprovalInstance[] {
    return this.all().filter((instance) => instance.definition === definition);
  }

  submit(input: {
    person: Person;
    definition: ApprovalDefinition;
    form: ApprovalInstance['form'];
    uuid?: string;
  }): ApprovalInstance {
    const number = this.instances.size + 1;
    const instance: ApprovalInstance = {
      ...input,
      code: codeOf(`instance ${number}`),
      serialNumber: `2026${String(number).padStart(8, '0')}`,
      uuid: input.uuid ?? '',
      approver: this.leaderOf(input.person),
      status: 'PENDING',
      startedAt: this.now(),
      endedAt: 0,
      taskId: `7${String(number).padStart(18, '0')}`,
    };
    this.instances.set(instance.code, instance);
    this.tellInstance(instance, instance.startedAt);
    this.tellTask(instance, 'PENDING', instance.startedAt);
    return instance;
  }

  /**
   * Somebody fills in the definition called `title`, or the first one with the title among the answers. Answers are
   * given by the name or the id of a control; others become controls of their own.
   */
  fillIn(person: Person, title: string, answers: Readonly<Record<string, string>>): ApprovalInstance {
    const named = this.definitions.find(({ name, code }) => name === title || code === title);
    const definition = named ?? this.definitions[0];
    if (definition === undefined) throw new TypeError('there is no approval definition');
    const all = named === undefined ? { 标题: title, ...answers } : answers;
    const form = Object.entries(all).map(([name, value], index) => {
      const widget = definition.widgets.find((known) => known.name === name || known.id === name);
      return { ...(widget ?? { id: `widget${90 + index}`, name, type: 'input' }), value };
    });
    return this.submit({ person, definition, form });
  }

  /** Creates a definition, or replaces the one of that code. */
  put(definition: ApprovalDefinition): void {
    const at = this.definitions.findIndex(({ code }) => code === definition.code);
    this.definitions.splice(at < 0 ? this.definitions.length : at, 1, definition);
  }

  /** @throws TypeError for an instance that is unknown or over. */
  decide(code: string, decision: keyof typeof decisions): ApprovalInstance {
    const instance = this.instances.get(code);
    if (instance?.status !== 'PENDING') throw new TypeError(`there is no open approval ${code}`);
    instance.status = decisions[decision];
    instance.endedAt = this.now();
    this.tellTask(instance, taskStatus(instance), instance.endedAt);
    this.tellInstance(instance, instance.endedAt);
    return instance;
  }

  private tellInstance(instance: ApprovalInstance, at: number): void {
    const common = {
      approval_code: instance.definition.code,
      instance_code: instance.code,
      status: instance.status,
      operate_time: String(at),
    };
    const event = { ...common, instance_operate_time: String(at), uuid: instance.uuid };
    this.tell(instance, 'approval_instance', 1, event);
    const start_user = this.ids.all(instance.person);
    this.tell(instance, 'approval.instance.status_changed_v4', 2, { ...common, external_id: '', start_user });
  }

  private tellTask(instance: ApprovalInstance, status: string, at: number): void {
    const { approver } = instance;
    const common = {
      approval_code: instance.definition.code,
      instance_code: instance.code,
      task_id: instance.taskId,
      status,
      operate_time: String(at),
    };
    const who = {
      open_id: approver === undefined ? '' : this.ids.openId(approver.id),
      user_id: approver?.account ?? '',
    };
    this.tell(instance, 'approval_task', 1, {
      ...common,
      ...who,
      custom_key: '',
      def_key: nodeId,
      extra: '',
    });
    const assigned_user = approver === undefined ? {} : this.ids.all(approver);
    const event = { ...common, task_external_id: '', assigned_user };
    this.tell(instance, 'approval.task.status_changed_v4', 2, event);
  }

  private tell(
    instance: ApprovalInstance,
    type: string,
    version: 1 | 2,
    event: Record<string, unknown>,
  ): void {
    if (!this.subscribed.has(instance.definition.code)) return;
    const { approvalEvents } = this.facts;
    if (approvalEvents !== 'both' && approvalEvents !== `v${version}`) return;
    this.announce({ type, about: instance.code, version, event, orderKey: `${type} ${instance.code}` });
  }
}

/** Key of the one node every process of the sandbox has. */
export const nodeId = '46e6d96cfa756980907209209ec03b64';

/** How the one task of an instance stands. */
export function taskStatus(instance: ApprovalInstance): string {
  return instance.status === 'CANCELED' ? 'DONE' : instance.status;
}

/** An upper-case UUID, the same for the same text. */
export function codeOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex').toUpperCase();
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
