import { defineConnector } from '@trainbridge/connector-kit';
import { FakePlatform } from './fake-platform.js';

const platforms = new Map<string, FakePlatform>();

/** Platforms of this process by the tenant their connection names. */
export const platformOf = {
  add(platform: FakePlatform): string {
    const tenant = `tenant-${platforms.size + 1}`;
    platforms.set(tenant, platform);
    return tenant;
  },
  get(tenant: string): FakePlatform {
    return platforms.get(tenant)!;
  },
};

/** A FakePlatform as a connector that the host loads: which one, its configuration says. */
export default defineConnector({
  manifest: new FakePlatform().manifest,
  configSchema: {
    type: 'object',
    additionalProperties: false,
    required: ['tenant'],
    properties: { tenant: { type: 'string', title: 'Tenant', 'x-identity': true } },
  },
  tokens: {},
  classify: () => ({ outcome: 'ok' }),
  check: async () => [],
  directory: {
    visibility: (context) => platformOf.get(context.config.tenant).directory.visibility(context as never),
    listDepartments: (context, input) =>
      platformOf.get(context.config.tenant).directory.listDepartments(context as never, input),
    listUsers: (context, input) =>
      platformOf.get(context.config.tenant).directory.listUsers(context as never, input),
    getUsers: (context, input) =>
      platformOf.get(context.config.tenant).directory.getUsers(context as never, input),
    getDepartments: (context, input) =>
      platformOf.get(context.config.tenant).directory.getDepartments(context as never, input),
  },
});
