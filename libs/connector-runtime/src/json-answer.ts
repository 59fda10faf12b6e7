import { ConnectorError, type JsonValue } from '@trainbridge/connector-kit';

/** Deeper answers come from nobody honest, and would overflow the stack of whoever walks them. */
const MAX_DEPTH = 100;

/**
 * Parses a platform's answer. Removes what could reach an object's prototype (`__proto__`, `constructor.prototype`) and
 * refuses nesting beyond 100 levels. Rejects with `bad_response`, or `unavailable` from status 500 up.
 */
export function parseAnswer(bytes: Buffer, status: number, where: string): JsonValue {
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    throw notJson(text, status, where);
  }
  if (!isTame(value)) {
    throw new ConnectorError(
      'bad_response',
      `${where} answered JSON nested deeper than ${MAX_DEPTH} levels.`,
    );
  }
  return value;
}

function notJson(text: string, status: number, where: string): ConnectorError {
  const head = text.trimStart();
  const kind =
    head === ''
      ? 'an empty body'
      : head.startsWith('<')
        ? 'HTML or XML'
        : /^[[{]/.test(head)
          ? 'broken JSON'
          : 'text';
  const message = `${where} answered ${kind} where JSON was expected (status ${status}).`;
  if (status >= 500) return new ConnectorError('unavailable', message);
  if (status === 429) return new ConnectorError('rate_limited', message);
  if (status >= 300 && status < 400) {
    return new ConnectorError(
      'bad_response',
      `${where} answered a redirect (status ${status}); redirects are not followed. Check the address.`,
    );
  }
  return new ConnectorError('bad_response', message);
}

/** False when nested too deep; removes dangerous keys on the way. Iterative: hostile depth must not cost us the stack. */
function isTame(root: JsonValue): boolean {
  const stack: { value: JsonValue; depth: number }[] = [{ value: root, depth: 0 }];
  for (let entry = stack.pop(); entry; entry = stack.pop()) {
    const { value, depth } = entry;
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= MAX_DEPTH) return false;
    if (Array.isArray(value)) {
      for (const item of value) if (typeof item === 'object') stack.push({ value: item, depth: depth + 1 });
      continue;
    }
    for (const key of Object.keys(value)) {
      const item = value[key] as JsonValue;
      if (key === '__proto__' || (key === 'constructor' && reachesPrototype(item))) delete value[key];
      else if (typeof item === 'object') stack.push({ value: item, depth: depth + 1 });
    }
  }
  return true;
}

function reachesPrototype(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype');
}
