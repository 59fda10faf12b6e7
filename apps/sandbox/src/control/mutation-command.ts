import {
  CompanyError,
  rootDepartmentId,
  type Company,
  type CompanyMutations,
  type Person,
} from '../company/index.js';
import { pick, randomFrom, type Random } from '../company/random.js';

/** What `POST /sandbox/mutations` takes. Whoever is not named is chosen by chance. */
export interface MutationCommand {
  action:
    | 'hire' | 'move' | 'dismiss' | 'rehire' | 'make_leader' | 'change_userid' | 'edit' | 'rename_department'
    | 'create_department' | 'move_department' | 'remove_department'; // prettier-ignore
  account?: string;
  newAccount?: string;
  name?: string;
  position?: string;
  status?: Person['status'];
  mobile?: string;
  departmentId?: number;
  departmentIds?: number[];
  parentId?: number;
  isLeader?: boolean;
  systemAccount?: boolean;
  /** Does hire, move or dismiss this many times, each time with somebody else. Default 1. */
  count?: number;
}

/** Whom or what a command changed. */
export interface MutationResult {
  action: MutationCommand['action'];
  accounts: string[];
  departmentIds: number[];
}

let draws = 0;

/**
 * Carries out a command of the HTTP interface.
 * @throws CompanyError when it is impossible, TypeError when it is not a command.
 */
export function carryOut(
  command: MutationCommand,
  company: Company,
  mutations: CompanyMutations,
): MutationResult {
  const count = command.count ?? 1;
  if (!Number.isInteger(count) || count < 1 || count > 100_000)
    throw new TypeError('count must be 1 to 100000');
  draws += 1;
  const random = randomFrom(draws * 7907);
  const result: MutationResult = { action: command.action, accounts: [], departmentIds: [] };
  for (let turn = 0; turn < count; turn += 1) step(command, result, { company, mutations, random });
  return result;
}

interface Tools {
  company: Company;
  mutations: CompanyMutations;
  random: Random;
}

function step(command: MutationCommand, result: MutationResult, tools: Tools): void {
  const { company, mutations, random } = tools;
  const someone = (): string => command.account ?? pick(random, company.people()).account;
  const somewhere = (): number[] =>
    command.departmentIds ?? [command.departmentId ?? pick(random, [...company.departments()]).id];
  const person = (changed: Person): void => void result.accounts.push(changed.account);
  const department = (changed: { id: number }): void => void result.departmentIds.push(changed.id);
  switch (command.action) {
    case 'hire': {
      const { account, name, position, systemAccount } = command;
      return person(
        mutations.hire({
          ...(account === undefined ? {} : { account }),
          ...(name === undefined ? {} : { name }),
          ...(position === undefined ? {} : { position }),
          ...(systemAccount === undefined ? {} : { systemAccount }),
          departmentIds: somewhere(),
        }),
      );
    }
    case 'move':
      return person(mutations.move(someone(), somewhere()));
    case 'dismiss':
      return person(mutations.dismiss(someone()));
    case 'rehire':
      return person(mutations.rehire(needed(command.account, 'account'), command.departmentIds));
    case 'make_leader': {
      const account = someone();
      const at = command.departmentId ?? company.person(account)?.primaryDepartmentId ?? rootDepartmentId;
      return person(mutations.makeLeader(account, at, command.isLeader ?? true));
    }
    case 'change_userid': {
      const account = someone();
      return person(mutations.changeAccount(account, command.newAccount ?? `${account}.new`));
    }
    case 'edit': {
      const { name, position, status, mobile } = command;
      return person(
        mutations.edit(someone(), {
          ...(name === undefined ? {} : { name }),
          ...(position === undefined ? {} : { position }),
          ...(status === undefined ? {} : { status }),
          ...(mobile === undefined ? {} : { details: { mobile } }),
        }),
      );
    }
    case 'rename_department':
      return department(
        mutations.renameDepartment(
          needed(command.departmentId, 'departmentId'),
          needed(command.name, 'name'),
        ),
      );
    case 'create_department':
      return department(
        mutations.createDepartment({
          name: needed(command.name, 'name'),
          parentId: command.parentId ?? rootDepartmentId,
        }),
      );
    case 'move_department':
      return department(
        mutations.moveDepartment(
          needed(command.departmentId, 'departmentId'),
          needed(command.parentId, 'parentId'),
        ),
      );
    case 'remove_department':
      return department(mutations.removeDepartment(needed(command.departmentId, 'departmentId')));
    default:
      throw new TypeError('unknown action');
  }
}

function needed<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new TypeError(`${name} is needed`);
  return value;
}

/** HTTP status for what the company refuses. */
export function statusOf(error: CompanyError): number {
  return error.code.startsWith('unknown') ? 404 : 409;
}
