import type { Finding } from './capabilities.js';
import { isConnectorError } from './errors.js';
import type { LocalizedText } from './json.js';

/** A text for people, English and Chinese beside each other. */
export function say(en: string, zh: string): LocalizedText {
  return { en, 'zh-CN': zh };
}

export type Attempt<T> = { ok: true; value: T } | { ok: false; error: unknown };

/** An error of the platform becomes a value, so that the steps of a check after it still run. */
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
 * A failed step of a check. Platforms' own words change and mix languages, so the message names the platform's code, and
 * `data` has the rest: what its support asks for. The advice for the code comes with the error.
 *
 * @param platform the platform's name, as in the manifest
 * @param what what failed, as a sentence each
 */
export function failedFinding(
  step: string,
  error: unknown,
  platform: LocalizedText,
  what: LocalizedText,
): Finding {
  const data = isConnectorError(error) ? error.data : undefined;
  const { vendorCode, vendorMessage, vendorRequestId } = data ?? {};
  const why = vendorCode
    ? say(`${platform.en} answered ${vendorCode}.`, `${platform['zh-CN']}返回错误码 ${vendorCode}。`)
    : say(data?.message ?? '', data?.message ?? '');
  return {
    step,
    ok: false,
    message: say(`${what.en} ${why.en}`, `${what['zh-CN']}${why['zh-CN']}`),
    ...(data?.advice ? { advice: data.advice } : {}),
    data: {
      code: data?.code ?? 'internal',
      ...(vendorCode ? { vendorCode } : {}),
      ...(vendorMessage ? { vendorMessage } : {}),
      ...(vendorRequestId ? { vendorRequestId } : {}),
    },
  };
}
