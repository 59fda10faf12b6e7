import type { SandboxParts } from '../parts.js';

/** Everything about the sandbox at a glance: of each platform how to connect to it, and what its own `GET state` tells. */
export async function sandboxState(parts: SandboxParts, url: URL): Promise<Record<string, unknown>> {
  const { company, platforms, lms } = parts;
  const connections = Object.fromEntries(
    platforms.map((platform) => [platform.id, platform.connectionConfig(parts.url())]),
  );
  const states = await Promise.all(
    platforms.map(async (platform) => {
      const state = (await platform.controls['GET state']?.({ url, body: {}, rest: '' })) as object;
      return [platform.id, { connection: connections[platform.id], ...state }] as const;
    }),
  );
  return {
    company: { name: company.name, people: company.personCount, departments: company.departmentCount },
    connections,
    ...Object.fromEntries(states),
    lms: { webhookUrl: `${parts.lmsUrl()}/webhooks`, ...lms.counts, behavior: lms.settings() },
  };
}
