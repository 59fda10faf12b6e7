import { failedFinding, say, type Finding } from '@trainbridge/connector-kit';
import { manifest } from '../manifest.js';

/** A failed step, told as this platform's. */
export function failed(step: string, error: unknown, en: string, zh: string): Finding {
  return failedFinding(step, error, manifest.name, say(en, zh));
}
