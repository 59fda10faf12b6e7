import { registerDecorator, type ValidationOptions } from 'class-validator';

const MOST = 20;
const NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
/** Visible ASCII, spaces and tabs inside: what HTTP lets a header hold without anything to decode. */
const VALUE = /^[\x21-\x7e]([\x20-\x7e\t]{0,2046}[\x21-\x7e])?$/;
const OURS = new Set([
  'host',
  'connection',
  'content-length',
  'content-type',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
]);

/** Up to 20 headers of the subscriber's own; never one that HTTP or Standard Webhooks needs. */
export function IsOwnHeaders(options?: ValidationOptions): PropertyDecorator {
  return (target, propertyName) =>
    registerDecorator({
      name: 'isOwnHeaders',
      target: target.constructor,
      propertyName: propertyName as string,
      options: {
        message: `must be an object of at most ${MOST} headers with printable ASCII values, without those that HTTP or the signature need`,
        ...options,
      },
      validator: { validate: isOwnHeaders },
    });
}

export function isOwnHeaders(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  if (entries.length > MOST) return false;
  const names = new Set(entries.map(([name]) => name.toLowerCase()));
  return (
    names.size === entries.length && entries.every(([name, text]) => isOwnHeader(name.toLowerCase(), text))
  );
}

function isOwnHeader(name: string, value: unknown): boolean {
  return (
    NAME.test(name) &&
    !OURS.has(name) &&
    !name.startsWith('webhook-') &&
    typeof value === 'string' &&
    VALUE.test(value)
  );
}
