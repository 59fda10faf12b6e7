import {
  attempt,
  isConnectorError,
  say,
  type Attempt,
  type ConnectorContext,
  type Finding,
} from '@trainbridge/connector-kit';
import { tokens, type DingtalkContext } from './api.js';
import { checkApprovals, checkCustomers, checkLogin, checkMessages, checkTodos } from './check/abilities.js';
import { checkCallback } from './check/callback.js';
import { checkPermissions, headCount, visibleRange } from './check/contacts.js';
import { readableFields } from './check/fields.js';
import { failed } from './check/steps.js';
import type { DingtalkConfig } from './config.js';
import { readRange, type ContactRange } from './directory/contact-range.js';
import { callerIp } from './errors/advice.js';
import { vendorCodeOf } from './errors.js';
import { idOf } from './values.js';

/** Looks at everything a deployer can have forgotten, and goes on after a failure where that tells more. Reads only. */
export async function check(context: ConnectorContext<DingtalkConfig>): Promise<Finding[]> {
  const findings: Finding[] = [];
  const token = await attempt(() => tokens.app.fetch(context));
  findings.push(tokenFinding(token));
  if (token.ok) {
    const range = await attempt(() => readRange(context));
    const outbound = outboundIp(range);
    findings.push(outbound);
    // An address that is refused, or no answer at all, would only be said again by every step that follows.
    if (outbound.ok) findings.push(...(await checkApp(context, range)));
  }
  findings.push(checkLogin(context), checkCallback(context), checkMessages(context));
  return findings;
}

async function checkApp(context: DingtalkContext, range: Attempt<ContactRange>): Promise<Finding[]> {
  const findings: Finding[] = [];
  let unionId: string | null = null;
  if (range.ok) {
    const { finding, person } = await checkPermissions(context, range.value);
    findings.push(finding, visibleRange(range.value), readableFields(person), await headCount(context));
    unionId = idOf(person?.unionid);
  } else {
    findings.push(
      failed('visible-range', range.error, 'The contact range cannot be read.', '无法读取通讯录权限范围：'),
    );
  }
  findings.push(
    await checkCustomers(context),
    await checkApprovals(context),
    await checkTodos(context, unionId),
  );
  return findings;
}

function tokenFinding(token: Attempt<unknown>): Finding {
  const step = 'token';
  if (!token.ok) {
    return failed(
      step,
      token.error,
      'Client ID and Client Secret get no access token.',
      'Client ID 与 Client Secret 无法获取 accessToken：',
    );
  }
  return {
    step,
    ok: true,
    message: say('Client ID and Client Secret work.', 'Client ID 与 Client Secret 有效。'),
  };
}

/** The list of allowed addresses is held against calls, not against fetching a token. */
function outboundIp(range: Attempt<ContactRange>): Finding {
  const step = 'outbound-ip';
  if (!range.ok && isConnectorError(range.error)) {
    const { vendorCode, vendorMessage = '', advice } = range.error.data;
    const code = vendorCodeOf(range.error) ?? '';
    if (code === '60020' || code.endsWith('.IpNotInWhiteList')) {
      const ip = callerIp(vendorMessage);
      return {
        step,
        ok: false,
        message: say(
          `DingTalk refuses calls from ${ip ?? 'this server'}: the address is not among the server egress IPs.`,
          `钉钉拒绝来自 ${ip ?? '本服务器'} 的调用：该 IP 不在服务器出口 IP 列表中。`,
        ),
        ...(advice ? { advice } : {}),
        ...(ip ? { data: { ip } } : {}),
      };
    }
    if (vendorCode === undefined)
      return failed(step, range.error, 'DingTalk could not be reached.', '无法连接钉钉：');
  }
  return {
    step,
    ok: true,
    message: say('DingTalk accepts calls from this server.', '钉钉接受来自本服务器的调用。'),
  };
}
