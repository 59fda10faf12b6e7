import type { PlatformGlance, SimulatedApproval } from '../platform.js';
import type { ApprovalStatus } from './approvals.js';
import type { FeishuSimulator } from './simulator.js';

const statuses: Readonly<Record<ApprovalStatus, SimulatedApproval['status']>> = {
  PENDING: 'open',
  APPROVED: 'approved',
  REJECTED: 'rejected',
  CANCELED: 'withdrawn',
};

export function glanceOf(feishu: FeishuSimulator): PlatformGlance {
  const { appId, callback, connections, courier, approvals } = feishu;
  return {
    name: { zh: '飞书', en: 'Feishu' },
    tenant: appId,
    events: {
      url: callback?.url ?? null,
      connections: connections.openConnections,
      told: courier.records.length,
      delivered: courier.records.filter(({ outcome }) => outcome === 'delivered').length,
      switches: courier.switches,
    },
    approvals: approvals.all().map(({ code, person, definition, status }) => ({
      id: code,
      account: person.account,
      title: definition.name,
      status: statuses[status],
    })),
    customers: null,
  };
}
