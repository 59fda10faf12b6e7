import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { CallCounter } from './call-counter.js';
import type { FaultBoard } from './faults/faults.js';

/** A control of one platform, mounted at `/sandbox/{id}/{name}`; what it returns is sent as JSON. */
export type PlatformControl = (call: {
  url: URL;
  body: Record<string, unknown>;
  /** The last part of the path, for names that end with `/*`. */
  rest: string;
}) => unknown;

/** A to-do in somebody's list. */
export interface SimulatedTodo {
  id: string;
  account: string;
  title: string;
  url: string;
  status: 'open' | 'done' | 'removed';
}

/** An approval somebody submitted. */
export interface SimulatedApproval {
  id: string;
  account: string;
  title: string;
  status: 'open' | 'approved' | 'rejected' | 'withdrawn';
}

/** Somebody outside the company. */
export interface SimulatedCustomer {
  id: string;
  name: string;
  /** Accounts of the employees who look after them. */
  owners: string[];
  /** By name. */
  tags: string[];
}

/** What an administrator sees at a glance; for the sandbox's page. */
export interface PlatformGlance {
  name: { zh: string; en: string };
  /** The corporation or app it plays. */
  tenant: string;
  /** Where changes are told, how that went so far, and how it misbehaves (`PATCH delivery`). */
  events: {
    url: string | null;
    /** Connections held to the platform for its events. */
    connections: number;
    told: number;
    delivered: number;
    switches: { dropNext: number; duplicates: number; reorder: boolean };
  };
  /** Oldest first. */
  approvals: readonly SimulatedApproval[];
  /** `null`: the platform has none. */
  customers: readonly SimulatedCustomer[] | null;
}

/** A simulated platform as the sandbox's server, page and controls see it. */
export interface PlatformSimulator {
  /** As the connector's id. */
  readonly id: 'wecom' | 'dingtalk' | 'feishu';
  readonly faults: FaultBoard;
  /** Calls per endpoint. */
  readonly calls: CallCounter;
  /** By method and name, such as `PUT callback` or `PUT tags/*`. */
  readonly controls: Readonly<Record<string, PlatformControl>>;
  /** Whether a path belongs to this platform; the platforms' real paths do not overlap. */
  handles(pathname: string): boolean;
  handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> | void;
  /** Takes a web socket; only for paths it `handles`. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** The config of a connection to it, ready to be sent to the host; `url` is the sandbox's own. */
  connectionConfig(url: string): Record<string, unknown>;
  /** Submits an approval in somebody's name, which is announced like any event; answers its id. */
  submitApproval(approval: { account: string; title: string; form: Record<string, string> }): string;
  decideApproval(id: string, decision: 'approved' | 'rejected' | 'withdrawn'): void;
  /** To-dos, or the card messages that stand for them, as people see them. */
  todos(): readonly SimulatedTodo[];
  /** What people were told by messages of the app, oldest first. */
  inbox(): readonly { id: string; account: string; text: string; at: number }[];
  glance(): PlatformGlance;
  /** Resolves when no event is waiting to be told any more. */
  idle(): Promise<void>;
  /** Cuts what is in flight; nothing is announced any more. */
  close(): void;
}
