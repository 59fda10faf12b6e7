import { failedFinding, isConnectorError, say, type Finding } from '@trainbridge/connector-kit';
import { vendorCodeOf } from '../errors.js';
import { OUT_OF_RANGE } from '../errors/codes.js';
import { manifest } from '../manifest.js';

/** A failed step, told as this platform's. */
export function failed(step: string, error: unknown, en: string, zh: string): Finding {
  return failedFinding(step, error, manifest.name, say(en, zh));
}

/** Refused for want of a permission, rather than for looking at something outside the contact range. */
export function lacksPermission(error: unknown): boolean {
  return (
    isConnectorError(error) &&
    error.code === 'permission_denied' &&
    !OUT_OF_RANGE.has(vendorCodeOf(error) ?? '')
  );
}
