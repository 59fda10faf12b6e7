import { attempt, say, type Finding, type LocalizedText } from '@trainbridge/connector-kit';
import type { WecomContext } from '../api.js';
import { listApprovals } from '../api/approvals.js';
import { listFollowers } from '../api/customers.js';
import { trustedDomainAdvice } from '../errors/advice.js';
import { failed } from './steps.js';

/** How far back the approvals are looked at: it is only asked whether they may be. */
const AN_HOUR = 3_600;

/** May the app read customers? */
export async function checkCustomers(context: WecomContext): Promise<Finding> {
  const step = 'customers';
  const followers = await attempt(() => listFollowers(context));
  if (!followers.ok) {
    return unavailable(step, followers.error, {
      named: say('Customers', '客户（外部联系人）'),
      advice: say(
        'Only needed for customers as learners: admin console → Customer Contact → API → “apps that may call the API” → add your app.',
        '仅在需要培训客户时设置：管理后台 → 客户联系 → API → “可调用接口的应用” → 勾选本应用。',
      ),
    });
  }
  const members = followers.value.length;
  return {
    step,
    ok: true,
    message: say(
      `Customers can be read: ${members} members in the visible range may have some.`,
      `可读取客户：可见范围内有 ${members} 名成员开通了客户联系。`,
    ),
    data: { available: true, members },
  };
}

/** May the app read approvals? */
export async function checkApprovals(context: WecomContext): Promise<Finding> {
  const step = 'approvals';
  const until = Math.floor(context.now() / 1_000);
  const listed = await attempt(() => listApprovals(context, { from: until - AN_HOUR, until }, null, 1));
  if (!listed.ok) {
    return unavailable(step, listed.error, {
      named: say('Approvals', '审批'),
      advice: say(
        'Only needed where approvals assign learning: admin console → Approval → API → “apps that may call the API” → add your app.',
        '仅在审批触发培训时需要：管理后台 → 审批 → API → “可调用接口的应用” → 勾选本应用。',
      ),
    });
  }
  return {
    step,
    ok: true,
    message: say('Approvals can be read.', '可读取审批。'),
    data: { available: true },
  };
}

/**
 * Does WeCom send people back to us after a login? `trustedDomain` as the app tells it; null where it tells none. The
 * callback domain of the QR login cannot be read at all, so the advice names both pages.
 */
export function checkLogin(context: WecomContext, trustedDomain: string | null): Finding {
  const step = 'login';
  if (context.callbackUrl === null) {
    return {
      step,
      ok: true,
      message: say(
        'This host has no public address, so WeCom cannot send people back after a login.',
        '本系统没有公网地址，无法使用企业微信登录。',
      ),
      advice: say(
        'Set PUBLIC_URL and enter its host as trusted domain: admin console → App Management → your app → Web Authorization and JS-SDK.',
        '请设置 PUBLIC_URL，并在 管理后台 → 应用管理 → 自建应用 → 网页授权及JS-SDK 中将其域名设为可信域名。',
      ),
    };
  }
  const { host } = new URL(context.callbackUrl);
  const data = { host, ...(trustedDomain === null ? {} : { trustedDomain }) };
  if (trustedDomain === host) {
    return {
      step,
      ok: true,
      message: say(`${host} is the app’s trusted domain.`, `${host} 是应用的可信域名。`),
      data,
    };
  }
  return {
    step,
    ok: true,
    message:
      trustedDomain === null
        ? say(
            `WeCom does not tell whether ${host} is a trusted domain of the app.`,
            `无法读取 ${host} 是否为应用的可信域名。`,
          )
        : say(
            `The app’s trusted domain is ${trustedDomain}; in-app logins at ${host} will be refused.`,
            `应用的可信域名是 ${trustedDomain}，${host} 上的应用内登录会被拒绝。`,
          ),
    advice: trustedDomainAdvice(host),
    data,
  };
}

/** A company that does not use the feature loses nothing by a no, so a no is told with its advice and is no failure. */
function unavailable(
  step: string,
  error: unknown,
  { named, advice }: { named: LocalizedText; advice: LocalizedText },
): Finding {
  const finding = failed(step, error, `${named.en} cannot be read.`, `无法读取${named['zh-CN']}：`);
  return { ...finding, ok: true, advice, data: { ...finding.data, available: false } };
}
