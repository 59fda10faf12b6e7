import { tiers } from '../limits.js';
import type { FeishuEndpoint } from '../world.js';

/** tenant-v2/tenant/query. */
export const tenantQuery: FeishuEndpoint = {
  method: 'GET',
  path: 'tenant/v2/tenant/query',
  token: 'tenant',
  scopes: ['tenant:tenant:readonly', 'tenant:tenant'],
  rate: tiers.hundredPerMinute,
  handle: (_call, { company, tenantKey }) => ({
    tenant: {
      name: company.name,
      display_id: 'F100000001',
      tenant_tag: 0,
      tenant_key: tenantKey,
      avatar: { avatar_origin: 'https://img.example.test/feishu/tenant' },
    },
  }),
};

/** event-v1/outbound_ip/list: where callbacks come from. */
export const outboundAddresses: FeishuEndpoint = {
  method: 'GET',
  path: 'event/v1/outbound_ip',
  token: 'tenant',
  scopes: ['event:ip_list'],
  rate: tiers.hundredPerMinute,
  handle: () => ({ ip_list: ['101.126.59.6', '127.0.0.1'], has_more: false }),
};
