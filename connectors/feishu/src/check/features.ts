import { attempt, isConnectorError, say, type Finding } from '@trainbridge/connector-kit';
import type { FeishuContext } from '../api.js';
import { approvalCodesBetween } from '../api/approvals.js';
import { taskById } from '../api/tasks.js';
import { callbackKeys } from '../config.js';
import { scopeAdvice } from '../errors/advice.js';
import { failed } from './steps.js';

/** A task nobody has: the refusal tells whether tasks may be read at all. */
const NO_TASK = '00000000-0000-4000-8000-000000000000';
/** Codes of a missing scope. */
const NO_SCOPE = new Set(['99991672', '99991676', '99991679']);
const HOUR_MS = 3_600_000;

/** May the app keep to-dos? Not needed for people and logins, so a missing scope is told and fails nothing. */
export async function checkTodos(context: FeishuContext): Promise<Finding> {
  const step = 'todos';
  const probe = await attempt(() => taskById(context, NO_TASK));
  const code = !probe.ok && isConnectorError(probe.error) ? probe.error.data.vendorCode : undefined;
  if (code !== undefined && NO_SCOPE.has(code)) {
    return {
      step,
      ok: true,
      message: say(
        'The app may not work with tasks: learning does not appear as to-dos in Feishu.',
        '应用未开通任务权限：学习任务不会出现在飞书任务中。',
      ),
      advice: scopeAdvice(['task:task:write']),
    };
  }
  return {
    step,
    ok: true,
    message: say('The app may work with tasks.', '应用可使用飞书任务。'),
  };
}

/** Each approval definition that was named: is it there, and may the app read it? */
export async function checkApprovals(context: FeishuContext): Promise<Finding[]> {
  const codes = [...new Set(context.config.approvalCodes ?? [])];
  return Promise.all(codes.map((code) => checkApproval(context, code)));
}

async function checkApproval(context: FeishuContext, code: string): Promise<Finding> {
  const step = 'approval';
  const until = context.now();
  const read = await attempt(() =>
    approvalCodesBetween(context, { code, from: until - HOUR_MS, until, pageToken: null }),
  );
  if (!read.ok) return failed(step, read.error, `Approval ${code} cannot be read.`, `无法读取审批 ${code}：`);
  return { step, ok: true, message: say(`Approval ${code} can be read.`, `可读取审批 ${code}。`) };
}

/** How events reach this connection; what the console has, no API tells. */
export function checkEvents({ config, callbackUrl }: FeishuContext): Finding {
  const step = 'events';
  const { encryptKey, verificationToken } = callbackKeys(config);
  const hasKey = encryptKey !== undefined;
  if (!hasKey && verificationToken === undefined) {
    return {
      step,
      ok: true,
      message: say(
        'Events come over the long connection: for callbacks, this connection has neither Encrypt Key nor Verification Token.',
        '事件通过长连接接收：本连接未填写 Encrypt Key 或 Verification Token，不接受回调。',
      ),
      advice: say(
        'Developer console → your app → Events & Callbacks → Event configuration → receive events through a persistent connection; then add the contact events.',
        '请在 开发者后台 → 应用 → 事件与回调 → 事件配置 中选择“使用长连接接收事件”，并添加通讯录事件。',
      ),
    };
  }
  if (callbackUrl === null) {
    return {
      step,
      ok: true,
      message: say(
        'This host has no public URL, so events come over the long connection only.',
        '本系统没有公网地址，事件仅通过长连接接收。',
      ),
      advice: say(
        'Choose the persistent connection under Events & Callbacks, or set PUBLIC_URL.',
        '请在 事件与回调 中选择长连接，或设置 PUBLIC_URL。',
      ),
    };
  }
  return {
    step,
    ok: true,
    message: hasKey
      ? say(
          `Callbacks are accepted at ${callbackUrl}, encrypted and signed.`,
          `在 ${callbackUrl} 接收加密并签名的回调。`,
        )
      : say(
          `Callbacks are accepted at ${callbackUrl}, by their Verification Token alone.`,
          `在 ${callbackUrl} 接收回调，仅校验 Verification Token。`,
        ),
    ...(hasKey
      ? {}
      : {
          advice: say(
            'Recommended: set an Encrypt Key under Events & Callbacks → Encryption strategy, and enter it here.',
            '建议在 事件与回调 → 加密策略 中设置 Encrypt Key，并填入本连接。',
          ),
        }),
    data: { callbackUrl },
  };
}
