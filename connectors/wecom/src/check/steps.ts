import { isConnectorError, type Finding, type LocalizedText } from '@trainbridge/connector-kit';

/** A text for people, English and Chinese beside each other. */
export function say(en: string, zh: string): LocalizedText {
  return { en, 'zh-CN': zh };
}

export type Attempt<T> = { ok: true; value: T } | { ok: false; error: unknown };

/** An error of the platform becomes a value, so that the steps after it still run. */
export async function attempt<T>(action: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await action() };
  } catch (error) {
    // Anything else is a bug of ours, and hiding it in a finding would help nobody.
    if (!isConnectorError(error)) throw error;
    return { ok: false, error };
  }
}

/**
 * A failed step. WeCom's own words are English and long, so the message names its code, and `data` has the rest: what
 * support asks for. The advice for the code comes with the error.
 */
export function failed(step: string, error: unknown, en: string, zh: string): Finding {
  const data = isConnectorError(error) ? error.data : undefined;
  const { vendorCode, vendorMessage, vendorRequestId } = data ?? {};
  const why = vendorCode
    ? say(`WeCom answered ${vendorCode}.`, `企业微信返回错误码 ${vendorCode}。`)
    : say(data?.message ?? '', data?.message ?? '');
  return {
    step,
    ok: false,
    message: say(`${en} ${why.en}`, `${zh}${why['zh-CN']}`),
    ...(data?.advice ? { advice: data.advice } : {}),
    data: {
      code: data?.code ?? 'internal',
      ...(vendorCode ? { vendorCode } : {}),
      ...(vendorMessage ? { vendorMessage } : {}),
      ...(vendorRequestId ? { vendorRequestId } : {}),
    },
  };
}

/** Does this secret still get a token? */
export function tokenFinding(step: string, token: Attempt<unknown>, of: LocalizedText): Finding {
  if (!token.ok) {
    return failed(
      step,
      token.error,
      `The ${of.en} Secret gets no access token.`,
      `${of['zh-CN']} Secret 无法获取 access_token：`,
    );
  }
  return {
    step,
    ok: true,
    message: say(`The ${of.en} Secret works.`, `${of['zh-CN']} Secret 有效。`),
  };
}
