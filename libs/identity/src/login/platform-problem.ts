import { isConnectorError, type ErrorCode, type LocalizedText } from '@trainbridge/connector-kit';
import { LoginProblem } from './login-problem.js';

/** What a person reads when the platform, or our access to it, failed. What exactly it was stands in the log. */
export function platformProblem(code: ErrorCode, cause?: unknown): LoginProblem {
  const { status, detail } = OUTCOMES[code] ?? BROKEN;
  const retryAfterMs = isConnectorError(cause) ? cause.data.retryAfterMs : undefined;
  const headers =
    retryAfterMs === undefined ? undefined : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) };
  return new LoginProblem(code, 'platform', { status, detail, headers });
}

interface Outcome {
  /** Where the code's own status would blame the person who signs in. */
  status?: number;
  detail: LocalizedText;
}

const CODE_REFUSED: Outcome = {
  status: 400,
  detail: {
    en: 'The platform did not accept this sign-in any more. Please sign in again.',
    'zh-CN': '平台未接受此次登录（登录码可能已过期），请重新登录。',
  },
};

const NOT_SET_UP: Outcome = {
  status: 502,
  detail: {
    en: 'Sign-in is not set up completely: the platform refuses the training system. Please tell your administrator.',
    'zh-CN': '登录尚未配置完整：平台拒绝了培训系统的请求，请联系管理员。',
  },
};

/** Also what a connector says of a person the application may not see. */
const NOT_PERMITTED: Outcome = {
  status: 403,
  detail: {
    en: 'The platform does not let the training system see who you are: you may be outside the application’s visible range, or a permission is missing. Please tell your administrator.',
    'zh-CN': '平台未允许培训系统获取您的身份：您可能不在应用的可见范围内，或应用缺少权限，请联系管理员。',
  },
};

const BROKEN: Outcome = {
  detail: {
    en: 'Signing in did not work. Please try again; if it stays like this, tell your administrator.',
    'zh-CN': '登录失败，请重试；如仍然失败，请联系管理员。',
  },
};

const BUSY: Outcome = {
  detail: {
    en: 'The platform is busy or cannot be reached. Please try again in a moment.',
    'zh-CN': '平台繁忙或暂时无法访问，请稍后重试。',
  },
};

const OUTCOMES: Partial<Record<ErrorCode, Outcome>> = {
  input_invalid: CODE_REFUSED,
  not_found: CODE_REFUSED,
  auth_failed: NOT_SET_UP,
  permission_denied: NOT_PERMITTED,
  config_invalid: NOT_SET_UP,
  rate_limited: BUSY,
  unavailable: BUSY,
};
