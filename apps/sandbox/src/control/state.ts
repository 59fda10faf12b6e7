import type { SandboxParts } from '../parts.js';

/** Everything about the sandbox at a glance. */
export function sandboxState(parts: SandboxParts): Record<string, unknown> {
  const { company, wecom, lms } = parts;
  const { callback } = wecom;
  return {
    company: { name: company.name, people: company.personCount, departments: company.departmentCount },
    connections: Object.fromEntries(
      parts.platforms.map((platform) => [platform.id, platform.connectionConfig(parts.url())]),
    ),
    wecom: {
      connection: parts.wecomConnection(),
      app: { ...wecom.app, secret: undefined },
      contacts: { ...wecom.contacts, secret: undefined },
      callback: callback === undefined ? null : { url: callback.url, form: callback.form },
      delivery: wecom.callbacks.switches,
      facts: wecom.facts,
      limits: wecom.limits,
      faults: wecom.faults.list(),
      calls: wecom.calls.count(),
      callbacks: wecom.callbacks.records.length,
      messages: wecom.messages.length,
    },
    lms: { webhookUrl: `${parts.lmsUrl()}/webhooks`, ...lms.counts, behavior: lms.settings() },
  };
}
