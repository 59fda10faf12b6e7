import type { LocalizedText } from '@trainbridge/connector-kit';
import { ProblemError, type ProblemCode } from '@trainbridge/http-api';

/** Why a login came to nothing, for programs (`reason` of the problem document). */
export type LoginRefusal =
  | 'cancelled'
  | 'customer'
  | 'disabled'
  | 'expired'
  | 'no_login'
  | 'not_synced'
  | 'platform'
  | 'stranger'
  | 'too_many'
  | 'unknown_state';

interface LoginProblemDetails {
  detail: LocalizedText;
  status?: number;
  headers?: Record<string, string>;
}

/** A login that came to nothing, in words for the person at the browser. Never with a code, a state or a secret. */
export class LoginProblem extends ProblemError {
  /** Where the same login begins anew; null when that would not help. */
  retryUrl: string | null = null;

  constructor(
    code: ProblemCode,
    readonly reason: LoginRefusal,
    details: LoginProblemDetails,
  ) {
    super(code, { ...details, extensions: { reason } });
    this.name = 'LoginProblem';
  }

  withRetry(url: string): this {
    this.retryUrl = url;
    return this;
  }
}

/** The platform said who it is; this person may not come in. */
export function refused(reason: keyof typeof REFUSALS): LoginProblem {
  return new LoginProblem('forbidden', reason, { detail: REFUSALS[reason] });
}

const REFUSALS = {
  customer: {
    en: 'You signed in as an external contact. Only employees of the company can sign in here; please use the account of your own company.',
    'zh-CN': '您是以外部联系人身份登录的。此处仅限本企业员工登录，请使用您在本企业的账号。',
  },
  stranger: {
    en: 'The platform does not know you as a member of this company. Switch to the company account in the platform’s app, or ask your administrator to add you to the application’s visible range.',
    'zh-CN': '平台显示您不是该企业的成员。请在客户端中切换到本企业账号，或请管理员将您加入应用的可见范围。',
  },
  not_synced: {
    en: 'Your account has not arrived in the training system yet. Please try again later; if it stays like this, ask your administrator to run a sync and to check the application’s visible range.',
    'zh-CN':
      '您的账号尚未同步到培训系统。请稍后再试；如仍无法登录，请联系管理员执行同步，并检查应用的可见范围。',
  },
  disabled: {
    en: 'Your account is disabled in the training system. Please ask your administrator if this is a mistake.',
    'zh-CN': '您的账号已在培训系统中停用。如有疑问，请联系管理员。',
  },
} as const satisfies Partial<Record<LoginRefusal, LocalizedText>>;

export function unknownState(): LoginProblem {
  return new LoginProblem('invalid_request', 'unknown_state', {
    detail: {
      en: 'This sign-in was already finished, or was begun in another browser. Please go back to the training system and sign in again.',
      'zh-CN': '此次登录已完成，或是在其他浏览器中发起的。请返回培训系统重新登录。',
    },
  });
}

export function expiredState(): LoginProblem {
  return new LoginProblem('invalid_request', 'expired', {
    detail: {
      en: 'The sign-in took too long. Please begin again.',
      'zh-CN': '登录超时，请重新开始。',
    },
  });
}

export function cancelled(): LoginProblem {
  return new LoginProblem('forbidden', 'cancelled', {
    detail: {
      en: 'The platform says that the sign-in was cancelled or not allowed.',
      'zh-CN': '平台返回：登录已取消或未获授权。',
    },
  });
}

export function tooMany(seconds: number): LoginProblem {
  return new LoginProblem('rate_limited', 'too_many', {
    detail: {
      en: `Too many sign-ins from your network at the moment. Please try again in ${seconds} s.`,
      'zh-CN': `您所在网络的登录请求过多，请在 ${seconds} 秒后重试。`,
    },
    headers: { 'retry-after': String(seconds) },
  });
}

export function noLogin(): LoginProblem {
  return new LoginProblem('conflict', 'no_login', {
    detail: {
      en: 'The platform of this connection offers no sign-in.',
      'zh-CN': '该连接所属的平台不支持登录。',
    },
  });
}

export function noConnection(): LoginProblem {
  return new LoginProblem('conflict', 'no_login', {
    detail: {
      en: 'The training system has no connection through which people could sign in. Please tell your administrator.',
      'zh-CN': '该培训系统尚无可用于登录的连接，请联系管理员。',
    },
  });
}
