import { isConnectorError, say, type Finding } from '@trainbridge/connector-kit';
import type { FeishuContext } from '../api.js';
import { subscribeApproval } from '../api/approvals.js';
import { vendorCodeOf } from '../errors.js';
import { failed } from '../check/steps.js';

/** "The subscription exists already" (approval-v4/approval/subscribe). */
const SUBSCRIBED = 1390007;

/** Approvals stay silent until each definition is subscribed once; subscribing again changes nothing. */
export async function activate(context: FeishuContext): Promise<Finding[]> {
  const codes = [...new Set(context.config.approvalCodes ?? [])];
  return Promise.all(codes.map((code) => subscribe(context, code)));
}

async function subscribe(context: FeishuContext, code: string): Promise<Finding> {
  const step = 'approval-events';
  try {
    await subscribeApproval(context, code);
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    if (vendorCodeOf(error) !== SUBSCRIBED)
      return failed(
        step,
        error,
        `Feishu does not send events of approval ${code}.`,
        `无法订阅审批 ${code} 的事件：`,
      );
  }
  return {
    step,
    ok: true,
    message: say(`Feishu sends events of approval ${code}.`, `已订阅审批 ${code} 的事件。`),
  };
}
