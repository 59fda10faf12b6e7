import { must, until } from '../api.js';
import { onEachPlatform, type Lane, type Stage } from '../lane.js';

/** The platform's people by the number their employer gave them: what an LMS can match them by. */
const employeeNumbers: Partial<Record<Lane['platform']['id'], string>> = {
  // New WeCom apps are given neither mobile nor mail, and the number is an extended attribute of the company's own.
  wecom: "extattr.attrs[name='工号'].text.value",
};

/** Makes a connection for each platform, and has the host check what it may read there. */
export async function connect(stage: Stage): Promise<void> {
  const { admin, sandbox } = stage;
  const heading = {
    zh: '1. 连接三个平台并检查权限',
    en: '1. Connect the three platforms, and check what they allow',
  };
  await onEachPlatform(stage, heading, async (lane) => {
    const { id } = lane.platform;
    const employeeNumber = employeeNumbers[id];
    const connection = must(
      await admin.POST('/api/v1/connections', {
        body: {
          name: `演示公司 Demo company (${id})`,
          connector: id,
          config: lane.platform.connectionConfig(sandbox.url),
          ...(employeeNumber !== undefined && { mapping: { user: { employeeNumber } } }),
          todos: { enabled: true },
          results: [{ eventTypes: ['course.completed'], action: 'message' }],
        },
      }),
    );
    lane.connectionId = connection.id;
    await openChannel(stage, lane, connection.callbackUrl);
    return check(stage, lane);
  });
}

/** WeCom calls a public address, which it verifies first; the other two only need a connection the host holds to them. */
async function openChannel({ admin, sandbox }: Stage, lane: Lane, callbackUrl: string | null): Promise<void> {
  if (lane.platform.id === 'wecom') {
    const url = callbackUrl ?? '';
    for (const verified of [
      await sandbox.wecom.setCallback({ url }),
      await sandbox.wecom.setAppCallback({ url }),
    ])
      if (!verified.ok) throw new Error(`the callback URL was not verified: ${JSON.stringify(verified)}`);
    return;
  }
  await until('the connection the host holds to the platform', async () => {
    const path = { id: lane.connectionId };
    const { listener } = must(await admin.GET('/api/v1/connections/{id}/stats', { params: { path } }));
    return listener.status === 'connected' ? true : undefined;
  });
}

async function check({ admin }: Stage, { connectionId, channel }: Lane): Promise<string> {
  const path = { id: connectionId };
  const { ok, findings } = must(await admin.POST('/api/v1/connections/{id}/check', { params: { path } }));
  const bad = findings.filter((finding) => !finding.ok);
  if (!ok || bad.length > 0) {
    const lines = bad.map(({ step, message, advice = '' }) => `${step}: ${message}\n      → ${advice}`);
    throw new Error(`检查未通过 the check failed\n      ${lines.join('\n      ')}`);
  }
  return `${findings.length} 项检查全部通过 checks passed · ${channel.zh} ${channel.en}`;
}
