import type { PlatformGlance, SimulatedApproval } from '../platform.js';
import type { Approval } from './approvals.js';
import type { DingtalkSimulator } from './simulator.js';

export function glanceOf(dingtalk: DingtalkSimulator): PlatformGlance {
  const { corpId, callbacks, stream, events, announcer, approvals, contacts } = dingtalk;
  const labels = contacts.labelGroups.flatMap((group) => group.labels);
  return {
    name: { zh: '钉钉', en: 'DingTalk' },
    tenant: corpId,
    events: {
      url: callbacks.target?.url ?? null,
      connections: stream.connectionCount,
      told: events.list.length,
      delivered: events.list.filter(({ outcome }) => outcome === 'delivered').length,
      switches: announcer.switches,
    },
    approvals: approvals.all().map((approval) => ({
      id: approval.processInstanceId,
      account: approval.originator,
      title: approval.title,
      status: statusOf(approval),
    })),
    customers: contacts.all().map(({ userid, name, follower_user_id: owner, label_ids: ids }) => ({
      id: userid,
      name,
      owners: [owner],
      tags: labels.flatMap((label) => (ids.includes(label.id) ? [label.name] : [])),
    })),
  };
}

function statusOf({ status, result }: Approval): SimulatedApproval['status'] {
  if (status === 'RUNNING') return 'open';
  if (status === 'TERMINATED') return 'withdrawn';
  return result === 'agree' ? 'approved' : 'rejected';
}
