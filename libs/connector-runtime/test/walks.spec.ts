import { describe, expect, it } from 'vitest';
import dingtalk from '../../connector-kit/test/walks/dingtalk/connector.js';
import feishu from '../../connector-kit/test/walks/feishu/connector.js';
import wecom from '../../connector-kit/test/walks/wecom/connector.js';
import { loadConnectors, validateConfig } from '../src/index.js';

describe('the connectors of the paper walks', () => {
  const modules: Record<string, unknown> = { wecom, dingtalk, feishu };

  it('are taken by the loader as they are', async () => {
    const loaded = await loadConnectors(Object.keys(modules), async (name) => ({ default: modules[name] }));
    expect(loaded.map((result) => (result.status === 'available' ? result.id : result.reason))).toEqual([
      'wecom-walk',
      'dingtalk-walk',
      'feishu-walk',
    ]);
  });

  it('get by with what the public contract calls required, and with the public hosts', () => {
    expect(validateConfig(wecom, { corpId: 'ww1', agentId: '1', agentSecret: 's' })).toMatchObject({
      ok: true,
      config: { apiBaseUrl: 'https://qyapi.weixin.qq.com' },
    });
    expect(validateConfig(dingtalk, { corpId: 'd1', clientId: 'c', clientSecret: 's' })).toMatchObject({
      ok: true,
      config: { oapiBaseUrl: 'https://oapi.dingtalk.com' },
    });
    expect(validateConfig(feishu, { appId: 'a', appSecret: 's', approvalCodes: ['x'] })).toMatchObject({
      ok: true,
      config: { accountsBaseUrl: 'https://accounts.feishu.cn' },
    });
  });
});
