import dingtalk from '@trainbridge/connector-dingtalk';
import feishu from '@trainbridge/connector-feishu';
import wecom from '@trainbridge/connector-wecom';
import { describe, expect, it } from 'vitest';
import { loadConnectors, validateConfig } from '../src/index.js';

describe('the three connectors', () => {
  const modules: Record<string, unknown> = { wecom, dingtalk, feishu };

  it('are taken by the loader as they are', async () => {
    const loaded = await loadConnectors(Object.keys(modules), async (name) => ({ default: modules[name] }));
    expect(loaded.map((result) => (result.status === 'available' ? result.id : result.reason))).toEqual(
      Object.keys(modules),
    );
  });

  it('get by with what the public contract calls required, and with the public hosts', () => {
    expect(validateConfig(wecom, { corpId: 'ww1', agentId: '1', agentSecret: 's' })).toMatchObject({
      ok: true,
      config: { apiBaseUrl: 'https://qyapi.weixin.qq.com' },
    });
    expect(
      validateConfig(dingtalk, { corpId: 'ding1', clientId: 'dingc', clientSecret: 'secret' }),
    ).toMatchObject({
      ok: true,
      config: { apiBaseUrl: 'https://api.dingtalk.com', oapiBaseUrl: 'https://oapi.dingtalk.com' },
    });
    expect(validateConfig(feishu, { appId: 'cli_a', appSecret: 's', approvalCodes: ['x'] })).toMatchObject({
      ok: true,
      config: { accountsBaseUrl: 'https://accounts.feishu.cn' },
    });
  });
});
