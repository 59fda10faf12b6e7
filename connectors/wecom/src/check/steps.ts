import {
  failedFinding,
  say,
  type Attempt,
  type Finding,
  type LocalizedText,
} from '@trainbridge/connector-kit';
import { manifest } from '../manifest.js';

/** A failed step, told as this platform's. */
export function failed(step: string, error: unknown, en: string, zh: string): Finding {
  return failedFinding(step, error, manifest.name, say(en, zh));
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
