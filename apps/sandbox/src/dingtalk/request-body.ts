import type { IncomingHttpHeaders } from 'node:http';
import { parseObject } from '../http/body.js';
import { NewApiError, OldApiError } from './api-error.js';

/**
 * The parameters of a call. The old API takes JSON and forms, where nested values are JSON in a string; the new
 * one JSON only.
 * @throws OldApiError or NewApiError for a body that is neither.
 */
export function bodyOf(
  bytes: Buffer,
  headers: IncomingHttpHeaders,
  generation: 'old' | 'new',
): Record<string, unknown> {
  if (bytes.length === 0) return {};
  const type = headers['content-type'] ?? '';
  if (generation === 'old' && type.includes('application/x-www-form-urlencoded'))
    return Object.fromEntries([...new URLSearchParams(bytes.toString('utf8'))].map(unfolded));
  const body = type.includes('application/json') ? parseObject(bytes) : undefined;
  if (body !== undefined) return body;
  if (generation === 'old') throw new OldApiError(400002, 'the body is neither JSON nor a form');
  throw new NewApiError('invalidParameter', 'the body is not JSON');
}

function unfolded([name, value]: [string, string]): [string, unknown] {
  const nested = /^[[{]/.test(value) && name !== 'extension';
  if (!nested) return [name, value];
  try {
    return [name, JSON.parse(value)];
  } catch {
    return [name, value];
  }
}
