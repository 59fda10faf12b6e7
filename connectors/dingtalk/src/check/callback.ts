import { say, type Finding } from '@trainbridge/connector-kit';
import type { DingtalkContext } from '../api.js';

/** By which way do changes come to us, if at all? Which way the console chose cannot be read. */
export function checkCallback(context: DingtalkContext): Finding {
  const step = 'callback';
  const { callbackToken, callbackAesKey } = context.config;
  const page = say(
    'developer console → App development → your app → Event subscription',
    '开发者后台 → 应用开发 → 企业内部应用 → 事件订阅',
  );
  if (Boolean(callbackToken) !== Boolean(callbackAesKey)) {
    const [has, lacks] = callbackToken
      ? ['callbackToken', 'callbackAesKey']
      : ['callbackAesKey', 'callbackToken'];
    return {
      step,
      ok: false,
      message: say(
        `\`${has}\` is set and \`${lacks}\` is not: a callback needs both.`,
        `已填写 \`${has}\`，但缺少 \`${lacks}\`：HTTP 推送需要成对填写。`,
      ),
      advice: say(
        `Copy both from ${page.en}, or clear both and choose Stream push there.`,
        `请从 ${page['zh-CN']} 复制这两项；或全部清空，并在该页面选择 Stream 推送。`,
      ),
    };
  }
  if (!callbackToken) {
    return {
      step,
      ok: true,
      message: say(
        'Events come by Stream: no public address is needed.',
        '通过 Stream 模式接收事件，无需公网地址。',
      ),
      advice: say(
        `Open ${page.en}, choose Stream push, save, and subscribe to the contact, approval and to-do events.`,
        `请打开 ${page['zh-CN']}，选择 Stream 模式推送并保存，再订阅通讯录、审批、待办相关事件。`,
      ),
      data: { delivery: 'stream' },
    };
  }
  if (context.callbackUrl === null) {
    return {
      step,
      ok: false,
      message: say(
        'A callback is configured and this host has no public address: DingTalk cannot reach it.',
        '已配置 HTTP 推送，但本系统没有公网地址，钉钉无法访问。',
      ),
      advice: say(
        'Set PUBLIC_URL to the https address of this host and start it again; or choose Stream push in the console, which needs none.',
        '请将 PUBLIC_URL 设为 https 公网地址并重启；或在控制台改用 Stream 模式推送。',
      ),
    };
  }
  return {
    step,
    ok: true,
    message: say('The event callback is configured.', '已配置事件回调。'),
    advice: say(
      `The address to save in ${page.en}: ${context.callbackUrl}`,
      `请在 ${page['zh-CN']} 保存回调地址：${context.callbackUrl}`,
    ),
    data: { delivery: 'callback', url: context.callbackUrl },
  };
}
