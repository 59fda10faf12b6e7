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
 * A failed step. Feishu's own words change and mix languages, so the message names its code, and `data` has the rest: what
 * support asks for. The advice for the code comes with the error.
 */
export function failed(step: string, error: unknown, en: string, zh: string): Finding {
  const data = isConnectorError(error) ? error.data : undefined;
  const { vendorCode, vendorMessage, vendorRequestId } = data ?? {};
  const why = vendorCode
    ? say(`Feishu answered ${vendorCode}.`, `飞书返回错误码 ${vendorCode}。`)
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
