import { createClient } from '@trainbridge/api-client';
import type { Sandbox } from '@trainbridge/sandbox';
import type { Lane, Stage } from './lane.js';
import { assign } from './steps/assign.js';
import { followChanges } from './steps/changes.js';
import { connect } from './steps/connect.js';
import { logIn } from './steps/login.js';
import { deliverResults, type Outcome } from './steps/results.js';
import { sync } from './steps/sync.js';

/** What came of it, for the report. */
export interface Story {
  ok: boolean;
  lanes: readonly Lane[];
  outcome: Outcome;
}

export interface StorySetting {
  sandbox: Sandbox;
  hostUrl: string;
  adminToken: string;
}

const told: Record<Lane['platform']['id'], Pick<Lane, 'name' | 'channel'>> = {
  wecom: {
    name: { zh: '企业微信', en: 'WeCom' },
    channel: { zh: '加密回调', en: 'encrypted callback' },
  },
  dingtalk: {
    name: { zh: '钉钉', en: 'DingTalk' },
    channel: { zh: 'Stream，无需公网地址', en: 'no public URL' },
  },
  feishu: {
    name: { zh: '飞书', en: 'Feishu' },
    channel: { zh: '长连接，无需公网地址', en: 'long connection, no public URL' },
  },
};

/** All four flows on the three platforms side by side, through the public API only, as an operator and an LMS would. */
export async function runStory({ sandbox, hostUrl, adminToken }: StorySetting): Promise<Story> {
  const admin = createClient({ baseUrl: hostUrl, token: adminToken });
  const lanes = sandbox.platforms.map((platform): Lane => ({
    platform,
    ...told[platform.id],
    connectionId: '',
    figures: {},
    ok: true,
  }));
  const stage: Stage = { sandbox, hostUrl, admin, lanes };
  await connect(stage);
  await sync(stage);
  await followChanges(stage);
  await logIn(stage);
  await assign(stage);
  const outcome = await deliverResults(stage);
  for (const { platform, figures } of lanes) figures.calls = platform.calls.count();
  return { ok: outcome.ok && lanes.every(({ ok }) => ok), lanes, outcome };
}
