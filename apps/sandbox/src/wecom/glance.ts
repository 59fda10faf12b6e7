import type { PlatformGlance, SimulatedApproval } from '../platform.js';
import type { ApprovalStatus } from './approvals/approvals.js';
import type { WecomSimulator } from './simulator.js';

const statuses: Readonly<Record<ApprovalStatus, SimulatedApproval['status']>> = {
  1: 'open',
  2: 'approved',
  3: 'rejected',
  4: 'withdrawn',
  6: 'withdrawn',
  7: 'withdrawn',
};

export function glanceOf(wecom: WecomSimulator): PlatformGlance {
  const { corpId, callback, callbacks, approvals, customers, corpTags } = wecom;
  const tags = corpTags.all().flatMap((group) => group.tags);
  return {
    name: { zh: '企业微信', en: 'WeCom' },
    tenant: corpId,
    events: {
      url: callback?.url ?? null,
      connections: 0,
      told: callbacks.records.length,
      delivered: callbacks.records.filter(({ outcome }) => outcome === 'delivered').length,
      switches: callbacks.switches,
    },
    approvals: approvals.all().map(({ number, applicant, name, status }) => ({
      id: number,
      account: applicant.account,
      title: name,
      status: statuses[status],
    })),
    customers: customers.all().map((customer) => {
      const relations = customers.relationsOf(customer).filter(({ standing }) => standing !== 'over');
      return {
        id: customer.externalUserId,
        name: customer.name,
        owners: relations.map(({ person }) => person.account),
        tags: tags.flatMap((tag) => (relations.some(({ tagIds }) => tagIds.has(tag.id)) ? [tag.name] : [])),
      };
    }),
  };
}
