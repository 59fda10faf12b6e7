import { say, type Finding } from '@trainbridge/connector-kit';
import type { WecomContext } from '../api.js';
import { callbackPairs, type WecomConfig } from '../config.js';

/** Are changes told to us, or only found by the next full run? Nothing is called for it. */
export function checkCallback(context: WecomContext): Finding {
  const step = 'callback';
  const half = halfPair(context.config);
  if (half) {
    return {
      step,
      ok: false,
      message: say(
        `\`${half.has}\` is set and \`${half.lacks}\` is not: a callback needs both.`,
        `已填写 \`${half.has}\`，但缺少 \`${half.lacks}\`：接收事件需要成对填写。`,
      ),
      advice: say(
        'Copy Token and EncodingAESKey from the same page of the admin console.',
        '请从管理后台的同一页面复制 Token 和 EncodingAESKey。',
      ),
    };
  }
  const pairs = callbackPairs(context.config);
  const page = say(
    'admin console → Management Tools → Contacts Sync → Receive Events',
    '管理后台 → 管理工具 → 通讯录同步 → 设置接收事件服务器',
  );
  if (context.callbackUrl === null) {
    return {
      step,
      ok: pairs.length === 0,
      message: say(
        'This host has no public address, so WeCom cannot tell about changes; full runs find them.',
        '本系统没有公网地址，企业微信无法推送变更，只能依靠全量同步。',
      ),
      advice: say(
        'Set PUBLIC_URL to the https address under which WeCom reaches this host and start it again.',
        '请将 PUBLIC_URL 设为企业微信可访问的 https 地址并重启。',
      ),
    };
  }
  const data = { url: context.callbackUrl, pairs: pairs.map(({ source }) => source) };
  if (pairs.length === 0) {
    return {
      step,
      ok: true,
      message: say(
        'No callback is configured: joiners, movers and leavers are found by full runs only.',
        '未配置回调：入职、调动、离职只能在全量同步时发现。',
      ),
      advice: say(
        `Open ${page.en}, let it make a Token and an EncodingAESKey, enter both here as contactsCallbackToken and contactsCallbackAesKey, and only then save the URL ${context.callbackUrl} there.`,
        `请打开 ${page['zh-CN']}，随机生成 Token 与 EncodingAESKey，先填入 contactsCallbackToken、contactsCallbackAesKey 并保存，再在该页面保存 URL：${context.callbackUrl}`,
      ),
      data,
    };
  }
  if (!pairs.some(({ source }) => source === 'contacts')) {
    return {
      step,
      ok: true,
      message: say(
        'The app’s callback is configured; it tells who enters or leaves the visible range, but not who moves.',
        '已配置应用回调：可获知成员进入或离开可见范围，但无法获知部门变动。',
      ),
      advice: say(
        `For changes in the contacts configure the callback under ${page.en} as well.`,
        `如需通讯录变更，请同时在 ${page['zh-CN']} 配置回调。`,
      ),
      data,
    };
  }
  if (!pairs.some(({ source }) => source === 'app')) {
    return {
      step,
      ok: true,
      message: say('The callback of the contacts is configured.', '已配置通讯录回调。'),
      advice: say(
        `Customers and approvals are told by the app’s own callback only: admin console → App Management → your app → Receive Messages → Set API; enter its Token and EncodingAESKey here as callbackToken and callbackAesKey, then save the URL ${context.callbackUrl} there. Without it they are found by the next scheduled reading.`,
        `客户和审批事件只由应用回调推送：管理后台 → 应用管理 → 自建应用 → 接收消息 → 设置API接收；先将 Token、EncodingAESKey 填入 callbackToken、callbackAesKey，再保存 URL：${context.callbackUrl}。不设置则由定时任务发现变更。`,
      ),
      data,
    };
  }
  return {
    step,
    ok: true,
    message: say('Callbacks are configured.', '回调已配置。'),
    data,
  };
}

function halfPair(config: WecomConfig): { has: string; lacks: string } | undefined {
  const pairs = [
    ['callbackToken', 'callbackAesKey'],
    ['contactsCallbackToken', 'contactsCallbackAesKey'],
  ] as const;
  for (const [token, key] of pairs) {
    if (config[token] && !config[key]) return { has: token, lacks: key };
    if (config[key] && !config[token]) return { has: key, lacks: token };
  }
  return undefined;
}
