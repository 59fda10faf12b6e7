import {
  isJsonObject,
  type Classification,
  type ErrorCode,
  type HttpResponse,
  type LocalizedText,
} from '@trainbridge/connector-kit';

/** The platform's error names and what they mean to the host. The code alone decides who acts and whether to retry. */
const MEANING: Record<string, { code: ErrorCode; advice?: LocalizedText }> = {
  bad_client: {
    code: 'auth_failed',
    advice: {
      en: 'Check client and secret under Administration → API clients.',
      'zh-CN': '请在“管理 → API 客户端”中核对客户端和密钥。',
    },
  },
  forbidden: {
    code: 'permission_denied',
    advice: {
      en: 'Give the API client the right "read employees".',
      'zh-CN': '请为该 API 客户端授予“读取员工”权限。',
    },
  },
  not_found: { code: 'not_found' },
  too_many_requests: { code: 'rate_limited' },
  maintenance: { code: 'unavailable' },
};

/**
 * Called by the host for every JSON answer, before anybody sees it. This OA says 200 with `ok: false` inside, as most of
 * these platforms do, so the status alone tells nothing. Pure: no calls, no clock.
 */
export function classify({ status, body }: HttpResponse): Classification {
  if (isJsonObject(body) && body['ok'] === true) return { outcome: 'ok' };
  if (!isJsonObject(body) || typeof body['error'] !== 'string') {
    // Not this OA's form at all: a gateway in between, most likely.
    return { outcome: 'error', code: status >= 500 ? 'unavailable' : 'bad_response' };
  }
  const vendor = {
    vendorCode: body['error'],
    ...(typeof body['message'] === 'string' ? { vendorMessage: body['message'] } : {}),
    ...(typeof body['requestId'] === 'string' ? { vendorRequestId: body['requestId'] } : {}),
  };
  // The host fetches a new token, once for everybody who waits, and tries this call once more.
  if (body['error'] === 'token_expired') return { outcome: 'token_expired', ...vendor };
  const meaning = MEANING[body['error']] ?? {
    code: status >= 500 ? ('unavailable' as const) : ('bad_response' as const),
  };
  return { outcome: 'error', ...meaning, ...vendor };
}
