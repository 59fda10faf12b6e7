import { attempt, isConnectorError, say, type Finding, type LocalizedText } from '@trainbridge/connector-kit';
import type { DingtalkContext } from '../api.js';
import { listInstances } from '../api/approvals.js';
import { listContacts } from '../api/customers.js';
import { queryTodos } from '../api/todos.js';
import { permissionAdvice } from '../errors/advice.js';
import { failed, lacksPermission } from './steps.js';

/** How far back approvals are looked at: it is only asked whether they may be. */
const AN_HOUR_MS = 3_600_000;

/** May the app read external contacts? A company that has none loses nothing by a no, so a no is no failure. */
export async function checkCustomers(context: DingtalkContext): Promise<Finding> {
  const step = 'customers';
  const named = say('External contacts', '外部联系人');
  const contacts = await attempt(() => listContacts(context, 0, 1));
  if (contacts.ok) return available(step, named);
  return unavailable(step, contacts.error, named, permissionAdvice(['qyapi_ext_read', 'qyapi_ext_write']));
}

/** May the app work with to-dos? Seen on those of one person, whose unionId is null when there is nobody to look at. */
export async function checkTodos(context: DingtalkContext, unionId: string | null): Promise<Finding> {
  const step = 'todos';
  const named = say('To-dos', '待办');
  if (unionId === null) {
    return {
      step,
      ok: true,
      message: say('There is nobody whose to-dos could be looked at yet.', '暂无可用于检查待办权限的成员。'),
    };
  }
  const asked = await attempt(() => queryTodos(context, unionId));
  if (asked.ok) return available(step, named);
  return unavailable(step, asked.error, named, permissionAdvice(['Todo.Todo.Read', 'Todo.Todo.Write']));
}

/** Every configured form is asked for: one that cannot be read would be missed without a word. */
export async function checkApprovals(context: DingtalkContext): Promise<Finding> {
  const step = 'approvals';
  const codes = context.config.processCodes ?? [];
  if (codes.length === 0) {
    return {
      step,
      ok: true,
      message: say('No approval form is configured.', '未配置审批模板。'),
      advice: say(
        'Only needed where approvals ask for learning: enter the forms’ codes as `processCodes`, and apply for `Workflow.Instance.Read`.',
        '仅在审批触发培训时需要：请将模板的 processCode 填入 `processCodes`，并申请 `Workflow.Instance.Read` 权限。',
      ),
      data: { available: false },
    };
  }
  const to = context.now();
  const window = { from: to - AN_HOUR_MS, to };
  for (const processCode of codes) {
    const listed = await attempt(() => listInstances(context, { processCode, ...window }, 0, 1));
    if (listed.ok) continue;
    const finding = failed(
      step,
      listed.error,
      `The approvals of ${processCode} cannot be listed.`,
      `无法查询模板 ${processCode} 的审批：`,
    );
    const isUnnamed = lacksPermission(listed.error) && finding.advice === undefined;
    return isUnnamed ? { ...finding, advice: permissionAdvice(['Workflow.Instance.Read']) } : finding;
  }
  return {
    step,
    ok: true,
    message: say(
      `The approvals of ${codes.length} forms can be read.`,
      `可读取 ${codes.length} 个模板的审批。`,
    ),
    data: { available: true, forms: codes.length },
  };
}

/** Work notifications: whether `agentId` is right, only a message would show. */
export function checkMessages(context: DingtalkContext): Finding {
  const step = 'messages';
  if (context.config.agentId !== undefined) {
    return {
      step,
      ok: true,
      message: say('Work notifications are sent by the app’s `agentId`.', '将使用 `agentId` 发送工作通知。'),
    };
  }
  return {
    step,
    ok: true,
    message: say(
      'Without `agentId` no work notification can be sent.',
      '未填写 `agentId`，无法发送工作通知。',
    ),
    advice: say(
      'Only needed for results as messages: developer console → App development → your app → Credentials and basic information.',
      '仅在以消息回写结果时需要：开发者后台 → 应用开发 → 企业内部应用 → 凭证与基础信息。',
    ),
  };
}

/** Where DingTalk sends people after a login; which addresses are registered there cannot be read. */
export function checkLogin(context: DingtalkContext): Finding {
  const step = 'login';
  if (context.callbackUrl === null) {
    return {
      step,
      ok: true,
      message: say(
        'This host has no public address, so DingTalk cannot send people back after a login.',
        '本系统没有公网地址，无法使用钉钉登录。',
      ),
      advice: say(
        'Set PUBLIC_URL, and register the login address of this connection in the developer console → your app → Security settings → redirect URL.',
        '请设置 PUBLIC_URL，并在 开发者后台 → 应用 → 安全设置 → 重定向 URL 中登记本连接的登录回调地址。',
      ),
    };
  }
  const { host } = new URL(context.callbackUrl);
  return {
    step,
    ok: true,
    message: say(
      `Logins come back to ${host}. DingTalk does not tell whether the address is registered.`,
      `登录将回到 ${host}。钉钉不提供该地址是否已登记的查询。`,
    ),
    advice: say(
      `Register the redirect URL on ${host}: developer console → your app → Security settings. The app also needs \`Contact.User.Read\` (personal information of the contact book).`,
      `请在 开发者后台 → 应用 → 安全设置 → 重定向 URL 中登记 ${host} 上的回调地址，并申请 \`Contact.User.Read\`（通讯录个人信息读权限）。`,
    ),
    data: { host },
  };
}

function available(step: string, named: LocalizedText): Finding {
  return {
    step,
    ok: true,
    message: say(`${named.en} can be read.`, `可读取${named['zh-CN']}。`),
    data: { available: true },
  };
}

/** "Not allowed" is told as something to set up; whatever else went wrong is a failure. */
function unavailable(step: string, error: unknown, named: LocalizedText, advice: LocalizedText): Finding {
  if (!lacksPermission(error)) {
    return failed(step, error, `${named.en} cannot be read.`, `无法读取${named['zh-CN']}：`);
  }
  const data = isConnectorError(error) ? error.data : undefined;
  return {
    step,
    ok: true,
    message: say(`${named.en} are not open to this app.`, `本应用未开通${named['zh-CN']}接口。`),
    // DingTalk's own words name what is missing, as a rule.
    advice: data?.advice ?? advice,
    data: { available: false, ...(data?.vendorCode ? { vendorCode: data.vendorCode } : {}) },
  };
}
