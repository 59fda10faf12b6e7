import { isConnectorError, type Finding } from '@trainbridge/connector-kit';
import { readEmployees, type Context } from './api.js';

/**
 * What a deployer sees after saving the configuration: one finding per step, with advice that names the page to open.
 * Reads only. Goes on after a failed step where a further step tells more.
 */
export async function check(context: Context): Promise<Finding[]> {
  return [await checkEmployees(context), checkCallback(context)];
}

async function checkEmployees(context: Context): Promise<Finding> {
  try {
    // Proves address, credentials and permission at once: it needs the token and reads what the sync will read.
    const { total } = await readEmployees(context, { page: 1, size: 1 });
    return {
      step: 'employees',
      ok: true,
      message: { en: `${total} employees can be read.`, 'zh-CN': `可以读取 ${total} 名员工。` },
      data: { total },
    };
  } catch (error) {
    // Anything else is a bug of ours: not a finding.
    if (!isConnectorError(error)) throw error;
    return {
      step: 'employees',
      ok: false,
      message: { en: error.message, 'zh-CN': `无法读取员工：${error.message}` },
      // `classify` attached what to do about this error.
      ...(error.data.advice ? { advice: error.data.advice } : {}),
    };
  }
}

function checkCallback({ callbackUrl, config }: Context): Finding {
  if (callbackUrl !== null && config.webhookSecret !== undefined) {
    return {
      step: 'callback',
      ok: true,
      message: { en: `Changes are expected at ${callbackUrl}`, 'zh-CN': `变更将推送到 ${callbackUrl}` },
    };
  }
  return {
    step: 'callback',
    ok: false,
    message: {
      en: 'Changes will only be seen by the next full run.',
      'zh-CN': '变更只能在下一次全量同步时发现。',
    },
    advice:
      callbackUrl === null
        ? {
            en: 'Set PUBLIC_URL of this host to an https address.',
            'zh-CN': '请为本服务设置 https 的 PUBLIC_URL。',
          }
        : {
            en: 'Create a webhook under Administration → Webhooks and enter its secret here.',
            'zh-CN': '请在“管理 → Webhook”中创建回调，并在此填写其密钥。',
          },
  };
}
