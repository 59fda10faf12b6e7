import dingtalk from '@trainbridge/connector-dingtalk';
import feishu from '@trainbridge/connector-feishu';
import wecom from '@trainbridge/connector-wecom';
import { loadConnectors, validateConfig } from '@trainbridge/connector-runtime';
import { describe, expect, it } from 'vitest';
import { BUILT_IN_CONNECTORS } from './connector-list.js';

describe('the built-in connectors', () => {
  it('are taken by the loader under the names of the list', async () => {
    const modules = [wecom, dingtalk, feishu];
    const loaded = await loadConnectors(BUILT_IN_CONNECTORS, async (name) => ({
      default: modules[BUILT_IN_CONNECTORS.indexOf(name as (typeof BUILT_IN_CONNECTORS)[number])],
    }));
    expect(loaded.map((result) => (result.status === 'available' ? result.id : result.reason))).toEqual([
      'wecom',
      'dingtalk',
      'feishu',
    ]);
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
